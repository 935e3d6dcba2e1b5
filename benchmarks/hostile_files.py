"""Bad model files, flipped, cut and crafted: how many are taken in silence, and what it costs to refuse the others.

python -m benchmarks.hostile_files
"""

import argparse

import torch

from tests.support.hostile_files import MEGABYTES, SECONDS, measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile_files", description=str(__doc__).split("\n")[0])
    parser.add_argument("--flips", type=int, default=200, help="of each kind (default: %(default)s)")
    parser.add_argument("--cuts", type=int, default=50, help="of each kind (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    found = measure(options.flips, options.cuts)
    print(f"{found.tried:,} files; accepted {len(found.accepted)}, not told in one sentence {len(found.unclear)}, "
          f"over {SECONDS:g} s {len(found.slow)}, over {MEGABYTES:g} MB {len(found.large)}; "
          f"at most {found.seconds:.2f} s and {found.megabytes:.0f} MB")  # fmt: skip
    for line in (*found.accepted, *found.unclear, *found.slow, *found.large):
        print(" ", line)


if __name__ == "__main__":
    main()
