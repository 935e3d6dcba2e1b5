"""What is asked for when the heaviest pages are measured: nothing that the server would refuse at once."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.heaviest import ASKINGS, MOVES, READ
from playground.learning.settings import read_settings
from playground.race.setup import read_setup


@pytest.mark.parametrize("name", ASKINGS)
def test_an_address_has_only_settings_that_exist(name):
    page = urlsplit(ASKINGS[name].path)
    raw = dict(parse_qsl(page.query))
    if page.path == "/gradients":
        raw = {key: value for key, value in raw.items() if key not in ("look", "swept")}
    _, said = read_settings(raw) if page.path == "/learning" else read_setup(raw)
    assert not [sentence for sentence in said if "do not exist" in sentence]


@pytest.mark.parametrize("text", ["at update 1 of 100", "at update 12,000"])
def test_a_race_moves_from_its_first_update_on(text):
    assert MOVES.search(text)


def test_a_race_that_has_not_begun_does_not_move():
    assert not MOVES.search("at update 0 of 100")


def test_what_pages_say_of_files_is_known():
    assert READ["table"].search("<b>first</b>: 50,000 values")
    assert READ["model"].search("Loaded: the race goes on from update 99,999 when you press")
