"""Tasks in which the network reads little and writes a sequence of its own."""
