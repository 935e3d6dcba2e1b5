"""Long work for one visitor: done in the background piece by piece, with progress, and stopped when not wanted."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import torch

from playground.server import is_connected, page_is_running

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 0.5
NAP_SECONDS = 0.01


@dataclass
class Job:
    """Pieces of work in order, and the results so far."""

    about: str  # what it was asked to do; another question is another job
    pieces: Sequence[Callable[[], Any]]
    results: list[Any] = field(default_factory=list)
    stopped: bool = False
    failure: str | None = None

    @property
    def moving(self) -> bool:
        """Whether there is something left to do, and nobody has stopped it."""
        return not self.stopped and self.failure is None and len(self.results) < len(self.pieces)


_jobs: dict[str, Job] = {}
_worker = ThreadPoolExecutor(1, thread_name_prefix="jobs", initializer=lambda: torch.set_num_threads(1))
_lock = threading.Lock()


def start(owner: str, about: str, pieces: Iterable[Callable[[], Any]]) -> None:
    """Begin a job in place of the owner's last one; jobs of all owners wait in one line."""
    job = Job(about, list(pieces))
    with _lock:
        for gone in [other for other in _jobs if other == owner or not is_connected(other)]:
            _jobs.pop(gone).stopped = True
        _jobs[owner] = job
    _worker.submit(_work, job)


def of(owner: str, about: str) -> Job | None:
    """Return the owner's job if it is about this, else None."""
    job = _jobs.get(owner)
    return job if job is not None and job.about == about else None


def stop(owner: str) -> None:
    """Stop the owner's job after the piece in hand; the results so far stay."""
    job = _jobs.get(owner)
    if job is not None:
        job.stopped = True


def _work(job: Job) -> None:
    for piece in job.pieces:
        patience = time.monotonic() + PATIENCE_SECONDS
        while page_is_running() and time.monotonic() < patience:  # see RunPool: beside pages it would slow them down
            time.sleep(NAP_SECONDS)
        if job.stopped:
            return
        try:
            job.results.append(piece())
        except Exception as error:
            log.exception("a job has failed")
            job.failure = f"{type(error).__name__}: {error}"
            return
