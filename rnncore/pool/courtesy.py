"""Workers give way to pages: one that computes beside them slows them down far more than the time it takes."""

import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 0.2
NAP_SECONDS = 0.008


class Courtesy:
    """Lets workers wait while others have work, but for half of the time at the most.

    Parameters
    ----------
    others_wait
        Tells whether somebody else in this process has work for Python right now; None if nobody ever has.
    """

    def __init__(self, others_wait: Callable[[], bool] | None) -> None:
        self._others_wait = others_wait
        self._one_at_a_time = threading.Lock()
        self._again = 0.0  # not before this moment

    def give_way(self) -> None:
        """Wait while others have work, but never for long: training goes on however busy the pages are.

        Workers wait one behind the other, so that only one of them keeps looking.
        """
        began = time.perf_counter()
        if self._others_wait is None or began < self._again or not self._others_wait():
            return
        with self._one_at_a_time:
            patience = time.perf_counter() + PATIENCE_SECONDS
            while self._others_wait() and time.perf_counter() < patience:
                time.sleep(NAP_SECONDS)
            ended = time.perf_counter()
            self._again = ended + (ended - began)
