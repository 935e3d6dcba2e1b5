"""Jobs: pieces in order, one line for all, stopped, replaced, and failed with a word."""

import threading

import pytest

from playground.live import jobs
from tests.support.waiting import until


def test_results_come_in_order_and_only_to_who_asked():
    jobs.start("a", "a", "squares", [lambda i=i: i * i for i in range(5)])
    job = jobs.of("a", "squares")
    until(lambda: not job.moving)
    assert job.results == [0, 1, 4, 9, 16]
    assert jobs.of("a", "cubes") is None and jobs.of("b", "squares") is None


@pytest.mark.parametrize("how", [lambda: jobs.stop("a"), lambda: jobs.start("a", "a", "another", [])])
def test_a_job_that_is_stopped_or_replaced_does_no_more(how):
    begun, may_go_on = threading.Event(), threading.Event()

    def piece():
        begun.set()
        return may_go_on.wait(5)

    jobs.start("a", "a", "long", [piece] * 100)
    job = jobs.of("a", "long")
    assert begun.wait(5)
    how()
    may_go_on.set()
    jobs.start("b", "b", "next", [lambda: 1])
    until(lambda: jobs.of("b", "next").results)
    assert job.stopped and not job.moving and len(job.results) == 1


def test_an_error_is_told_and_the_next_job_runs(caplog):
    jobs.start("a", "a", "bad", [lambda: 1 / 0, lambda: 1])
    job = jobs.of("a", "bad")
    until(lambda: not job.moving)
    assert job.failure == "ZeroDivisionError: division by zero" and job.results == []
    jobs.start("a", "a", "good", [lambda: 1])
    until(lambda: jobs.of("a", "good").results == [1])
    assert "a job has failed" in caplog.text


def test_a_job_ends_with_its_tab():
    begun, may_go_on = threading.Event(), threading.Event()

    def piece():
        begun.set()
        return may_go_on.wait(5)

    jobs.start("closes", "closes", "long", [piece] * 100)
    job = jobs.of("closes", "long")
    assert begun.wait(5)
    jobs.pool().release(["closes"])  # what the janitor does with the tabs that have gone
    may_go_on.set()
    until(lambda: not job.moving)
    assert len(job.results) == 1 and "closes" not in jobs.pool().owners()
