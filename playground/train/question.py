"""A visitor's own question, beside the networks' answers: its box, and what all networks reply, while they learn."""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from playground.components.drawing_pad import pad
from playground.components.reserved import in_room_of
from playground.components.templates import render
from playground.live.process import page_turn, pool
from playground.live.slot import Slot
from playground.session import state
from playground.train.replies import replies_html, texts_html
from rnncore.analysis.replies import Reply, continuation, reply
from rnncore.errors import ConfigError
from rnncore.pool.entry import Entry, Measurement
from rnncore.tasks import Task
from rnncore.tasks.typed import MOST_CHARACTERS
from rnncore.text.sampling import Writing
from rnncore.training.run import Run
from rnncore.training.views import RaceView

KEY = "train.ask"
TEMPLATE = "train/question.html"
LONGEST_OPENING = 200
WRITTEN = 200  # characters
TEMPERATURES = (0.5, 0.8, 1.0)
PATIENCE_SECONDS = 1.0  # that a run of the page waits for the first replies
BRIEF_SECONDS = 0.15  # that it waits where there are earlier ones to show; the live view brings those that come later

log = logging.getLogger(__name__)


class Question(NamedTuple):
    """A question: its name, the measurement of one network's reply, and the drawing of all replies."""

    name: tuple[Any, ...]
    measure: Callable[[Run], Any]
    draw: Callable[..., Markup]


def ask(task: type[Task], found: Entry[RaceView] | None, beside: DeltaGenerator) -> "Replies | None":
    """Draw the box, and return the replies to what stands in it; None where nothing can be asked."""
    if not task.ask:
        return None
    # beside the chart `style` puts it above the answers, which may be long
    place = beside.container(key="ask-pad" if task.ask_kind == "drawing" else "ask-box")
    with place:
        if found is None:
            st.caption("**Ask it yourself**: press **Start**, and the networks answer what you ask, too.")
            return None
        asked = question(found.view().task)
    return None if asked is None else Replies(asked, place)


def question(task: Task) -> Question | None:
    """Draw the box, and return what stands in it, or the last that could be read; None before there was any."""
    return {"text": _text, "opening": _opening, "drawing": _drawing}[task.ask_kind](task)


def inputs_of(task: Task) -> Any:
    """Return the present question as inputs of one example, without drawing the box; None if there is none."""
    if task.ask_kind == "drawing":
        ink = state.get(f"{KEY}.ink")
        return None if ink is None else task.draw(ink)
    for text in (state.get(f"{KEY}.{task.name}.good"), task.first_question):
        try:
            return task.parse_text(text) if text else None
        except ConfigError:
            continue
    return None


def _text(task: Task) -> Question | None:
    label = f"**Ask it yourself**: {task.asked_for}" if task.asked_for else "**Ask it yourself**"
    typed = _typed(task.name, label, task.first_question, task.ask, MOST_CHARACTERS)
    return _readable(task.name, typed, task.first_question, lambda text: _asked(task, text))


def _asked(task: Task, text: str) -> Question:
    inputs, words = task.parse_text(text), task.typed_steps(text)

    def measure(run: Run) -> Reply:
        found = reply(run, inputs)
        return replace(found, steps=words) if words and found.steps and run.config.shuffle == "none" else found

    return Question((text,), measure, partial(replies_html, answer=task.next_name))


def _typed(name: str, label: str, first: str, about: str, longest: int) -> str:
    key = f"{KEY}.{name}"
    text: str = state.get(f"{key}.typed", first)
    state.set_widget_value(key, text)
    st.text_input(label, key=key, max_chars=longest, help=about, on_change=_take, args=(key,))
    return text


def _take(key: str) -> None:
    """Keep what was typed, cut where the box would have cut it; a browser is not the only thing that can send."""
    state.put(f"{key}.typed", str(state.get(key) or "")[: MOST_CHARACTERS + 1])


def _readable(name: str, typed: str, first: str, read: Callable[[str], Question]) -> Question | None:
    """Return the question that was typed; if it cannot be read, say why, and return the last one that could."""
    good = f"{KEY}.{name}.good"
    refused = None
    for text in dict.fromkeys((typed, state.get(good, first), first)):
        try:
            found = read(text)
        except ConfigError as error:
            refused = refused or str(error)
            continue
        state.put(good, text)
        break
    else:
        found = None
    if refused:
        st.html(render(TEMPLATE, "refused", refused, alert=True))
    return found


def _drawing(task: Task) -> Question | None:
    st.html(render(TEMPLATE, "draw"))
    ink = pad(KEY + ".pad", task.first_drawing)
    try:
        inputs = task.draw(ink)
    except ConfigError as error:
        st.html(render(TEMPLATE, "refused", str(error), alert=False))
        state.take(f"{KEY}.ink")
        return None
    state.put(f"{KEY}.ink", ink)
    return Question(ink, lambda run: reply(run, inputs), replies_html)


def _opening(task: Task) -> Question | None:
    first = task.first_question
    typed = _typed(task.name, "**What they write**, going on from", first, task.ask, LONGEST_OPENING)
    key = f"{KEY}.temperature"
    chosen = st.segmented_control("Temperature", TEMPERATURES, default=0.8, key=key, required=True,
                                  help="Low: the likeliest character nearly always. At 1 characters are drawn as "
                                  "probable as the network holds them.")  # fmt: skip
    temperature = chosen if chosen in TEMPERATURES else 0.8

    def read(text: str) -> Question:
        task.parse_text(text)
        writing = Writing(prime=text, length=WRITTEN, temperature=temperature, seed=0)
        return Question(
            (text, temperature),
            lambda run: continuation(run, writing),
            lambda cells, found, step, *, dark, moving: texts_html(cells, text, found, step, dark=dark),
        )

    return _readable(task.name, typed, first, read)


class _Kept(NamedTuple):
    """The last replies: to whom and what, in which theme; and the race as it was, if they hold while it stays so."""

    name: tuple[Any, ...]
    html: Markup
    at_rest: RaceView | None


class Replies:
    """The replies to one question in their place on the page.

    A worker measures them between two updates of the race, so no page or view waits for an update to end; what was
    measured last stays until the next has come.

    Parameters
    ----------
    asked
        The question.
    place
        Where the replies stand.

    Attributes
    ----------
    name
        Under which the last ones are kept in the session.
    every_seconds
        How long replies stay at least.
    share
        Of one worker's time, at most, that answering may take.
    soon
        What is said before there are any.
    """

    name = f"{KEY}.replies"
    every_seconds, share = 1.0, 0.1
    soon = "Their answers come in a moment."

    def __init__(self, asked: Question, place: DeltaGenerator) -> None:
        self.slot = Slot(place)
        self._asked = asked
        self._wanted: Measurement[Any] | None = None
        self._due, self._step, self._html = 0.0, -1, Markup()

    def first(self, race: Entry[RaceView], *, dark: bool, moving: bool) -> None:
        """Draw at a run of the page: at once where the race moves and has been asked this before."""
        name = (race.number, self._asked.name, dark)
        kept: _Kept = state.get(self.name) or _Kept((None, None), Markup(), None)
        if kept.name == name and kept.at_rest is race.view():
            self._step, self._html = race.step, kept.html
            self._show()
            return
        self._want(race)
        if self._wanted is not None and not (moving and kept.name == name):
            with page_turn.given_away():
                self._wanted.done.wait(BRIEF_SECONDS if kept.name == name else PATIENCE_SECONDS)
        if not self._collect(race, dark=dark, moving=moving):
            room = kept.html if kept.name[1] == name[1] else Markup()
            soon = in_room_of(render(TEMPLATE, "soon", self.soon), room)
            self._html = kept.html if kept.name[0] == race.number else soon
        self._show()

    @property
    def waits(self) -> bool:
        """Whether replies are still to come."""
        return self._wanted is not None

    def refresh(self, race: Entry[RaceView], *, dark: bool, moving: bool) -> None:
        """Show what has come, and have the race asked again if it has moved, at most once a second."""
        self._collect(race, dark=dark, moving=moving)
        self._show()
        if self._wanted is None and race.step != self._step and time.monotonic() >= self._due:
            self._want(race)

    def _want(self, race: Entry[RaceView]) -> None:
        measure = self._asked.measure
        wanted: Measurement[Any] = Measurement(lambda race: (race.step, race.each(measure)))
        with page_turn.given_away() if race.still else nullcontext():  # which is measured here and now
            pool().measure(race, wanted)
        self._wanted = wanted

    def _collect(self, race: Entry[RaceView], *, dark: bool, moving: bool) -> bool:
        """Put into words what has been measured, if it has."""
        wanted = self._wanted
        if wanted is None or not wanted.done.is_set():
            return False
        self._wanted = None
        self._due = time.monotonic() + max(self.every_seconds, wanted.seconds / self.share)
        if wanted.value is None:
            if not isinstance(wanted.error, ConfigError):
                log.error("a question could not be answered", exc_info=wanted.error)
            said = str(wanted.error) if isinstance(wanted.error, ConfigError) else "This could not be answered."
            self._html = render(TEMPLATE, "refused", said, alert=False)
        else:
            self._step, found = wanted.value
            self._html = self._asked.draw(race.view().cells, found, self._step, dark=dark, moving=moving)
        view = race.view()
        same = not moving and view.step == self._step and wanted.value is not None
        state.put(self.name, _Kept((race.number, self._asked.name, dark), self._html, view if same else None))
        return True

    def _show(self) -> None:
        html = self._html
        self.slot.show(html, lambda: st.html(html))
