"""Live views: one thread draws what has moved, on all open pages, and sends it without running any page.

A fragment that asks to be run four times a second costs the server 6 ms each time, whether anything has moved or not:
a message in, a thread, a description of the whole app out. With 30 viewers that was four fifths of what Python can do.
Here nothing is asked for and nothing is sent until something has moved.
"""

import contextvars
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.live.process import page_turn
from playground.live.slot import Slot
from playground.session import faults
from playground.streamlit_internals.live_views import Message, draw_for, send
from playground.streamlit_internals.sessions import Script, app_session, script
from rnncore.caching.once import once

KEPT_SECONDS = 150  # Streamlit forgets a lost session after 120
REST_SECONDS = 0.001  # between two views, so that pages that wait for their turn get it

log = logging.getLogger(__name__)


@dataclass(eq=False)
class View:
    """The live view of one open page.

    `draw` fills the slots and returns whether the whole page should be run again; `seconds` is the time until it is
    called next; `seen` is when somebody was last there to see it; `script` and `context` say, in Streamlit's terms,
    which page and which place on it are meant; `place` is where an error is said.
    """

    draw: Callable[[], bool]
    seconds: Callable[[], float]
    slots: Sequence[Slot]
    script: Script
    context: contextvars.Context
    place: DeltaGenerator
    due: float
    seen: float = field(default_factory=time.monotonic)
    sent: list[Message] = field(default_factory=list)

    def refresh(self) -> bool:
        """Draw, collect what is to be sent, and return whether the whole page should be run again."""
        self.sent = draw_for(self.script)
        return self.draw()

    def say(self, error: Exception) -> None:
        """Draw in the place for errors that the view stands still, and collect what is to be sent."""
        self.sent = draw_for(self.script)
        with self.place:
            faults.show(error)

    def forget(self) -> None:
        """Draw everything at the next refresh, because what was sent last may not have come."""
        for slot in self.slots:
            slot.forget()


class LiveUpdater:
    """Refreshes the live views of all sessions, one after the other, each at its own pace."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._loop, name="live-updater", daemon=True).start()

    def begin(self, draw: Callable[[], bool], seconds: Callable[[], float], slots: Sequence[Slot]) -> None:
        """Keep the page that is being run live from now on, until its next run."""
        run = script()
        if run is None:
            return
        place = st.empty()
        view = View(draw, seconds, slots, run, contextvars.copy_context(), place, time.monotonic() + seconds())
        with self._changed:
            self._views[run.session_id] = view
            self._changed.notify()

    def end(self, session: str) -> None:
        """Forget a session's live view: its page is run again, or nobody has it open any more."""
        with self._changed:
            self._views.pop(session, None)

    def __len__(self) -> int:
        return len(self._views)

    def _loop(self) -> None:
        while True:
            with self._changed:
                if not self._views:
                    self._changed.wait()
                    continue
                session, view = min(self._views.items(), key=lambda item: item[1].due)
                if (early := view.due - time.monotonic()) > 0:
                    self._changed.wait(early)
                    continue
            try:
                self._refresh(session, view)
                every = view.seconds()
                view.due += every * max(1, math.ceil((time.monotonic() - view.due) / every))  # late ones are left out
            except Exception as error:
                self._stop(session, view, error)
            if page_turn.queue:
                time.sleep(REST_SECONDS)

    def _refresh(self, session: str, view: View) -> None:
        of = app_session(session)
        if of is None:  # the connection is lost; what was on its way may be, too
            view.forget()
            if time.monotonic() - view.seen > KEPT_SECONDS:
                self.end(session)
            return
        view.seen = time.monotonic()
        with page_turn:
            if self._views.get(session) is not view:
                return
            again = view.context.run(view.refresh)
        if again or view.sent:
            send(of, view.sent, run_page=again, lost=view.forget)

    def _stop(self, session: str, view: View, error: Exception) -> None:
        """Let a view that has met an error stand still until its page is run again, and say so on the page."""
        faults.report(error)
        self.end(session)
        of = app_session(session)
        if of is None:
            return
        try:
            with page_turn:
                view.context.run(view.say, error)
            send(of, view.sent, run_page=False, lost=view.forget)
        except Exception:
            log.exception("a live view could not say that it met an error")


@once
def live_updater() -> LiveUpdater:
    """Return the live updater of this process."""
    return LiveUpdater()
