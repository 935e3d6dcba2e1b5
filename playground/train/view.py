"""The live view of a race: the curve, the finding, the health line and the held-out answers."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from playground.components.charts import draw_chart, is_dark
from playground.components.loss_chart import loss_chart
from playground.components.next_steps_row import POINTER
from playground.components.numbers import loss_factor, loss_label
from playground.components.reserved import reserved
from playground.components.tables import curve_table
from playground.components.templates import render
from playground.live.process import pool
from playground.live.slot import Slot
from playground.live.view import MOVING, keep_live
from playground.race import own_race, progress, recorded, task_example, verdicts, words
from playground.race.answers import table
from playground.race.on_screen import race_on_screen
from playground.race.setup import Setup
from playground.race.words import bold
from playground.train import figures, longest_verdict, question
from playground.train.inside import look_inside
from playground.train.transport import beside_choice, has_log_scale
from rnncore.config import RunConfig
from rnncore.pool.entry import Entry
from rnncore.tasks import TASKS
from rnncore.training.views import RaceView

TEMPLATE = "train/view.html"
State = tuple[str, int]  # of a race, and how many of its runs have diverged


class Where(NamedTuple):
    """How far a race is: the line above the chart, and the updates done and to do; None where there is no bar."""

    line: str
    bar: tuple[int, int] | None = None


def shown_config(setup: Setup) -> RunConfig:
    """Return the settings of what is on screen, which may wait for a reset to become those of the set-up."""
    found = race_on_screen(setup)
    return found.view().config if found is not None else setup.config


def reference_lines(setup: Setup) -> None:
    """Draw what the dashed lines of the chart are."""
    task_example.reference_lines(shown_config(setup))


def watch(setup: Setup, course: DeltaGenerator, beside: DeltaGenerator, before: State) -> None:
    """Draw the race now, and again while it moves; redraw the whole page when its state is another than `before`.

    In the container `course` stand the chart and what is read above and below it, one element whose parts `style` puts
    in their places; in the container `beside` the example, which is never drawn anew, so that what is played of it
    plays on, the answers, and the box for a visitor's own question with the replies. The curve is drawn at every tick
    at which it has moved; words and answers are put together once a second, faster than that nobody can read.
    """
    ticks, read, moved, answered, where = itertools.count(), None, None, None, Where("")
    reading = "Nothing trained yet.", Markup(), Markup()
    task = TASKS[setup.config.task]
    inside = setup.view.beside == "inside"
    with beside:
        beside_choice(setup)
    if not inside:
        beside.html(task_example.example(shown_config(setup)))
    text, chart, side = Slot(course), Slot(course), Slot(beside if inside else beside.container(key="answers"))
    asked: question.Replies | None = None
    found = race_on_screen(setup)
    first = found.view() if found is not None else None
    more = POINTER if before[0] == "finished" else Markup()
    room, lines = (longest_verdict.finding(first.runs) if first else ""), _longest_lines(setup, first)

    def draw() -> bool:
        nonlocal read, reading, where, moved, answered
        to_read, mine, shown = next(ticks) % READING_TICKS == 0, own_race.entry(), race_on_screen(setup)
        race = shown.view() if shown is not None else None
        if shown is not None and race is not None and to_read and _how_far(race) != read:
            finding, listen, answers = verdicts.finding(race.runs), before[0] not in MOVING, reading[2]
            if not inside and answered != (anew := [run.answered_at for run in race.runs]):
                answers, answered = table(shown.view(answers=True), is_dark(), listen=listen), anew
            reading, read = (finding.replace("**", ""), words_html(finding, race, room), answers), _how_far(race)
        far = _how_far(race)
        if to_read or far != moved:
            where, moved = _where(setup, race, mine), far
        said, below, answers = reading
        text.show((where, below), lambda: st.html(_where_html(where, more, lines) + below))
        if not inside:
            side.show(answers, lambda: st.html(render(TEMPLATE, "side", answers)))
        # a new text alternative makes the browser draw the chart anew, so while it moves there is one that holds
        alt = WHILE_MOVING if before[0] in MOVING else said
        chart.show((far, alt), lambda: _curve(setup, race, alt))
        if asked is not None and shown is not None:
            asked.refresh(shown, dark=is_dark(), moving=before[0] in MOVING)
        return _state(mine, race) != before

    draw()
    moving, found = before[0] in MOVING, race_on_screen(setup)
    asked = look_inside(setup, found, beside) if inside else question.ask(task, found, beside)
    if asked is not None and found is not None:
        asked.first(found, dark=is_dark(), moving=moving)
    if moving or (asked is not None and asked.waits):  # at rest, too, replies may take longer than a run of the page
        slots = [text, chart, side, *([asked.slot] if asked else [])]
        keep_live(draw, slots, lambda: before[0] == "waiting" or not (moving or (asked is not None and asked.waits)))


NOTHING = "Nothing trained yet with these settings. **Start** trains real networks, here and now."
READING_TICKS = 4
WHILE_MOVING = "Loss against training, one line per network, growing; the finding so far stands in words below."


def state() -> State:
    """Return what the page's buttons and messages depend on: the race's state, and how many runs have diverged."""
    mine = own_race.entry()
    return _state(mine, mine.view() if mine is not None else None)


def _state(mine: Entry[RaceView] | None, race: RaceView | None) -> State:
    if mine is None or race is None:
        return "none", 0
    diverged = len(race.diverged)
    if mine.failure is not None:
        return "failed", diverged
    if pool().place(mine) is not None:
        return "waiting", diverged
    return ("stepping" if mine.single_steps else "pausing" if mine.pausing else mine.status), diverged


def _curve(setup: Setup, race: RaceView | None, alt: str) -> DeltaGenerator:
    config, cells = (race.config, race.cells) if race else (setup.config, setup.cells)
    view, task = setup.view, config.built_task
    scale = view.scale if has_log_scale(type(task)) else "linear"
    rows = curve_table(race.runs if race else (), task.reference_lines, x_axis=view.x_axis,
                       batch_size=config.batch_size, scale=scale, factor=loss_factor(task))  # fmt: skip
    spec = loss_chart(cells, x_axis=view.x_axis, scale=scale, loss_label=loss_label(task), dark=is_dark())
    return draw_chart(rows, spec, key="train.chart", alt=alt)


def _how_far(race: RaceView | None) -> list[tuple[int, float | None]]:
    """Return what tells whether the curve has moved: the updates so far, and the last held-out loss."""
    return [(run.step, run.held_loss) for run in race.runs] if race else []


def words_html(found: str, race: RaceView, room: str) -> Markup:
    """Return what the race has shown so far, every network's figures, and how its training goes.

    The finding takes the `room` of another text, if that is longer.
    """
    said = reserved(bold(found), bold(room))
    return render(TEMPLATE, "words", said, figures.figures(race.runs), figures.health(race.runs))


def _where_html(where: Where, more: Markup, longest_lines: Sequence[Markup]) -> Markup:
    """Return a bar and the line above the chart, in the room that the longest such line takes, with `more` after it."""
    bar = progress.NO_BAR if where.bar is None else progress.bar(*where.bar)
    return render(TEMPLATE, "where", bar, reserved(bold(where.line) + more, *longest_lines))


def _longest_lines(setup: Setup, race: RaceView | None) -> list[Markup]:
    """Return the longest lines that may come above the chart until the page is run again, and after Reset."""
    kept = recorded.race(setup)
    lines = [recorded.sentence(setup, kept.view()) if kept else NOTHING, words.waiting(words.LAST_IN_LINE)]
    return [bold(line) for line in [*lines, *([progress.longest(race)] if race is not None else [])]]


def _where(setup: Setup, race: RaceView | None, mine: Entry[RaceView] | None) -> Where:
    if mine is None or race is None:
        return Where(_line(setup, race, mine))
    return Where(_line(setup, race, mine), (race.step, race.step if race.status == "finished" else race.steps))


def _line(setup: Setup, race: RaceView | None, mine: Entry[RaceView] | None) -> str:
    if mine is None or race is None:
        return NOTHING if race is None or not race.step else recorded.sentence(setup, race)
    place = pool().place(mine)
    if place is not None:
        return words.waiting(place)
    names = {
        "ready": "Ready",
        "running": "Training live",
        "paused": "Paused",
        "finished": "Finished",
        "diverged": "Stopped",
    }
    name = "Stopped" if mine.failure is not None else "Pausing" if mine.pausing else names[race.status]
    seed = race.config.seed
    if race.status not in ("running", "paused"):
        return f"**{name}** at update {race.step:,} · seed {seed}"
    said = progress.training(race.step, race.steps, seed, name)
    if race.status == "running":
        said += progress.remaining(mine, race) + progress.shared(pool().sharing())
    return said
