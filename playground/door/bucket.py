"""A measure of how much somebody may do: so much at once, and so much a second for long."""


class Bucket:
    """Fills by `rate` a second up to `burst`; whoever takes more than is in it waits for the rest.

    Parameters
    ----------
    rate
        What comes in a second.
    burst
        What it holds; full at first.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._level, self._at = float(burst), 0.0

    def level(self, now: float) -> float:
        """Return what is in it; below 0 where it has been promised to others already."""
        if self._at:
            self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        return self._level

    def wait(self, now: float, amount: float = 1) -> float:
        """Return the seconds until so much would be there, without taking it."""
        return max(0.0, (amount - self.level(now)) / self.rate)

    def take(self, now: float, amount: float = 1) -> float:
        """Take so much, and return the seconds after which it is there."""
        wait = self.wait(now, amount)
        self._level -= amount
        return wait

    def charge(self, now: float, amount: float, least: float) -> None:
        """Take so much without waiting for it, but leave no less than `least`, which may be below 0."""
        there = self.level(now)
        self._level = there - max(0.0, min(amount, there - least))

    def full(self, now: float) -> bool:
        """Return whether nobody has taken anything lately."""
        return self.level(now) >= self.burst
