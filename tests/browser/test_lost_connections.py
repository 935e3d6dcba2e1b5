"""A closed tab gives its run back; an open one keeps it, however quiet, also over a short loss of the network."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUIET_PAGE = "/?cell=lstm&hidden_size=16&batch_size=8&speed=slow"


def test_a_closed_tab_frees_its_run(visitors, impatient):
    server, races = impatient
    closing, staying = visitors(port=server.port).open(QUIET_PAGE), visitors(port=server.port).open(QUIET_PAGE)
    for visitor in (closing, staying):
        visitor.press("Start")
        visitor.reached(1)
    staying.until(lambda: races() == 2, "two races")
    closing.page.close()
    staying.until(lambda: races() == 1, "the closed tab's race to be freed")
    before = staying.update()
    staying.wait(6)  # longer than the grace
    assert races() == 1
    staying.reached(before + 4)


def test_a_tab_that_comes_back_in_time_keeps_its_run(visitors, impatient, wires):
    server, races = impatient
    wire = wires(server.port)
    visitor = visitors(port=wire.port).open(QUIET_PAGE)
    visitor.press("Start")
    before = visitor.reached(2)
    wire.cut()
    visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
    wire.mend()
    visitor.settled_again()
    visitor.wait(6)
    assert races() == 1
    assert visitor.reached(before.update + 4).seed == before.seed
    visitor.errors.clear()


def test_a_tab_that_comes_back_too_late_is_told_so_and_can_start_again(visitors, impatient, wires):
    server, races = impatient
    wire = wires(server.port)
    visitor = visitors(port=wire.port).open(QUIET_PAGE)
    visitor.press("Start")
    visitor.reached(2)
    wire.cut()
    visitor.until(lambda: races() == 0, "the race to be freed")
    wire.mend()
    visitor.settled_again()
    assert "freed" in visitor.until(visitor.alerts, "a word about the run")[0]
    visitor.press("Start")
    visitor.reached(2)
    visitor.until(lambda: not visitor.alerts(), "nothing more to say")
    assert races() == 1
    visitor.errors.clear()


def test_after_a_restart_the_page_says_so_and_start_repeats_the_run(visitors, servers, wires, trained_alone):
    first, second = servers(), servers()
    wire = wires(first.port)
    visitor = visitors(port=wire.port).open("/?cell=gru&hidden_size=8&steps=100&speed=medium")
    visitor.press("Start")
    visitor.reached(2)
    assert not visitor.alerts()
    wire.cut()
    first.process.kill()
    visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
    wire.mend(second.port)
    visitor.settled_again()
    said = visitor.until(visitor.alerts, "a word about the run")[0]
    assert "restarted" in said and "same losses" in said
    visitor.press("Start")
    visitor.reached(2)
    visitor.until(lambda: not visitor.alerts(), "nothing more to say")
    visitor.says("Finished", 100)
    assert visitor.csv() == trained_alone(cell="gru", hidden_size="8", steps="100")
    visitor.errors.clear()


def test_a_first_visit_is_told_nothing_of_restarts(visitor):
    visitor.open("/learning")
    assert not visitor.alerts()
    visitor.open("/")
    visitor.page.reload()
    visitor.settled_again()
    assert not visitor.alerts()
