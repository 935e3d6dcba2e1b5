"""Exploding: a live run whose gradient blows up, and what clipping does about it."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa
import streamlit as st

from playground.components.charts import draw_chart, is_dark
from playground.components.numbers import number
from playground.gradients import charts
from playground.gradients import settings as gradients_settings
from playground.gradients import words as gradients_words
from playground.live.process import page_turn, pool, tick_seconds
from playground.race import actions, own_race, words
from playground.race.setup import Setup, setup_settings
from playground.session import state
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.training.run import Run
from rnncore.training.views import RaceView, RunView

CLIP = 1.0
MOST_POINTS = 240
# Steps so small that a dozen updates can be seen before the gradient blows up; with clipping the same start trains on
BLOWS_UP = {"cell": "rnn_relu", "init": "orthogonal", "gain": 1.5, "seq_len": 50, "hidden_size": 32, "seed": 0}
SMALL_STEPS = {"lr": 0.004, "speed": "slow"}
TRAINING = {"optimizer": "sgd", "lr": 0.01, "steps": 2000, "speed": "medium"}
STARTS = ("task", "cell", "hidden_size", "num_layers", "bidirectional", "bias", "window", "seq_len", "init", "gain",
          "forget_bias", "seed")  # fmt: skip
CLIPPED = f"{gradients_settings.PAGE}.clipped"


def exploding(setup: Setup) -> None:
    """Draw the gradient norm before and after clipping and the loss of this tab's run, live."""
    mine = own_race.entry()
    moving = mine is not None and mine.moving
    _buttons(setup, mine.view() if mine else None)
    if mine is None:
        runs = [_example()]
        st.caption(f"**Recorded**: a ReLU RNN with gain {BLOWS_UP['gain']}, plain gradient descent, no clipping. "
                   "**A start that explodes** runs it live; **Train these networks** takes the cells chosen "
                   "above.")  # fmt: skip
        _charts(runs, alt=gradients_words.plain(finding(runs)))
        return

    @st.fragment(run_every=tick_seconds() if moving else None)
    def part() -> None:
        with page_turn:
            race = mine.view(max_points=MOST_POINTS, gradients=True)
            runs = race.runs
            st.caption(f"Your run at update {race.step:,}: gradient norm over all weights")
            _charts(runs, alt="The finding stands in words below." if moving else gradients_words.plain(finding(runs)))
        if moving and not mine.moving:
            st.rerun()

    part()


def _charts(runs: Sequence[RunView], alt: str) -> None:
    rows = clip_rows(runs)
    for quantity, key in (("norm", "norm"), ("loss", "loss")):
        spec = charts.clip_chart(tuple(run.cell for run in runs), quantity, dark=is_dark())
        draw_chart(rows, spec, key=f"gradients.clip.{key}", alt=f"{quantity.capitalize()} of each update. {alt}")
    st.markdown(finding(runs))


@lru_cache(maxsize=1)
def _example() -> RunView:
    """Return the start that explodes, trained until it does: about a dozen small updates."""
    with page_turn.given_away():
        settings = {"task": "adding", **BLOWS_UP, **TRAINING, **SMALL_STEPS, "clip_norm": 0.0}
        run = Run(RunConfig.from_flat({name: value for name, value in settings.items() if name != "speed"}))
        run.advance(steps=100)
    return run.view(MOST_POINTS, gradients=True)


def _buttons(setup: Setup, race: RaceView | None) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Train these networks", key="gradients.train", type="primary", icon=":material/play_arrow:",
                  on_click=_train)  # fmt: skip
        st.button("A start that explodes", key="gradients.explode", icon=":material/bolt:", on_click=_explode)
        described = setup_settings(setup.config.task, gradients_settings.FlowView)["clipped"]
        state.set_widget_value(CLIPPED, _is_clipped())
        st.toggle(described.label, key=CLIPPED, on_change=_clip, help=described.help)
        if race is not None and race.diverged:
            st.button("Go on from the last good state", key="gradients.rewind", icon=":material/undo:",
                      on_click=_go_on)  # fmt: skip
        elif race is not None and race.status in ("running", "paused"):
            st.button("Pause" if race.status == "running" else "Resume", key="gradients.pause",
                      on_click=actions.press_start, args=(race.status,))  # fmt: skip


def _is_clipped() -> bool:
    """Return whether gradients are clipped: in this tab's run or, if it has none, in the next one."""
    mine = own_race.entry()
    return bool(mine.view().config.clip_norm) if mine else gradients_settings.visit.setup().view.clipped


def _train() -> None:
    """Train the networks chosen on this page; clipped if the toggle says so."""
    raw = gradients_settings.visit.setup().flat()
    _start({**{name: raw[name] for name in STARTS}, **TRAINING}, clipped=_is_clipped())


def _explode() -> None:
    gradients_settings.visit.apply_settings({**gradients_settings.visit.setup().flat(), **BLOWS_UP, "task": "adding"})
    raw = gradients_settings.visit.setup().flat()
    _start({**{name: raw[name] for name in STARTS}, **TRAINING, **SMALL_STEPS}, clipped=False)


def _start(raw: dict[str, Any], *, clipped: bool) -> None:
    own_race.clear()
    gradients_settings.visit.apply_settings({**gradients_settings.visit.setup().flat(), "clipped": clipped})
    actions.visit.apply_settings({**raw, "clip_norm": CLIP if clipped else 0.0})
    actions.press_start("ready")


def _clip() -> None:
    if state.is_echo(CLIPPED):
        return
    gradients_settings.change("clipped")
    clip = CLIP if gradients_settings.visit.setup().view.clipped else 0.0
    mine = own_race.entry()
    if mine is not None:
        pool().change(mine, clip_norm=clip)
        actions.visit.apply_settings({**actions.setup().flat(), "clip_norm": clip})


def _go_on() -> None:
    actions.press_rewind()
    mine = own_race.entry()
    if mine is not None:
        pool().start(mine)


def clip_rows(runs: Sequence[RunView]) -> pa.Table:
    """Return kind (``before``, ``after``, ``loss``), series, update, value: the largest of each stretch of updates.

    The values at which a run diverged come last; one that no number can hold has a kind of its own, ``norm is
    infinite`` or ``loss is infinite``, and no value.
    """
    columns: dict[str, list[object]] = {"kind": [], "series": [], "update": [], "value": []}

    def add(kind: str, run: RunView, update: int, value: float | None) -> None:
        for column, item in zip(columns.values(), (kind, CELLS[run.cell].label, update, value), strict=True):
            column.append(item)

    for run in runs:
        found = run.gradients
        if found is None:
            continue
        for kind, values in (("before", found.norm), ("after", found.clipped_norm), ("loss", found.loss)):
            for step, value in zip(found.step, values, strict=True):
                if value > 0:
                    add(kind, run, int(step), float(value))
        if run.divergence is not None:
            for kind, name, value in (
                ("before", "norm", run.divergence.grad_norm),
                ("loss", "loss", run.divergence.loss),
            ):
                finite = math.isfinite(value)
                add(kind if finite else f"{name} is infinite", run, run.divergence.step, value if finite else None)
    return pa.table(columns)


def finding(runs: Sequence[RunView]) -> str:
    """Say how long the gradient got, how often it was clipped, and what became of the run."""
    said = []
    for run in runs:
        found = run.gradients
        if run.divergence is not None:
            said.append(words.divergence(run))
        if run.loss is None or found is None:
            continue
        said.append(
            f"**{CELLS[run.cell].label}**: longest gradient {number(found.longest, 3)}, at update "
            f"{found.longest_at:,}; {100 * found.clipped:.0f} % of the {run.step:,} updates were clipped; "
            f"loss now {number(run.loss, 3)}."
        )
    return "  \n".join(said)
