"""The look "What is remembered": how much can be read back from the state, and how long."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import streamlit as st

from playground.components.charts import draw_chart, is_dark
from playground.components.note import noted
from playground.components.numbers import number, percent
from playground.inside.memory import controls
from playground.inside.memory.networks import Networks, each
from playground.inside.memory.probe_chart import LEAST, probe_chart
from playground.inside.memory.rows import as_csv
from playground.race.setup import Setup
from rnncore.analysis.probes import Probe, probe
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import probe_rows
from rnncore.tasks.shown import NO_NUMBERS

RISE = 0.05  # what a curve has to win back for its lowest point to be told


def remembered(setup: Setup, found: Networks) -> None:
    """Draw how well the thing to remember is read back from each network's state, by steps since it was read."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        shown = found.at(controls.scrubber(found, setup))
        controls.place_choices(shown, setup)
    place = setup.view.place
    probes = each(shown, ("probe", place), lambda network: probe(network, place))
    cells = tuple(kept.cell for kept in shown)
    first = probes[0]
    if not first.says_something:
        st.info(f"In this task {first.name} is the same in all examples: there is nothing to tell apart.",
                icon=":material/info:")  # fmt: skip
        return
    said = finding(cells, probes)
    st.markdown(f"**How well can {first.name} be read back from {place.state}, so many steps later?**")
    draw_chart(rows(cells, probes), probe_chart(cells, classes=bool(first.classes), dark=is_dark()),
               key="memory.probe", alt=said.replace("**", "").replace("  \n", " "))  # fmt: skip
    st.markdown(said)
    band = "Wilson's 95 % interval" if first.classes else "the middle 95 % over resamples of the test examples"
    chance = f"always saying the commonest ({percent(first.chance)})" if first.classes else "always saying the mean"
    st.html(noted(f"A linear map from {place.state} to {first.name}, fitted for each step by least squares on "
                  f"{first.fitted:,} training examples and tested on {first.tested:,} held-out ones (Alain and Bengio, "
                  f"2016). Band: {band}. Chance: {chance}."))  # fmt: skip
    table = [row for cell, each_probe in zip(cells, probes, strict=True) for row in probe_rows(cell, each_probe)]
    controls.csv(as_csv(table), "probe")


def rows(cells: Sequence[str], probes: Sequence[Probe]) -> pa.Table:
    """Return the chart's rows; what is no finite number is left out."""
    columns: dict[str, list[object]] = {name: [] for name in ("kind", "series", "lag", "score", "low", "high", "said")}

    def add(*values: object) -> None:
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)

    for cell, found in zip(cells, probes, strict=True):
        for i in np.flatnonzero(np.isfinite(found.score)).tolist():
            drawn = (max(LEAST, float(values[i])) for values in (found.score, found.low, found.high))
            add("probe", CELLS[cell].label, found.lags[i], *drawn, _value(found, i))
    add("chance", "", 0, *[probes[0].chance] * 3, "chance")
    return pa.table(columns)


def finding(cells: Sequence[str], probes: Sequence[Probe]) -> str:
    """Say of each network what is still there at the end, or from when on nothing is, in Markdown."""
    return "  \n".join(
        f"**{CELLS[cell].label}**: {_sentence(found)}." for cell, found in zip(cells, probes, strict=True)
    )


def _sentence(found: Probe) -> str:
    if not found.finite:
        return NO_NUMBERS
    above = found.low > found.chance
    last = found.lags[-1]
    if above[-1]:
        fades = " and no more than that" if found.score[-1] < found.score[0] / 2 else ""
        return f"{_steps(last)} later {_value(found, -1)}{fades}; right after reading {_value(found, 0)}{_dip(found)}"
    gone = len(above) - int(np.argmax(above[::-1])) if above.any() else 0
    if not gone:
        return "no better than chance, even right after it was read"
    before = f"{_steps(found.lags[gone - 1])} after reading {_value(found, gone - 1)}"
    return f"{before}; from {_steps(found.lags[gone])} on no better than chance"


def _dip(found: Probe) -> str:
    """Say where in between it is lowest, if it rises again after that, and to what; empty if it does not."""
    before, later = np.maximum.accumulate(found.score), np.maximum.accumulate(found.score[::-1])[::-1]
    rises = np.minimum(before, later) - found.score
    low = int(rises.argmax())
    if rises[low] < RISE:
        return ""
    high = low + int(found.score[low:].argmax())
    interval = " to ".join(_written(found, float(ends[low])) for ends in (found.low, found.high))
    return (f"; lowest in between: after {_steps(found.lags[low])} {_value(found, low)} (95 % interval {interval}), "
            f"and after {_steps(found.lags[high])} {_value(found, high)} again")  # fmt: skip


def _value(found: Probe, i: int) -> str:
    written = _written(found, float(found.score[i]))
    return f"{written} right" if found.classes else f"R² {written}"


def _written(found: Probe, score: float) -> str:
    return percent(score) if found.classes else number(score, 2)


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"
