"""The task itself: one real example as a picture, and the reference lines with their reasons."""

from functools import lru_cache
from html import escape
from urllib.parse import quote

import streamlit as st

from playground import words
from playground.setup import Setup
from rnncore.config import RunConfig
from rnncore.randomness import generator
from rnncore.tasks import TASKS, Shown, Track

MOST_SYMBOLS = 64
SVG = "http://www.w3.org/2000/svg"
FAINT, ACCENT, TRUTH = "#A9B3C0", "#2F7FC4", "#E0731D"  # seen on a white and on a dark page


def example(config: RunConfig) -> str:
    """Return one example as HTML, made by the task's own generator from the seed of the set-up."""
    return _example(config.model_dump_json(include={"task", "seq_len", "options", "seed"}))


@lru_cache(maxsize=128)
def _example(which: str) -> str:
    config = RunConfig.model_validate_json(which)
    task = config.build_task()
    shown = task.show(task.batch(1, generator(config.seed, "example")))
    return (
        f'<div class="example"><b>An example</b>: {escape(shown.question)} → <b>{escape(shown.truth)}</b></div>'
        f'<div class="note">{escape(TASKS[config.task].summary)}</div>{_strips(shown)}{_picture(shown)}'
    )


def _picture(shown: Shown) -> str:
    """Return the example's numbers over time as a drawing: bars if some are marked, else a line."""
    rows = [(track, [float(v) for v in track.values]) for track in shown.tracks if not isinstance(track.values[0], str)]
    if not rows:
        return ""
    values = [value for _, row in rows for value in row]
    marked = any(track.marked for track, _ in rows)
    low, high = (min(0.0, *values), max(0.0, *values)) if marked else (min(values), max(values))
    steps = max(track.start + len(row) for track, row in rows)
    draw = _bars if marked else _line
    drawn = "".join(draw(track, row, low, (high - low) or 1.0) for track, row in rows)
    svg = f'<svg xmlns="{SVG}" viewBox="0 -0.06 {steps} 1.12" preserveAspectRatio="none" fill="none">{drawn}</svg>'
    said = escape(f"One example: {shown.question}, answer {shown.truth}", quote=True)
    # as an image, since Streamlit takes drawings out of HTML
    return f'<img class="example-picture" alt="{said}" src="data:image/svg+xml,{quote(svg)}">'


def _bars(track: Track, values: list[float], low: float, span: float) -> str:
    """Return one stroke per value, from 0; those of the marked ones in another colour."""
    ground = 1 + low / span
    drawn = {FAINT: "", ACCENT: ""}
    for i, value in enumerate(values):
        colour = ACCENT if i in track.marked else FAINT
        drawn[colour] += f"M{track.start + i + 0.5:g} {ground:.3g}V{1 - (value - low) / span:.3g}"
    return "".join(f'<path stroke="{colour}" stroke-width=".8" d="{path}"/>' for colour, path in drawn.items())


def _line(track: Track, values: list[float], low: float, span: float) -> str:
    """Return a line through the values, or a dot where there is but one."""
    points = [f"{track.start + i + 0.5:g} {1 - (value - low) / span:.3g}" for i, value in enumerate(values)]
    look = f'stroke="{TRUTH}" stroke-width="8"' if track.role == "truth" else f'stroke="{ACCENT}" stroke-width="2"'
    path = f"M{'L'.join(points)}{'h0' if len(points) == 1 else ''}"
    return f'<path {look} stroke-linecap="round" vector-effect="non-scaling-stroke" d="{path}"/>'


def _strips(shown: Shown) -> str:
    """Return rows of symbols or words, one above the other; the middle of long ones is left out."""
    rows = []
    for track in shown.tracks:
        symbols = [value for value in track.values if isinstance(value, str)]
        single = all(len(symbol) == 1 for symbol in symbols)
        if symbols and (single or track.role == "input"):
            drawn = _symbols(symbols, track.marked, "" if single else " ")
            rows.append(f'<div class="strip"><span>{escape(track.name)}</span> {drawn}</div>')
    return "".join(rows)


def _symbols(symbols: list[str], marked: tuple[int, ...], between: str) -> str:
    half = MOST_SYMBOLS // 2
    drawn = [f"<mark>{escape(s)}</mark>" if i in marked else escape(s) for i, s in enumerate(symbols)]
    if len(drawn) > MOST_SYMBOLS:
        drawn = [*drawn[:half], " … ", *drawn[-half:]]
    return f"<code>{between.join(drawn)}</code>"


def reference_lines(setup: Setup) -> None:
    """Say what the dashed lines of the chart mean, and why they lie where they do."""
    lines = st.expander("What the reference lines mean", key="train.drawer.lines", on_change="rerun")
    if not lines.open:
        return
    task = setup.config.build_task()
    with lines:
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"**{line}**  \n{reason}")
