"""The distance within which a forecast counts as right, one that means something at any scale."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Closeness:
    """The error that counts as near enough, and what somebody without a memory gets right by it.

    Attributes
    ----------
    tolerance
        Half of what the guess is typically off, in two digits, in the unit of the errors.
    guess
        The better of those who know at most the last value.
    errors
        How far it is off on each held-out window: ``(windows,)``.
    """

    tolerance: float
    guess: str
    errors: Tensor


def closeness(errors: Mapping[str, Tensor]) -> Closeness:
    """Return the distance at which a guess without a memory is right about once in four, whatever the scale.

    A fixed one soon says nothing: within 1 % of a stock index everybody is right every other week. Typically off: the
    median, or the mean where more than half of the errors are 0.

    Parameters
    ----------
    errors
        What each guess is off on each held-out window, by name.
    """
    typical = {name: float(each.median()) for name, each in errors.items()}
    if not min(typical.values()):
        typical = {name: float(each.mean()) for name, each in errors.items()}
    guess = min(typical, key=lambda name: typical[name])
    return Closeness(float(f"{(typical[guess] or 1.0) / 2:.2g}"), guess, errors[guess])
