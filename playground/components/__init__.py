"""What pages are made of: charts, tables, controls, numbers and words, colours and style."""
