"""The figure of states as a space: what its colours mean is said in the picture itself."""

from functools import partial

import pytest

from playground.inside.memory.space_figure import explained, space_figure
from rnncore.analysis.space import paths
from rnncore.analysis.states import Network, Place
from rnncore.config import RunConfig


def figure(task, **look):
    network = Network(RunConfig.from_flat({"task": task, "cell": "gru", "hidden_size": 8}), None)
    found = paths(network, Place(-1, "h"), axes_of=network)
    return partial(space_figure, found, chosen=(0, 0), ends=(-1.0, 1.0), dark=False)(**look)


@pytest.mark.parametrize("colour", ["remembered", "class"])
@pytest.mark.parametrize("letters", [True, False])
def test_a_legend_has_a_title_and_marks_that_can_be_seen(colour, letters):
    made = figure("temporal_order", colour=colour, flat=True, letters=letters)
    shown = [each for each in made["data"] if each.get("showlegend")]
    assert len({each["name"] for each in shown}) == len(shown) >= 2
    assert all(each["marker"].get("opacity", 1) > 0.5 for each in shown)
    assert made["layout"]["legend"]["title"]["text"] == {"remembered": "the first marked input:",
                                                         "class": "right answer:"}[colour]  # fmt: skip


def test_a_scale_of_colours_says_what_it_tells():
    for colour, title in (("remembered", "the first marked number"), ("class", "right answer"), ("step", "step")):
        made = figure("adding", colour=colour, flat=True, letters=False)
        scales = [each["marker"]["colorbar"] for each in made["data"] if "colorbar" in each.get("marker", {})]
        assert [each["title"]["text"] for each in scales] == [title]


def test_of_too_many_classes_for_a_legend_it_is_known_that_none_explains_them():
    assert explained(figure("temporal_order", colour="class", flat=True, letters=True))
    assert explained(figure("adding", colour="step", flat=False, letters=False))
    assert not explained(figure("text", colour="class", flat=True, letters=True))
