"""Files from strangers on the page: one sentence, the desk as it was; and what Save writes, Load takes."""

import itertools
import tracemalloc

import pytest
import torch

from playground.live import process
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.training.race import Race
from tests.support.crafted_files import crafted
from tests.support.hostile_files import cut, flipped, kinds
from tests.support.largest_file import largest_file

torch.set_num_threads(1)
PAGE = "pages/train.py"


def load(app, data):
    (field,) = [each for each in app.get("file_uploader") if each.key == "train.upload"]
    field.upload("run.safetensors", data, "application/octet-stream")
    return app.run()


def said(app):
    return " ".join(box.value for box in app.info)


def test_a_bad_file_is_told_in_a_sentence_and_nothing_is_laid_on_the_desk(open_page):
    kind = kinds()[0]
    few = itertools.islice(crafted(kind), 0, None, 25)
    for _, data in (*flipped(kind, 3), *cut(kind, 2), *few):
        app = load(open_page(PAGE), data)
        assert not app.exception
        assert "The file is" in said(app)
        assert not process.pool().owners()


@pytest.fixture(scope="module")
def saved():
    return largest_file()


def test_the_largest_permitted_race_is_loaded_again_on_the_page(open_page, saved):
    assert 50 * 2**20 < len(saved) <= checkpoints.MAX_BYTES
    app = load(open_page(PAGE), saved)
    assert not app.exception
    assert "Loaded: the race goes on from update 99,999" in said(app)


def test_a_race_saved_with_more_than_a_new_one_is_given_goes_on_as_it_was(open_page):
    config = RunConfig(cell="lstm", hidden_size=16, batch_size=380, seq_len=190)
    race = Race.of([config])
    race.advance_one(even_if_paused=True)
    app = load(open_page(PAGE), checkpoints.save(race.runs))
    told = [box.value for box in app.info]
    assert not app.exception and told[0].startswith("Loaded: the race goes on from update 1")
    assert "Only for a new run: Batch size 380 is more than this server gives" in told[0]
    assert "keeps its settings" in told[1]
    assert [each.trainee.runs[0].config for each in process.pool()._entries.values()] == [config]


def test_the_networks_of_a_file_are_read_one_by_one(saved):
    tracemalloc.start()
    checkpoints.load(saved)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.9 * len(saved)


def test_the_browser_may_send_as_much_as_can_be_loaded():
    from streamlit import config

    assert config.get_option("server.maxUploadSize") * 2**20 == checkpoints.MAX_BYTES
