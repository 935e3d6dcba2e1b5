"""What sessions own: one value of each kind, ended when it is replaced and when its owner is gone, and only once."""

import pytest

from playground.live import jobs
from playground.session import owned
from playground.session.owned import Owned
from playground.shakespeare import streams
from playground.shakespeare.settings import read_settings


@pytest.fixture
def kinds(monkeypatch):
    """Two kinds of their own, and what has ended."""
    monkeypatch.setattr(owned, "_kinds", [])
    ended = []
    return Owned(ended.append), Owned(lambda value: ended.append(-value)), ended


def test_a_value_is_its_owners_and_ends_when_it_is_replaced(kinds):
    one, other, ended = kinds
    one.put("ann", 1)
    other.put("ann", 2)
    one.put("bob", 3)
    assert (one.get("ann"), other.get("ann"), one.get("bob"), other.get("bob")) == (1, 2, 3, None)
    one.put("ann", 4)
    assert one.get("ann") == 4 and ended == [1]
    assert owned.owners() == {"ann", "bob"}


def test_all_that_belongs_to_one_who_is_gone_ends_once(kinds):
    one, other, ended = kinds
    one.put("ann", 1)
    other.put("ann", 2)
    one.put("bob", 3)
    owned.release(["ann", "nobody"])
    owned.release(["ann"])
    assert sorted(ended) == [-2, 1] and owned.owners() == {"bob"}
    assert one.get("ann") is None and one.get("bob") == 3


def test_jobs_and_texts_end_with_their_tab():
    jobs.start("tab", "ann", "counting", [])
    job, (text, *_) = jobs.of("tab", "counting"), streams.start("tab", read_settings({})[0])
    assert {"tab"} <= owned.owners() and text.moving
    owned.release(["tab"])
    assert job.stopped and not text.moving
    assert jobs.of("tab", "counting") is None and streams.of("tab") == [] and "tab" not in owned.owners()
