"""Parts of pages: charts, tables, controls, numbers and words, colours and style."""
