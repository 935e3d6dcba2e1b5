"""Specs depend on choices alone, so that a live chart is never built anew; colours never follow the alphabet."""

import inspect
import itertools
import json
import re
from functools import partial
from importlib import import_module
from pathlib import Path

import altair as alt
import pytest

from playground.components.charts import ROWS, Spec, draw_chart, grown
from playground.components.loss_chart import X_TITLES, loss_chart
from playground.components.palette import colour, dash
from playground.gradients.charts import clip_chart, flow_chart
from playground.inside.cell.weights import growth_chart
from playground.inside.memory.cut_chart import cut_chart
from playground.inside.memory.eigen_chart import eigen_chart
from playground.inside.memory.probe_chart import probe_chart
from playground.train.inspect_views import scatter_chart
from rnncore.cells import CELLS

ROOT = Path(__file__).parents[3]
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
    cells = ("rnn", "lstm", "gru", "gru_cho")
    spec = loss_chart(cells, **choice)
    assert text(spec) == text(loss_chart.__wrapped__(cells, **choice)) and json.loads(text(spec)) == spec
    assert not any({"values", "datasets", "width"} & set(part) or "data" in part for part in everything(spec))
    assert set(inspect.signature(loss_chart).parameters) == {"cells", *choice}


def scales(spec, channel):
    return [part[channel]["scale"] for part in everything(spec) if isinstance(part.get(channel), dict)
            and "scale" in part[channel]]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("cells", [("lstm",), ("gru", "rnn"), ("rnn_relu", "lstm_peephole", "feedforward", "lstm")])
def test_colours_and_dashes_have_an_explicit_domain(cells, dark):
    spec = loss_chart(cells, x_axis="updates", scale="log", loss_label="loss", dark=dark)
    labels = [CELLS[cell].label for cell in cells]
    for channel, paint in (("color", [colour(c, dark) for c in cells]), ("strokeDash", [dash(c) for c in cells])):
        found = scales(spec, channel)
        assert found and all(scale == {"domain": labels, "range": paint} for scale in found)


@pytest.mark.parametrize("choice", CHOICES)
def test_the_axes_say_what_they_show(choice):
    spec = text(loss_chart(("lstm",), **choice))
    assert X_TITLES[choice["x_axis"]] in spec and "squared error" in spec and f'"type": "{choice["scale"]}"' in spec


def test_every_cell_has_a_colour_and_dash_of_its_own():
    for dark in (False, True):
        looks = {(colour(cell, dark), tuple(dash(cell))) for cell in CELLS}
        assert len(looks) == len(CELLS)


@pytest.mark.parametrize("dark", [False, True])
def test_letters_grow_by_an_expression_of_the_browser_and_nothing_else_changes(dark):
    spec = loss_chart(("lstm", "gru"), x_axis="updates", scale="log", loss_label="loss", dark=dark)
    sizes = [part[name] for part in everything(spec) for name in ("fontSize", "labelFontSize") if name in part]
    assert sizes and all(set(size) == {"expr"} for size in sizes)
    assert grown({"mark": [{"fontSize": 12, "size": 12}]}) != {"mark": [{"fontSize": 12, "size": 12}]}
    assert grown(spec) == spec, "once only"


FOUR = ("rnn", "lstm", "gru_cho", "feedforward")
EVERY = [
    *(partial(loss_chart, FOUR, **choice) for choice in CHOICES if not choice["dark"]),
    partial(flow_chart, FOUR, x_title="steps", y_title="norm", log_x=True, states=True),
    partial(flow_chart, FOUR[:1], x_title="steps", y_title="norm", half_wide=True),
    partial(clip_chart, FOUR, "norm"), partial(clip_chart, FOUR, "loss"),
    partial(scatter_chart, FOUR, "degrees"),
    partial(growth_chart, "lstm"),
    partial(cut_chart, FOUR, "probability", probable=True), partial(cut_chart, FOUR[:1], "loss", probable=False),
    partial(eigen_chart, "lstm", 1.3), partial(eigen_chart, "rnn", 10.4),
    partial(probe_chart, FOUR, classes=True), partial(probe_chart, FOUR, classes=False),
]  # fmt: skip


def charts():
    """Every function of the web layer that returns a spec, found by its name and its type."""
    for file in sorted((ROOT / "playground").rglob("*.py")):
        for name in re.findall(r"(?m)^def ([a-z]\w*_chart)\(", file.read_text(encoding="utf-8")):
            module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            made = getattr(module, name)
            if inspect.signature(made).return_annotation == Spec:
                yield made


EVERY += [made for made in charts() if set(inspect.signature(made).parameters) == {"dark"}]  # the others choose more


def test_every_chart_is_tried():
    assert set(charts()) == {getattr(made, "func", made) for made in EVERY}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("made", EVERY, ids=lambda made: getattr(made, "func", made).__name__)
def test_every_spec_is_one_that_vega_lite_knows_and_drawing_leaves_it_as_it_is(made, dark):
    spec = made(dark=dark)
    before = text(spec)
    alt.LayerChart.from_dict({**spec, "data": ROWS.to_dict()}).to_dict()
    draw_chart([{"x": 1.0}], spec, alt="nothing")
    assert text(made(dark=dark)) == before
    assert spec["config"]["aria"] is False and spec["config"]["mark"]["aria"] is False
