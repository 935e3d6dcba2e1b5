"""Frames that no page of ours sends have no effect on anybody."""

from streamlit.runtime import caching

from playground.learning import recorded as learning_recorded
from playground.live import process, updater
from playground.race import recorded
from rnncore.config import RunConfig
from rnncore.training.race import Race


def owned():
    return [process.pool(), updater.live_updater(), learning_recorded.study(), recorded._load("adding")]


def test_clearing_streamlits_caches_takes_nothing_that_the_process_owns():
    before = owned()
    race = Race.of([RunConfig(hidden_size=4, seq_len=8, batch_size=4)])
    number = process.pool().add("somebody", race)
    try:
        caching.cache_data.clear()
        caching.cache_resource.clear()
        assert all(now is old for now, old in zip(owned(), before, strict=True))
        assert process.pool().get("somebody", number).trainee is race
    finally:
        process.pool().release(["somebody"])
