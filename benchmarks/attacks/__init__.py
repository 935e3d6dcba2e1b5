"""What somebody hostile does to the app, and what the other visitors feel of it.

    python -m benchmarks.attacks                # all, one after the other
    python -m benchmarks.attacks flood paths

An attack is a plain function `attack(url, seconds) -> Attempt`, listed in `ATTACKS` of `benchmarks.attacks.every`.
`benchmarks.attacks.others.measure(url, name)` runs one from a process of its own and returns an `Outcome`.
"""
