"""Networks built from cells: one that answers step by step, and one that reads first and then writes."""
