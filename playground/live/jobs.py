"""Long work for one visitor: done in the background piece by piece, with progress, and stopped when not wanted."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.live.process import pool
from playground.session.owned import Owned
from rnncore.pool.entry import Measurement

log = logging.getLogger(__name__)


@dataclass
class Job:
    """Pieces of work in order, and the results so far."""

    owner: str
    visitor: str
    about: str  # what it was asked to do; another question is another job
    pieces: Sequence[Callable[[], Any]]
    results: list[Any] = field(default_factory=list)
    stopped: bool = False
    failure: str | None = None
    asked: Measurement[None] | None = None  # the piece in hand, or the next one

    @property
    def moving(self) -> bool:
        """Whether there is something left to do, and nobody has stopped it."""
        return not self.stopped and self.failure is None and len(self.results) < len(self.pieces)


def start(owner: str, visitor: str, about: str, pieces: Iterable[Callable[[], Any]]) -> None:
    """Begin a job in place of the owner's last one; the pool's workers do its pieces when it is the visitor's turn."""
    job = Job(owner, visitor, about, list(pieces))
    _jobs.put(owner, job)
    _go_on(job)


def of(owner: str, about: str) -> Job | None:
    """Return the owner's job if it is about this, else None."""
    job = _jobs.get(owner)
    return job if job is not None and job.about == about else None


def stop(owner: str) -> None:
    """Stop the owner's job after the piece in hand; the results so far stay."""
    job = _jobs.get(owner)
    if job is not None:
        _end(job)


def _end(job: Job) -> None:
    job.stopped = True
    if job.asked is not None:
        pool().withdraw(job.asked)


_jobs = Owned(_end)


def _go_on(job: Job) -> None:
    """Ask for the next piece, unless the owner's tab has closed."""
    if job.asked is not None and job.asked.dropped:
        job.stopped = True
    if job.moving:
        job.asked = pool().ask(job.owner, job.visitor, lambda: _work(job))


def _work(job: Job) -> None:
    if not job.moving:
        return
    try:
        job.results.append(job.pieces[len(job.results)]())
    except Exception as error:
        log.exception("a job has failed")
        job.failure = f"{type(error).__name__}: {error}"
    _go_on(job)
