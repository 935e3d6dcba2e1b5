"""Heat maps: what goes in is what is painted, written, framed and said; Plotly itself judges every figure."""

import itertools

import numpy as np
import plotly.graph_objects as go
import pytest

from playground.components.heat_map import LETTER, Side, norm_map, share_map
from playground.components.numbers import number
from playground.components.palette import FULL_SHADE, ink, shades

SHARES = np.array([[0.0, 0.25, 1.0], [0.9, 0.05, 0.05]])
ROWS, COLUMNS = Side("true", ["a", "bee"]), Side("answered", ["x", "a longer name", "z"])
TEXTS = [["", "1", "4"], ["18", "1", "1"]]
MARKED = np.array([[True, False, False], [False, False, True]])


def shown(dark=False, **more):
    return share_map(SHARES, ROWS, COLUMNS, unit="share of the row", dark=dark, texts=TEXTS, marked=MARKED, **more)


def middles(edges):
    return [(low + high) / 2 for low, high in itertools.pairwise(edges)]


def norms(dark):
    return norm_map(np.ones((2, 3)), ROWS, Side("lag", numbers=[0, 2, 9]), dark=dark)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("made", [shown, norms])
def test_plotly_knows_everything_in_a_figure_and_nothing_is_added(made, dark):
    drawn = made(dark)
    checked = go.Figure(drawn.figure).to_dict()
    assert set(checked["layout"]) == set(drawn.figure["layout"]) and checked["layout"]["height"] == drawn.height
    for trace, given in zip(checked["data"], drawn.figure["data"], strict=True):
        assert set(trace) == set(given)


@pytest.mark.parametrize("dark", [False, True])
def test_values_are_painted_from_paper_to_full_colour(dark):
    cells = shown(dark).figure["data"][0]
    assert cells["z"] == SHARES.tolist() and (cells["zmin"], cells["zmax"]) == (0, 1)
    assert cells["colorscale"] == [[0, shades(dark)[0]], [1, shades(dark)[1]]]
    assert cells["colorbar"]["title"]["text"] == "share of the row" and cells["colorbar"]["ticktext"] == [
        "0 %",
        "50 %",
        "100 %",
    ]
    assert cells["hovertext"][1] == ["bee, x: 0.900", "bee, a longer name: 0.050", "bee, z: 0.050"]
    most = share_map(SHARES / 50, ROWS, COLUMNS, unit="share", dark=dark, most=0.02).figure["data"][0]
    assert most["zmax"] == 0.02 and most["colorbar"]["ticktext"] == ["0 %", "1 %", "2 %"]


@pytest.mark.parametrize("dark", [False, True])
def test_texts_stand_in_their_cells_in_letters_that_can_be_read(dark):
    cells, letters, _ = shown(dark).figure["data"]
    x, y = middles(cells["x"]), middles(cells["y"])
    written = dict(zip(zip(letters["y"], letters["x"], strict=True), letters["text"], strict=True))
    assert written == {(y[i], x[j]): TEXTS[i][j] for i in range(2) for j in range(3) if TEXTS[i][j]}
    inks = {True: ink("on-full-shade", dark), False: ink("on-shade", dark)}
    assert letters["textfont"]["color"] == [inks[share > FULL_SHADE] for share in (0.25, 1.0, 0.9, 0.05, 0.05)]


def test_marked_cells_have_a_frame_along_their_edges():
    cells, _, frames = shown().figure["data"]
    corners = [(x, y) for x, y in zip(frames["x"], frames["y"], strict=True) if x is not None]
    found = [set(corners[at : at + 5]) for at in range(0, len(corners), 5)]
    wanted = [set(itertools.product(cells["x"][j : j + 2], cells["y"][i : i + 2])) for i, j in ((0, 0), (1, 2))]
    assert found == wanted and frames["line"]["color"] == ink("warm", False)


def test_rows_come_from_above_and_every_name_has_room():
    drawn = shown()
    layout, x = drawn.figure["layout"], drawn.figure["data"][0]["x"]
    assert layout["yaxis"]["range"] == [2, 0] and layout["yaxis"]["ticktext"] == ["a", "bee"]
    assert layout["xaxis"]["ticktext"] == COLUMNS.names and layout["xaxis"]["tickvals"] == middles(x)
    assert all(
        high - low > LETTER * len(name) for (low, high), name in zip(itertools.pairwise(x), COLUMNS.names, strict=True)
    )
    assert drawn.least_width > x[-1]
    narrow = share_map(np.ones((1, 1)), Side("a", ["a"]), Side("b", ["b"]), unit="share", dark=False)
    assert narrow.least_width > narrow.figure["data"][0]["colorbar"]["len"]
    titles = layout["annotations"][0]["text"], layout["yaxis"]["title"]["text"]
    assert titles == ("answered", "true")


def test_names_and_texts_are_escaped_since_plotly_reads_some_html():
    side = Side("names", ["<b>&amp;"])
    figure = share_map(np.ones((1, 1)), side, side, unit="share", dark=False, texts=[["<i>"]]).figure
    cells, letters = figure["data"]
    assert letters["text"] == ["&lt;i&gt;"] and figure["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;&amp;amp;"]
    assert cells["hovertext"] == [["&lt;b&gt;&amp;amp;, &lt;b&gt;&amp;amp;: 1.000"]]


@pytest.mark.parametrize("dark", [False, True])
def test_norms_are_painted_by_their_power_of_ten_within_the_scale(dark):
    norms = np.array([[1.0, 1e-3, np.nan], [0.0, 1e-30, np.inf]], dtype=np.float32)
    drawn = norm_map(norms, Side("loss", numbers=[1, 2]), Side("state", numbers=[0, 2, 9]), dark=dark)
    (cells,) = drawn.figure["data"]
    assert cells["z"][0][2] is None and cells["z"][1][0] is None
    assert [cells["z"][0][0], cells["z"][0][1], *cells["z"][1][1:]] == pytest.approx([0, -3, -8, 0])
    assert cells["hovertext"] == [["1", "0.001", ""], ["", number(1e-30), "∞"]]
    assert (cells["zmin"], cells["zmax"], cells["colorscale"]) == (-8, 0, "Viridis")
    assert dict(zip(cells["colorbar"]["tickvals"], cells["colorbar"]["ticktext"], strict=True)) == {
        -8: "10⁻⁸", -4: "10⁻⁴", 0: "1",
    }  # fmt: skip
    assert cells["x"] == [-1, 1, 5.5, 12.5] and cells["y"] == [0.5, 1.5, 2.5]
    assert drawn.figure["layout"]["yaxis"]["range"] == [2.5, 0.5]
    assert "loss: %{y}" in cells["hovertemplate"] and "state: %{x}" in cells["hovertemplate"]


def test_named_rows_of_norms_are_categories():
    drawn = norm_map(np.ones((2, 2)), Side("at update", ["0", "1,000"]), Side("steps", numbers=[0, 1]), dark=False)
    axis = drawn.figure["layout"]["yaxis"]
    assert (
        drawn.figure["data"][0]["y"] == ["0", "1,000"] and axis["type"] == "category" and axis["range"] == [1.5, -0.5]
    )


def test_a_finger_on_a_heat_map_moves_the_page():
    assert shown().figure["layout"]["dragmode"] is False
