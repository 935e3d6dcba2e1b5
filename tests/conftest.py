"""What holds for all tests: one thread per operation, so that they do not fight over the cores; and pages to open."""

import sys
from pathlib import Path

import pytest
import torch

torch.set_num_threads(1)

ROOT = Path(__file__).parents[1]
# pytest puts tests/ on the path, where the folders rnncore and playground would pass for the packages
# that an editable install finds last.
sys.path.insert(0, str(ROOT))


@pytest.fixture
def open_page():
    """Return a function that opens a page cold, in a session of its own, and runs it once; frees its race after.

    All drawers are open, so that every control is there.
    """
    from streamlit.testing.v1 import AppTest

    from playground.live import process
    from playground.train.sidebar import DRAWERS

    def open_page(file: str = "playground/app.py", **query: str):
        app = AppTest.from_file(str(ROOT / file), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        for drawer in ("task", *DRAWERS, "share", "lines", "more", "cards", "inspect"):
            for page in ("train", "gradients", "shakespeare", "learning", "cell"):
                app.session_state[f"{page}.drawer.{drawer}"] = True
        return app.run()

    yield open_page
    pool = process.pool()
    pool.release(pool.owners())
