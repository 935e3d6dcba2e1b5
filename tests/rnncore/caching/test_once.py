"""What is made once for all who ask."""

import threading
from contextlib import contextmanager

import pytest

from rnncore.caching.once import Latest, once, once_for_each

SECONDS = 20


def together(ask, count):
    """Call from so many threads at once and return what each got, or what was raised."""
    start, got = threading.Barrier(count), [None] * count

    def call(number):
        start.wait(SECONDS)
        try:
            got[number] = ask(number)
        except ValueError as error:
            got[number] = error

    threads = [threading.Thread(target=call, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return got


def test_who_asks_while_it_is_made_waits_for_it():
    begun, go_on, made = threading.Event(), threading.Event(), []

    @once_for_each(2)
    def make(name):
        made.append(name)
        begun.set()
        assert go_on.wait(SECONDS)
        return object()

    threading.Thread(target=lambda: begun.wait(SECONDS) and threading.Timer(0.1, go_on.set).start()).start()
    got = together(lambda _: make("a"), 8)
    assert made == ["a"] and len(set(map(id, got))) == 1


def test_other_keys_do_not_wait():
    go_on = threading.Event()

    @once_for_each(2)
    def make(name):
        if name == "slow":
            assert go_on.wait(SECONDS)
        return name

    slow = threading.Thread(target=make, args=("slow",))
    slow.start()
    assert make("quick") == "quick" and slow.is_alive()
    go_on.set()
    slow.join(SECONDS)


def test_what_was_asked_for_last_is_kept_and_keywords_count():
    made = []

    @once_for_each(2)
    def make(name, more=0):
        made.append((name, more))
        return name, more

    for name in "abacab":
        make(name)
    assert "".join(name for name, _ in made) == "abcb"
    assert make("b", more=1) == ("b", 1) and make.__name__ == "make"


def test_a_failure_is_not_kept_and_nobody_waits_for_ever():
    latest, tries = Latest(2), []

    def make():
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("not yet")
        return "made"

    got = together(lambda _: latest.get("key", make), 3)
    assert sorted(map(str, got)) == ["made", "not yet", "not yet"] and latest.get("key", make) == "made"
    with pytest.raises(ZeroDivisionError):
        latest.get("other", lambda: 1 // 0)


def test_once_is_for_all():
    made = once(object)
    assert len({id(found) for found in together(lambda _: made(), 4)}) == 1


def test_something_else_is_done_meanwhile_only_while_it_is_made_or_waited_for():
    done, latest = [], Latest(2)

    @contextmanager
    def meanwhile():
        done.append("begun")
        yield
        done.append("ended")

    make = lambda: done.append("made") or "value"  # noqa: E731
    assert latest.get("a", make, meanwhile) == "value" and done == ["begun", "made", "ended"]
    assert latest.get("a", make, meanwhile) == "value" and len(done) == 3
