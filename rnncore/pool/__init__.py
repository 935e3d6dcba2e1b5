"""A pool that shares the processor fairly among everybody's races."""
