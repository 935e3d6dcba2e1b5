"""Pace: how fast something learns, as measured over the last seconds."""

from collections import deque

WINDOW_SECONDS = 10.0
APART_SECONDS = 0.25  # between two marks, so that they stay few
LEAST_SECONDS = 1.0  # a shorter stretch tells too little


class Pace:
    """Marks of how many updates had been done when, over the last ten seconds at one speed."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._speed = ""

    def clear(self) -> None:
        """Forget all marks: what comes now does not go on from what was."""
        self._marks.clear()

    def note(self, now: float, done: int, speed: str) -> None:
        """Mark that so many updates have been done at this moment; another speed begins anew."""
        if speed != self._speed:
            self._speed = speed
            self.clear()
        if self._marks and now - self._marks[-1][0] < APART_SECONDS:
            return
        self._marks.append((now, done))
        while now - self._marks[0][0] > WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()

    def seconds_for(self, updates: int) -> float | None:
        """Return how long so many updates will take at this pace; None as long as it is not known."""
        marks = list(self._marks)  # a worker may add one meanwhile
        if len(marks) < 2:
            return None
        (first, before), (last, after) = marks[0], marks[-1]
        return updates * (last - first) / (after - before) if last - first >= LEAST_SECONDS and after > before else None
