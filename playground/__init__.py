"""The web layer: everything that knows Streamlit."""

import os

# One thread per operation: the pool has a worker per core already. PyTorch reads this when it is first imported,
# and only so does it hold for every thread that Streamlit starts.
os.environ.setdefault("OMP_NUM_THREADS", "1")
