"""`python -m rnncore`: the command line."""

import sys

from rnncore.cli import main

if __name__ == "__main__":
    sys.exit(main())
