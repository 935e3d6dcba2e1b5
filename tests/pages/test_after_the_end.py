"""After a finished race the Train page offers next steps: each starts at once and keeps all that it does not change."""

import pytest
from one_race import ended

from playground.live import process

PAGE = "pages/train.py"
SMALL = {"hidden_size": "4", "batch_size": "4", "steps": "3", "speed": "full"}
RACES = [
    {"task": "adding", "cell": "rnn", "seq_len": "8"},
    {"task": "parity", "cell": "rnn,lstm,gru", "seq_len": "8"},
    {"task": "temperature", "cell": "gru", "seq_len": "7"},
    {"task": "dates", "cell": "rnn"},
    {"task": "captions", "cell": "rnn,feedforward"},
    {"task": "text", "cell": "lstm", "seq_len": "8"},
    {"task": "clue", "cell": "gru", "seq_len": "4", "shuffle": "new"},
]


def started(app):
    app.button(key="train.start").click().run()
    race = ended()
    return app.run(), race


def steps(app):
    return [button for button in app.button if button.key.startswith("train.next.")]


def ways_on(app):
    return [button.label for button in app.button].count("500 more updates")


@pytest.mark.parametrize("query", RACES, ids=lambda query: query["task"])
def test_each_step_starts_at_once_with_its_change_and_all_else_as_it_was(open_page, query):
    app, _ = started(open_page(PAGE, **{**SMALL, **query}))
    before, labels = dict(app.session_state["train.setup"]), [step.label for step in steps(app)]
    assert len(labels) in (2, 3) and ways_on(app) == 1
    for i, label in enumerate(labels):
        process.pool().release(process.pool().owners())
        app, old = started(open_page(PAGE, **{**SMALL, **query}))
        assert [step.label for step in steps(app)] == labels, "the same race, the same steps"
        app.button(key=f"train.next.{i}").click().run()
        race, after = ended(), app.session_state["train.setup"]
        assert not app.exception and not app.error
        changed = {name for name in after if after[name] != before[name]}
        if label == "500 more updates":
            assert race is old and race.step == 503 and changed == {"steps"}
        else:
            assert race is not old and race.status == "finished" and race.step == 3 and len(changed) == 1
            assert [run.config.cell for run in race.runs] == after["cell"].split(",")
        assert not app.info or label == "500 more updates", "nothing had to be changed"


def test_the_steps_come_with_the_end_and_go_with_the_next_start(open_page):
    app = open_page(PAGE, **SMALL, task="parity", cell="gru", seq_len="8")
    assert not steps(app) and not ways_on(app), "a recorded race"
    app.button(key="train.step").click().run()
    assert not steps(app.run()) and not ways_on(app), "a paused one"
    app, _ = started(app)
    assert steps(app) and ways_on(app) == 1
    app.button(key="train.reset").click().run()
    assert not steps(app) and not ways_on(app)


def test_settings_that_wait_for_a_reset_take_the_steps_away_but_not_the_way_on(open_page):
    app, race = started(open_page(PAGE, **SMALL, task="parity", cell="gru", seq_len="8"))
    app.segmented_control(key="train.num_layers").set_value(2).run()
    assert not app.exception and not steps(app) and ways_on(app) == 1
    app.button(key="train.more").click().run()
    assert ended() is race and race.step == 503


def test_a_race_that_blew_up_gets_advice_and_no_steps(open_page):
    app = open_page(PAGE, cell="rnn_relu,lstm", init="identity", gain="5", seq_len="400", hidden_size="4", steps="3")
    app, race = started(app)
    assert race.status == "diverged" and app.button(key="train.remedy.0") and not steps(app) and not ways_on(app)


def test_a_text_of_ones_own_is_learned_on(open_page):
    text = "the cat sat on the mat. the dog lay on the rug! " * 20
    app = open_page(PAGE, **SMALL, task="text", cell="gru", seq_len="8")
    app.text_area(key="train.text").set_value(text).run()
    app, _ = started(app)
    (longer,) = [step for step in steps(app) if step.label.startswith("Characters seen")]
    longer.click().run()
    race = ended()
    assert race.runs[0].config.options["text"] == text == app.session_state["train.setup"]["text"]
    assert race.runs[0].config.seq_len == 16
