"""Waiting in tests: for something that will hold, and never for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0


def until(
    true: Callable[[], T], what: str = "", *, seconds: float = PATIENCE, meanwhile: Callable[[], object] | None = None
) -> T:
    """Wait until something holds and return it; `meanwhile` is done between two looks."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"never came: {what or true}"
        time.sleep(0.01)
        if meanwhile is not None:
            meanwhile()
    return found
