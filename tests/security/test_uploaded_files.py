"""Files from strangers on the page: one sentence, the desk as it was; and what Save writes, Load takes."""

import itertools

import pytest
import torch

from benchmarks.crafted_files import crafted
from benchmarks.hostile_files import cut, flipped, kinds
from playground import server
from playground.server import LIMITS
from rnncore import checkpoints
from rnncore.config import RunConfig
from rnncore.limits import check, memory
from rnncore.race import MAX_CELLS, Race
from rnncore.run import Run
from rnncore.sizing import parameters

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
        assert not server.pool().owners()


def largest() -> list[RunConfig]:
    """The race that the limits permit of which most is saved."""
    changes = {"task": "adding", "cell": "lstm", "optimizer": "adam", "steps": 100_000, "seq_len": 10, "batch_size": 8}
    sizes = [RunConfig.from_flat({**changes, "hidden_size": n}) for n in range(400, 520)]
    config = [each for each in sizes if parameters(each) <= LIMITS.parameters][-1]
    check(config, LIMITS)
    assert parameters(config) > 0.99 * LIMITS.parameters
    assert MAX_CELLS * memory(config) <= LIMITS.memory
    return [config] * MAX_CELLS


@pytest.fixture(scope="module")
def saved():
    race = Race.of(largest())
    for run in race.runs:
        as_if_trained(run, 99_999)
    return checkpoints.save(race.runs)


def as_if_trained(run: Run, steps: int) -> None:
    """Give a run the history of so many updates, which would take hours, after two true ones."""
    run.advance(steps=2)
    updates = run.history.updates.rows()[-1:].repeat(steps, axis=0)
    held_out = run.history.held_out.rows()[-1:].repeat(4_100, axis=0)
    held_out[:, 0] = range(4_100)
    run.history = type(run.history)(updates, held_out)
    run.step = steps
    run.restored(steps)


def test_the_largest_permitted_race_is_loaded_again_on_the_page(open_page, saved):
    assert 50 * 2**20 < len(saved) <= checkpoints.MAX_BYTES
    app = load(open_page(PAGE), saved)
    assert not app.exception
    assert "Loaded: the race goes on from update 99,999" in said(app)


def test_the_browser_may_send_as_much_as_can_be_loaded():
    from streamlit import config

    assert config.get_option("server.maxUploadSize") * 2**20 == checkpoints.MAX_BYTES
