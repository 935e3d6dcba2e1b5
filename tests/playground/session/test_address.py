"""The address holds the whole set-up as text, and what is too long for it is left out."""

from urllib.parse import parse_qs, urlencode

import pytest

from playground.race.setup import read_setup
from playground.session.address import LONGEST, as_text, fits
from rnncore.tasks import TASKS


def test_values_stand_in_an_address_as_a_person_would_write_them():
    assert as_text({"a": True, "b": None, "c": 0.001, "d": 12, "e": "x y", "f": False, "g": 1e-06}) == {
        "a": "true", "b": "", "c": "0.001", "d": "12", "e": "x y", "f": "false", "g": "1e-06",
    }  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_a_set_up_survives_the_way_through_a_real_address(task):
    setup, _ = read_setup({"task": task, "lr": 0.1 + 0.2, "clip_norm": 1 / 3, "dropout": 0.1})
    query = urlencode(as_text(setup.flat()))
    back = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    assert read_setup(back) == (setup, [])


def test_the_page_writes_its_set_up_into_the_address(open_page):
    app = open_page(task="parity", seed="9", cell="gru")
    setup, _ = read_setup({"task": "parity", "seed": 9, "cell": "gru"})
    assert dict(app.query_params) == as_text(setup.flat())
    before = dict(app.query_params)
    assert dict(app.run().query_params) == before


def test_a_long_text_stays_in_the_set_up_and_the_address_names_it(open_page):
    text = "A text of one's own. " * 300
    assert len(text) > LONGEST and not fits({"text": text})
    app = open_page(task="text", text=text)
    assert not app.exception and dict(app.query_params)["text"].startswith("sha256:")
    assert app.run().text_area(key="train.text").value == text
    assert any("needs your file" in caption.value for caption in app.sidebar.caption)
