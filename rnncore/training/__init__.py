"""Training: runs and races, their history, their limits, and what they keep in memory."""
