"""`python -m rnncore`: the command line."""

import sys

from rnncore.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
