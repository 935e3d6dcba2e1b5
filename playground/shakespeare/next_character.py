"""See the choice: what a written character was drawn from, at its own temperature and at the one that is set now."""

from functools import cache

import altair as alt
import pyarrow as pa
import streamlit as st

from playground.components import controls
from playground.components.charts import Spec, draw_chart, finished, is_dark, series
from playground.components.numbers import exact
from playground.components.palette import ink
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.shakespeare import settings
from playground.shakespeare.settings import PAGE, ShakespeareSettings
from playground.shakespeare.streams import TextStream
from rnncore.tasks.language.text import VISIBLE
from rnncore.text.sampling import Floats, Written, distribution

BARS = 10  # likeliest characters shown, beside the chosen one and the rest
CONTEXT = 24  # characters before the chosen one
KINDS = ("chosen", "others")
TEMPLATE = "shakespeare/next_character.html"


def next_character(stream: TextStream | None, setup: ShakespeareSettings, at: int = 1) -> None:
    """Draw the temperature, the chosen character's probability before and now, and the bars; None: still writing."""
    with st.container(key="choice", gap="small"):
        temperature(setup)
        if stream is None:
            st.html(render(TEMPLATE, "later"))
            return
        each = stream.written[at - 1]
        now = distribution(each.logits, setup.temperature, setup.top_k, setup.top_p)
        said = comparison(each, now, stream.settings, setup)
        before = stream.text[: len(stream.settings.prime) + at - 1][-CONTEXT:].replace("\n", "↵")
        st.html(render(TEMPLATE, "chosen", before, _name(each.character), said))
        symbols = shipped_models.language(stream.settings.model).vocabulary.symbols
        draw_chart(choice_rows(each, now, symbols), choice_chart(dark=is_dark()), key=f"{PAGE}.choice", alt=said)


def temperature(setup: ShakespeareSettings) -> None:
    """Draw the temperature; three texts at three temperatures have theirs given."""
    controls.control(settings.described()["temperature"], setup.temperature, settings.change, page=PAGE, when=False,
                     disabled=setup.many == "temperatures")  # fmt: skip


def comparison(each: Written, now: Floats, then: ShakespeareSettings, setup: ShakespeareSettings) -> str:
    """Say with which probability a character was drawn, and which it has with what is set now."""
    drawn, would = float(each.probabilities[each.number]), float(now[each.number])
    said = f"“{_name(each.character)}” was drawn with probability {drawn:.4f} at temperature {exact(then.temperature)}"
    if (then.temperature, then.top_k, then.top_p) == (setup.temperature, setup.top_k, setup.top_p):
        return f"{said}. Move the temperature: same network, same place, other bars."
    cut = ", cut off by top k or top p" if would == 0 and setup.temperature > 0 else ""
    return (
        f"{said}; at temperature {exact(setup.temperature)} it has {would:.4f}{cut}. "
        "The ticks show the bars as they were."
    )


def choice_rows(each: Written, now: Floats, symbols: str) -> pa.Table:
    """Return the likeliest characters, the chosen one if it is not among them, and the rest together.

    Their order is that of the logits, which no temperature changes. Columns: place, name, probability (now), before
    (when it was drawn) and kind; either probability sums to 1.
    """
    order = (-each.logits).argsort(kind="stable").tolist()
    shown = order[:BARS] + ([each.number] if each.number in order[BARS:] else [])
    hidden = [n for n in order if n not in shown]
    rows = [(_name(symbols[n]), float(now[n]), float(each.probabilities[n]), KINDS[n != each.number]) for n in shown]
    if hidden:
        rows.append(("rest", float(now[hidden].sum()), float(each.probabilities[hidden].sum()), KINDS[1]))
    names, values, before, kinds = zip(*rows, strict=True)
    return pa.table({"place": range(len(rows)), "name": names, "probability": values, "before": before, "kind": kinds})


@cache
def choice_chart(*, dark: bool) -> Spec:
    """Return the spec of the bars; nothing in it depends on the data."""
    line = ink("strong", dark)
    names = alt.Axis(labelAngle=0, labelFontSize=12, labelOverlap=False,
                     labelExpr="width < 300 && datum.label == 'rest' ? '…' : datum.label")  # fmt: skip
    x = alt.X("name:N", sort=alt.EncodingSortField(field="place", op="min"), title=None, axis=names)
    share = alt.Scale(domain=[0, 1])
    y = alt.Y("probability:Q", title="probability", scale=share)
    paint = alt.Color(**series(KINDS, [ink("picked", dark), ink("bar", dark)], None, field="kind"))
    tooltip = [alt.Tooltip("name:N"), alt.Tooltip("probability:Q", format=".4f"),
               alt.Tooltip("before:Q", format=".4f", title="when drawn")]  # fmt: skip
    rows = alt.Chart()
    chosen = rows.transform_filter(alt.FieldEqualPredicate(field="kind", equal=KINDS[0]))
    return finished(
        rows.mark_bar().encode(x, y, paint, tooltip=tooltip),
        rows.mark_tick(color=line, thickness=2, width=15).encode(x, alt.Y("before:Q", scale=share), tooltip=tooltip),
        chosen.mark_text(dy=-8, fontWeight=700, fontSize=12, color=line)
        .encode(x, alt.Y("probability:Q", scale=share), text=alt.value("▼"), tooltip=tooltip),
        height=190, dark=dark,
    )  # fmt: skip


def _name(character: str) -> str:
    return VISIBLE.get(character, character)
