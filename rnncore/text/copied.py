"""The longest stretch of a text that a network copied from its training text."""


def longest_copy(written: str, source: str) -> str:
    """Return the longest stretch of `written` that stands in `source` word for word; the first of equals.

    Whatever is not longer than the best so far is never looked at, so `source` is searched about
    `len(written)` times.
    """
    best, start = "", 0
    while start + len(best) < len(written):
        longer = written[start : start + len(best) + 1]
        if longer in source:
            best = longer
        else:
            start += 1
    return best
