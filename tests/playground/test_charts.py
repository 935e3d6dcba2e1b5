"""Specs depend on choices alone, so that a live chart is never built anew; colours never follow the alphabet."""

import inspect
import itertools
import json

import pytest

from playground.charts import X_TITLES, grown, loss_chart
from playground.palette import DASHES, colour, dash
from rnncore.cells import CELLS

CHOICES = [
    {"x_axis": x, "scale": scale, "loss_label": "squared error", "dark": dark}
    for x, scale, dark in itertools.product(X_TITLES, ("log", "linear"), (False, True))
]


def text(spec):
    return json.dumps(spec, allow_nan=False)


def everything(spec):
    """Every dictionary inside a spec."""
    if isinstance(spec, dict):
        yield spec
    for part in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ():
        yield from everything(part)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_spec_is_the_same_to_the_byte_and_holds_no_data(choice):
    cells = ["rnn", "lstm", "gru", "gru_cho"]
    spec = loss_chart(cells, **choice)
    assert text(spec) == text(loss_chart(tuple(cells), **choice)) and json.loads(text(spec)) == spec
    assert not any({"values", "datasets", "width"} & set(part) or "data" in part for part in everything(spec))
    assert set(inspect.signature(loss_chart).parameters) == {"cells", *choice}


def scales(spec, channel):
    return [part[channel]["scale"] for part in everything(spec) if isinstance(part.get(channel), dict)
            and "scale" in part[channel]]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("cells", [["lstm"], ["gru", "rnn"], ["rnn_relu", "lstm_peephole", "feedforward", "lstm"]])
def test_colours_and_dashes_have_an_explicit_domain(cells, dark):
    spec = loss_chart(cells, x_axis="updates", scale="log", loss_label="loss", dark=dark)
    labels = [CELLS[cell].label for cell in cells]
    for channel, paint in (("color", [colour(c, dark) for c in cells]), ("strokeDash", [dash(c) for c in cells])):
        found = scales(spec, channel)
        assert found and all(scale == {"domain": labels, "range": paint} for scale in found)


@pytest.mark.parametrize("choice", CHOICES)
def test_the_axes_say_what_they_show(choice):
    spec = text(loss_chart(["lstm"], **choice))
    assert X_TITLES[choice["x_axis"]] in spec and "squared error" in spec and f'"type": "{choice["scale"]}"' in spec


def test_every_cell_has_a_colour_and_dash_of_its_own():
    for dark in (False, True):
        looks = {(colour(cell, dark), tuple(dash(cell))) for cell in CELLS}
        assert len(looks) == len(CELLS)
    assert set(CELLS) <= set(DASHES)


@pytest.mark.parametrize("dark", [False, True])
def test_letters_grow_by_an_expression_of_the_browser_and_nothing_else_changes(dark):
    spec = loss_chart(["lstm", "gru"], x_axis="updates", scale="log", loss_label="loss", dark=dark)
    before, made = text(spec), grown(spec)
    assert text(spec) == before and text(made) == text(grown(spec))
    sizes = [part[name] for part in everything(made) for name in ("fontSize", "labelFontSize") if name in part]
    assert sizes and all(set(size) == {"expr"} for size in sizes)
    assert made["height"] == spec["height"] and len(made["layer"]) == len(spec["layer"])
