"""What a tab has asked its server for, and when it was answered."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Request:
    """A rerun that was sent and not answered yet; `answered` is None for the ticks of a live fragment."""

    sent: float
    fragment: str
    answered: asyncio.Future[float] | None


@dataclass(eq=False, slots=True)
class Requests:
    """All that was asked for and is not answered yet, by the run of the page that is to answer it.

    Attributes
    ----------
    lost
        Requests for the page whose end the server never told, since a run of a fragment came in between.
    """

    lost: int = 0
    _waiting: list[Request] = field(default_factory=list)
    _running: dict[str, list[Request]] = field(default_factory=dict)
    _replaced: list[Request] = field(default_factory=list)
    _replaced_at: float = 0.0

    @property
    def runs(self) -> bool:
        """Whether any run of the page or of a fragment is going on."""
        return bool(self._running)

    def sent(self, request: Request) -> None:
        """Take note of a request."""
        self._waiting.append(request)

    def begin(self, run: str, fragments: Sequence[str]) -> None:
        """A run begins: everything asked for before, and concerned by it, will be answered by it."""
        unfinished = [request for part in self._running.values() for request in part]
        replaced, self._replaced = self._replaced, []
        if fragments:
            of_page = [request for request in unfinished if not request.fragment]
            self.lost += bool(of_page)
            _answer(of_page, time.perf_counter())
            _answer(replaced, self._replaced_at)
            waiting = [request for request in unfinished if request.fragment] + self._waiting
            self._waiting = [request for request in waiting if request.fragment not in fragments]
            self._running = {run: [request for request in waiting if request.fragment in fragments]}
        else:
            self._waiting, self._running = [], {run: [*replaced, *unfinished, *self._waiting]}

    def finish(self, run: str) -> list[Request]:
        """A run ends: return its requests, which are then to be answered or kept for the next one."""
        found = self._running.pop(run, [])
        if not run:  # the server gave up whatever was running
            found = [request for part in self._running.values() for request in part]
            self._running = {}
        return found

    def answer(self, requests: Sequence[Request]) -> None:
        """Tell whoever waits for these that the page is complete."""
        _answer(requests, time.perf_counter())

    def keep(self, requests: Sequence[Request]) -> None:
        """Let these wait for the next run, which replaces theirs."""
        self._replaced, self._replaced_at = list(requests), time.perf_counter()

    def fail(self, reason: str) -> None:
        """Tell whoever waits that there will be no answer."""
        for request in [*self._waiting, *self._replaced, *(each for part in self._running.values() for each in part)]:
            if request.answered is not None and not request.answered.done():
                request.answered.set_exception(ConnectionError(reason))
        self._waiting, self._replaced, self._running = [], [], {}


def _answer(requests: Sequence[Request], moment: float) -> None:
    for request in requests:
        if request.answered is not None and not request.answered.done():
            request.answered.set_result(moment - request.sent)
