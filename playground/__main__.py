"""Start the app: `python -m playground [streamlit options]`. Warms PyTorch first, so nobody waits for it."""

import os
import sys
from pathlib import Path

from streamlit.web import cli

from playground import recorded

if __name__ == "__main__":
    recorded.race()
    app = Path(__file__).with_name("app.py")
    root = app.parent.parent
    options = sys.argv[1:]
    sys.argv = ["streamlit", "run", str(app), *options]
    os.chdir(root)
    cli.main()
