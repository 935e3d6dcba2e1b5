"""Heat maps on the pages, drawn by Streamlit itself: each with its finding as text alternative, and a CSV beside it."""

import itertools
import json
import re
from collections import Counter

import pytest


def heat_maps(app):
    return [(each.proto.alt, json.loads(each.proto.spec)) for each in app.get("plotly_chart")]


def labels(app):
    return [each.proto.label for each in app.get("download_button")]


def place(edges, at):
    return next(i for i, (low, high) in enumerate(itertools.pairwise(edges)) if low < at < high)


def test_the_confusion_matrix_of_the_recorded_run_says_what_share_is_right(open_page):
    app = open_page("pages/train.py", task="digits", cell="gru,lstm")
    app.segmented_control(key="train.inspect.digits").set_value("Mix-ups").run()
    assert not app.exception and len(heat_maps(app)) == 2 and "Mix-ups as CSV" in labels(app)
    for said, figure in heat_maps(app):
        cells, letters, _ = figure["data"]
        counts = Counter()
        for x, y, text in zip(letters["x"], letters["y"], letters["text"], strict=True):
            counts[place(cells["y"], y), place(cells["x"], x)] += int(text)
        right = sum(n for (true, answered), n in counts.items() if true == answered)
        worst = max(n for (true, answered), n in counts.items() if true != answered)
        assert f"{counts.total():,} held-out answers" in said and f", {worst} of " in said
        assert said.endswith(f"Right, on the diagonal: {100 * right / counts.total():.1f} %.")


@pytest.mark.parametrize(
    "task, look", [("clue", "Step by step"), ("dates", "Step by step"), ("copy_memory", "Mix-ups")]
)
def test_other_heat_maps_of_recorded_runs_are_drawn(open_page, task, look):
    app = open_page("pages/train.py", task=task, cell="gru")
    app.segmented_control(key=f"train.inspect.{task}").set_value(look).run()
    ((said, figure),) = heat_maps(app)
    assert not app.exception and said.startswith("GRU") and f"{look} as CSV" in labels(app)
    assert "layout" not in figure["layout"]["template"] and figure["data"][0]["type"] == "heatmap"


def test_the_triangles_say_how_much_weaker_the_far_gradient_is(open_page):
    app = open_page("pages/gradients.py", look="every", task="text", cell="rnn,gru", seq_len="20", hidden_size="8")
    drawn = heat_maps(app)
    assert len(drawn) == 2 and "Triangle as CSV" in labels(app)
    for label, (said, figure) in zip(("Vanilla RNN", "GRU"), drawn, strict=True):
        z = figure["data"][0]["z"]
        weaker = float(re.search(r"([\d.,]+) times weaker", said)[1].replace(",", ""))
        assert said.startswith(f"{label}: the loss at step 20 reaches the state 10 steps earlier")
        assert weaker == pytest.approx(10 ** (z[-1][-1] - z[-1][-11]), rel=0.06)
