"""A race that has ended goes on: more updates, a file of a race that had finished, the way back from a blow-up."""

import pytest
from one_race import ended

from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.training.run import Run

PAGE = "pages/train.py"
SMALL = {"cell": "rnn", "hidden_size": "4", "seq_len": "8", "batch_size": "4"}


def press(app, key):
    return app.button(key=f"train.{key}").click().run()


def press_more(app):
    (button,) = [each for each in app.button if each.label == "500 more updates"]
    return button.click().run()


def said(app):
    return " ".join(box.value for box in app.info)


def load(app, run):
    (field,) = [each for each in app.get("file_uploader") if each.key == "train.upload"]
    field.upload("run.safetensors", checkpoints.save([run]), "application/octet-stream")
    return app.run()


def trained(steps, updates, **values):
    run = Run(RunConfig.from_flat({**SMALL, "steps": steps, **values}))
    run.advance(steps=updates)
    return run


def test_more_updates_go_on_from_where_a_finished_race_stands(open_page):
    app = press(open_page(PAGE, **SMALL, steps="3", schedule="cosine"), "start")
    race = ended()
    app = press_more(app.run())
    assert not app.exception and ended() is race and race.step == 503
    assert app.query_params["steps"] == "503"
    assert "jumps up to 0.01" in said(app), "the half cosine had come down to 0"
    assert race.runs[0].history.updates["lr"][3] == pytest.approx(0.01, rel=1e-3)


def test_more_updates_count_even_where_a_target_had_been_met(open_page):
    app = press(open_page(PAGE, **SMALL, steps="40", target="0"), "start")
    race = ended()
    assert race.step < 40
    step = race.step
    press_more(app.run())
    assert ended().step == step + 500 and race.runs[0].config.target is None


@pytest.mark.parametrize(
    ("run", "button", "sentence"),
    [
        (lambda: trained(5, 5), "Start again", "had finished at update 5. **500 more updates** goes on"),
        (lambda: trained(5, 2), "Resume", "goes on from update 2 when you press **Resume**"),
        (lambda: trained(5, 0), "Start", "**Start** begins"),
    ],
)
def test_what_is_said_of_a_loaded_race_fits_its_buttons(open_page, run, button, sentence):
    app = load(open_page(PAGE), run())
    assert not app.exception and app.button(key="train.start").label == button
    assert sentence in said(app)


def test_a_race_of_the_greatest_length_says_so(open_page):
    app = open_page(PAGE, **SMALL, steps="3")
    press(app, "start")
    race = ended()
    race.set(steps=100_000)
    race.runs[0].step = 100_000
    app = press_more(app.run())
    assert not app.exception and "at most 100,000 updates" in said(app)


def test_after_rewinding_every_answer_is_of_the_state_that_was_rewound_to():
    run = trained(500, 12)
    run.set(lr=10, clip_norm=0)
    run.advance(steps=488)
    assert run.divergence is not None
    run.rewind()
    assert run.answered_at == run.step == run.good_step
    fresh = Run(run.config)
    fresh.set(lr=0.01, clip_norm=1)
    fresh.advance(steps=run.step)
    assert [line.answer for line in run.shown()] == [line.answer for line in fresh.shown()]


def test_a_network_that_overflows_at_once_gets_advice_that_is_followed_with_one_click(open_page):
    app = open_page(PAGE, cell="rnn_relu,lstm", init="identity", gain="5", seq_len="400", hidden_size="4", steps="3")
    app = press(app, "step").run()
    said = " ".join(text.value for text in app.markdown)
    assert not app.exception and "blew up before its first update" in said and "learning rate" not in said
    labels = {button.key: button.label for button in app.button}
    assert "train.rewind" not in labels, "there is nothing good to go back to"
    assert labels["train.remedy.0"] == "A gain of 1 in place of 5"
    app = press(app, "remedy.0")
    race = ended()
    assert not app.exception and app.query_params["gain"] == "1.0"
    assert [run.step for run in race.runs] == [3, 3]
