"""Live parts: the process's pool of runs with its janitor, background work, and views that draw themselves anew."""
