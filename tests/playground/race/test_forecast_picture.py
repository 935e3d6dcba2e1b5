"""A forecast on its curve: as far from the truth as the numbers say."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree

from playground.race.forecast_picture import EDGE, HEIGHT, Mark, picture
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import Shown, Track

MARKS = (Mark("RNN", "#111111"), Mark("<b>", "#222222"))


def example(*answers, past=(0.0, 10.0), truth=5.0):
    tracks = Track("x", "input", past), Track("next", "truth", (truth,), start=len(past))
    return [Shown("q", "5", str(a), False, (*tracks, Track("net", "answer", (a,), start=len(past)))) for a in answers]


def parts(html):
    source = re.search(r'src="data:image/svg\+xml,([^"]*)"', html)[1]
    return ElementTree.fromstring(unquote(source)).findall("{*}path")  # noqa: S314  our own drawing


def stem(path):
    _, start, end = re.fullmatch(r"M([\d.]+) ([\d.]+)V([\d.]+)", path.get("d")).groups()
    return float(start), float(end)


def test_a_stem_is_as_long_as_the_error_and_points_the_same_way():
    _, _, low, _, high, _ = parts(picture(example(4.0, 8.0), MARKS))
    (start, below), (same, above) = stem(low), stem(high)
    unit = (HEIGHT - 2 * EDGE) / (10 * 1.7)
    assert start == same == HEIGHT / 2 and abs(below - start - unit) < 0.1 and abs(start - above - 3 * unit) < 0.1
    assert (low.get("stroke"), high.get("stroke")) == ("#111111", "#222222")


def test_a_forecast_beyond_the_picture_is_an_arrow_at_its_edge_and_one_that_is_no_number_is_left_out():
    _, _, stem_up, arrow = parts(picture(example(1e9, float("nan")), MARKS))
    assert stem(stem_up)[1] == EDGE and "rotate" not in arrow.get("transform")
    *_, arrow = parts(picture(example(float("nan"), -1e9), MARKS))
    assert "rotate(180)" in arrow.get("transform")


def test_the_curve_stays_where_it_is_whatever_the_networks_say():
    one, other = (parts(picture(example(*answers), MARKS))[0].get("d") for answers in ((1.0, 2.0), (1e6, -3.0)))
    assert one == other


def test_what_is_said_of_it_is_escaped_and_names_every_forecast():
    html = picture(example(4.0, 8.0), MARKS)
    assert "RNN 4.0, &lt;b&gt; 8.0" in html and "<b>" not in html


def test_every_series_can_be_drawn():
    for name in ("sines", "temperature", "co2", "stocks", "hourly", "own_series"):
        task = RunConfig(task=name).build_task()
        batch = task.held_out(1, generator(0, "held-out"))
        assert len(parts(picture([task.show(batch, batch.targets[0])] * 2, MARKS))) == 6, name
