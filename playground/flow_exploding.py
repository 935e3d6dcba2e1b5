"""Exploding: a live run whose gradient blows up, and what clipping does about it."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import streamlit as st

from playground import desk, flow_charts, flow_setup, state, words
from playground.charts import draw_chart
from playground.live import is_dark
from playground.server import page_turn, pool, tick_seconds
from playground.setup import Setup
from rnncore.cells import CELLS
from rnncore.race import Race
from rnncore.run import Run

CLIP = 1.0
MOST_POINTS = 240
BLOWS_UP = {"cell": "rnn_relu", "init": "orthogonal", "gain": 1.5, "seq_len": 50, "hidden_size": 32}
TRAINING = {"optimizer": "sgd", "lr": 0.01, "clip_norm": 0.0, "steps": 2000, "speed": "medium"}
STARTS = ("task", "cell", "hidden_size", "num_layers", "bidirectional", "bias", "window", "seq_len", "init", "gain",
          "forget_bias", "seed")  # fmt: skip
CLIPPED = "gradients.clipped"


def exploding(setup: Setup) -> None:
    """Draw the gradient norm before and after clipping and the loss of this tab's run, live."""
    mine = desk.entry()
    moving = mine is not None and mine.race.status == "running"
    _buttons(mine.race if mine else None)
    if mine is None:
        st.markdown("Nothing is training in this tab. **Train these networks** starts those chosen here, with plain "
                    "gradient descent and without clipping; **A start that explodes** chooses some that cannot stand "
                    "it. Raise the **gain** of an orthogonal start to find where it begins.")  # fmt: skip
        return

    @st.fragment(run_every=tick_seconds() if moving else None)
    def part() -> None:
        with page_turn:
            runs = mine.race.runs
            st.caption(f"Your run at update {mine.race.step:,}: gradient norm over all weights")
            rows = clip_rows(runs)
            for quantity, key in (("norm", "norm"), ("loss", "loss")):
                spec = flow_charts.clip_chart([run.config.cell for run in runs], quantity, dark=is_dark())
                draw_chart(rows, spec, key=f"gradients.clip.{key}",
                           alt=f"{quantity} of each update; the finding stands in words below.")  # fmt: skip
            st.markdown(finding(runs))
        if moving and mine.race.status != "running":
            st.rerun()

    part()


def _buttons(race: Race | None) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Train these networks", key="gradients.train", type="primary", icon=":material/play_arrow:",
                  on_click=_train)  # fmt: skip
        st.button("A start that explodes", key="gradients.explode", icon=":material/bolt:", on_click=_explode)
        if race is not None:
            state.show(CLIPPED, race.runs[0].config.clip_norm > 0)
            st.toggle(f"Clip gradients at {CLIP:g}", key=CLIPPED, on_change=_clip,
                      help="A gradient longer than this is scaled down to it, all weights together (Pascanu et al., "
                      "2013). Acts at once.")  # fmt: skip
            if any(run.divergence for run in race.runs):
                st.button("Go on from the last good state", key="gradients.rewind", icon=":material/undo:",
                          on_click=_go_on)  # fmt: skip
            elif race.status in ("running", "paused"):
                st.button("Pause" if race.status == "running" else "Resume", key="gradients.pause",
                          on_click=desk.press_start, args=(race.status,))  # fmt: skip


def _train() -> None:
    raw = flow_setup.visit.setup().flat()
    desk.clear()
    desk.visit.lay({**{name: raw[name] for name in STARTS}, **TRAINING})
    desk.press_start("ready")


def _explode() -> None:
    flow_setup.visit.lay({**flow_setup.visit.setup().flat(), **BLOWS_UP, "task": "adding"})
    _train()


def _clip() -> None:
    clip = CLIP if state.get(CLIPPED) else 0.0
    mine = desk.entry()
    if mine is not None and not state.is_echo(CLIPPED):
        mine.race.set(clip_norm=clip)
        desk.visit.lay({**desk.setup().flat(), "clip_norm": clip})


def _go_on() -> None:
    desk.press_rewind()
    mine = desk.entry()
    if mine is not None:
        pool().start(mine)


def clip_rows(runs: Sequence[Run]) -> pa.Table:
    """Return kind (``before``, ``after``, ``loss``), series, update, value: the largest of each stretch of updates."""
    columns: dict[str, list[object]] = {"kind": [], "series": [], "update": [], "value": []}
    for run in runs:
        updates = run.history.updates.rows()
        if not len(updates):
            continue
        starts = np.unique(np.linspace(0, len(updates), MOST_POINTS, endpoint=False).astype(int))
        norm, clip = updates[:, 2], updates[:, 4]
        after = np.where(clip > 0, np.minimum(norm, clip), norm)
        for kind, values in (("before", norm), ("after", after), ("loss", updates[:, 0])):
            for start, value in zip(starts, np.maximum.reduceat(values, starts), strict=True):
                if value > 0:
                    row = (kind, CELLS[run.config.cell].label, int(start) + 1, float(value))
                    for column, item in zip(columns.values(), row, strict=True):
                        column.append(item)
    return pa.table(columns)


def finding(runs: Sequence[Run]) -> str:
    """Say how long the gradient got, how often it was clipped, and what became of the run."""
    said = []
    for run in runs:
        updates = run.history.updates.rows()
        if run.divergence is not None:
            said.append(words.divergence(run))
        if not len(updates):
            continue
        norm, clip = updates[:, 2], updates[:, 4]
        share, at = float(((clip > 0) & (norm > clip)).mean()), int(norm.argmax())
        said.append(
            f"**{CELLS[run.config.cell].label}**: longest gradient {norm[at]:,.3g}, at update {at + 1:,}; "
            f"{100 * share:.0f} % of the {len(updates):,} updates were clipped; loss now {updates[-1, 0]:.3g}."
        )
    return "  \n".join(said)
