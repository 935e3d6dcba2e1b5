"""Every page opens cold and works, run by Streamlit's own test driver."""

import hashlib
import html
import json
import re
import threading
from pathlib import Path

import pytest

from playground.language_models import shipped_models
from playground.learning import settings
from playground.live import process
from playground.race import actions
from playground.race.setup import setup_settings
from playground.session.owned import Owned
from playground.shakespeare import streams
from playground.shakespeare.settings import BY_HAND
from rnncore.cells import CELLS
from rnncore.tasks import TASKS
from rnncore.text import corpora, language
from rnncore.text.language import SHIPPED, shipped
from rnncore.text.study import Study
from rnncore.text.units import FEATURES
from rnncore.training.race import Race
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
PAGES = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "pages").glob("*.py"))
TRAIN = "pages/train.py"
QUERIES = [
    {},
    {"task": "parity", "cell": "gru", "seed": "7", "hidden_size": "16"},
    {"cell": ",".join(CELLS), "equal": "true", "scale": "linear", "x_axis": "seconds", "speed": "slow"},
    {"task": "nothing", "hidden_size": "many", "zzz": "<script>alert(1)</script>", "lr": "nan"},
]


def assert_sound(app):
    assert not app.exception, [box.value for box in app.exception]
    assert not app.error, [box.value for box in app.error]
    assert len(app.title) == 1 and app.title[0].value


def status(app):
    return " ".join(
        [*(re.sub("<[^>]*>", "", box.value) for box in app.main.get("html")), *(c.value for c in app.main.caption)]
    )


def press(app, key):
    return app.button(key=f"train.{key}").click().run()


def test_there_are_pages():
    assert TRAIN in PAGES and len(PAGES) >= 2


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", QUERIES)
def test_a_page_opens_cold_and_again(open_page, page, query):
    app = open_page(page, **query)
    assert_sound(app)
    assert_sound(app.run())


@pytest.mark.parametrize("query", QUERIES)
def test_the_app_opens_on_the_train_page(open_page, query):
    app = open_page(**query)
    assert_sound(app)
    assert {button.key for button in app.button} >= {f"train.{k}" for k in ("start", "step", "reset", "new_seed")}


@pytest.mark.parametrize("page", PAGES)
def test_the_navigation_reaches_every_page(open_page, page):
    app = open_page().switch_page(f"../{page}").run()
    assert_sound(app)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_opens_and_does_a_step(open_page, task):
    app = open_page(TRAIN, task=task, cell="rnn,lstm")
    assert_sound(app)
    assert app.title[0].value == TASKS[task].question and not app.info
    press(app, "step")
    assert_sound(app)
    answered = [box.proto.body for box in app.main.get("html") if 'class="replies' in box.proto.body
                or 'class="written"' in box.proto.body]  # fmt: skip
    assert len(answered) == bool(TASKS[task].ask)


def test_a_recorded_run_is_asked_too_and_a_bad_question_leaves_the_last_good_answer(open_page):
    def said(app, part):
        return [box.proto.body for box in app.main.get("html") if part in box.proto.body]

    app = open_page()
    (before,) = said(app, 'class="replies')
    assert "1.1" in before, "0.72 + 0.41, by two networks that have learned it"
    app.text_input(key="train.ask.adding").set_value("0.1 + <b>2</b>").run()
    assert_sound(app)
    assert said(app, 'class="replies') == [before] and "&lt;b&gt;" in said(app, "refused")[0]
    app.text_input(key="train.ask.adding").set_value("0.2 + 0.1").run()
    assert said(app, 'class="replies') != [before] and not said(app, "refused")


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_opens(open_page, cell):
    app = open_page(TRAIN, cell=cell)
    assert_sound(app)
    assert CELLS[cell].label in app.sidebar.caption[0].value


def test_another_task_brings_its_title_and_its_recommended_settings(open_page):
    app = open_page(TRAIN, hidden_size="64", lr="0.5", seed="3", cell="gru")
    app.selectbox(key="train.task").set_value("text").run()
    assert_sound(app)
    assert app.title[0].value == TASKS["text"].question
    known = setup_settings("text")
    for name in ("lr", "seq_len", "hidden_size", "steps", "batch_size"):
        assert app.query_params[name] == str(known[name].default), name
    assert app.selectbox(key="train.schedule").value == known["schedule"].default
    assert app.query_params["seed"] == "3" and app.query_params["cell"] == "gru", "seed and cells stay"
    assert app.text_area(key="train.text").value == known["text"].default


def test_cells_are_chosen_by_pills_and_the_last_one_stays(open_page):
    app = open_page(TRAIN, cell="rnn,lstm")
    cells = app.button_group(key="train.cell")
    assert cells.value == ["rnn", "lstm"]
    cells.set_value(["rnn", "lstm", "gru"]).run()
    assert_sound(app)
    assert app.query_params["cell"] == "rnn,lstm,gru" and "GRU" in app.sidebar.caption[0].value
    app.button_group(key="train.cell").set_value([]).run()
    assert_sound(app)
    assert app.query_params["cell"] == "rnn,lstm,gru" and app.button_group(key="train.cell").value
    app.button_group(key="train.cell").set_value(list(CELLS)[:6]).run()
    assert_sound(app)
    assert app.query_params["cell"].count(",") == 3 and "at most 4" in app.info[0].value


def test_equal_parameters_changes_the_sizes(open_page):
    def sizes(app):
        return [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) weights", app.sidebar.caption[0].value)]

    app = open_page(TRAIN, cell="rnn,lstm,gru")
    before = sizes(app)
    app.toggle(key="train.equal").set_value(True).run()
    assert_sound(app)
    after = sizes(app)
    assert max(before) / min(before) > 3 and max(after) / min(after) < 1.06
    assert app.query_params["equal"] == "true"
    app.toggle(key="train.equal").set_value(False).run()
    assert sizes(app) == before


def test_every_control_takes_its_value_from_the_set_up_and_keeps_it(open_page):
    app = open_page(TRAIN, lr="0.003", num_layers="2", dropout="0.25", schedule="cosine", bias="false", seed="5")
    assert app.select_slider(key="train.lr").value == 0.003
    assert app.button_group(key="train.num_layers").value == 2
    assert app.selectbox(key="train.schedule").value == "cosine" and app.toggle(key="train.bias").value is False
    assert app.number_input(key="train.seed").value == 5
    app.select_slider(key="train.lr").set_value(0.1).run()
    app.number_input(key="train.seed").set_value(6).run()
    assert_sound(app)
    assert (app.query_params["lr"], app.query_params["seed"], app.query_params["schedule"]) == ("0.1", "6", "cosine")


def test_steps_are_counted_and_reset_begins_again(open_page):
    app = open_page(TRAIN, cell="rnn", hidden_size="4", seq_len="8", batch_size="4", steps="50")
    for _ in range(3):
        press(app, "step")
    assert_sound(app)
    for _ in range(200):
        if "at update 3" in status(app.run()):
            break
    assert "at update 3" in status(app)
    press(app, "new_seed")
    assert "at update 0" in status(app) and "seed 1" in status(app) and app.query_params["seed"] == "1"
    press(app, "step")
    press(app, "reset")
    assert "Ready" in status(app) and "at update 0" in status(app)


def stepped(app) -> bool:
    """Wait until the page shows that one update has been done."""
    return until(lambda: "at update 1 " in status(app), meanwhile=app.run)


def test_a_pause_pressed_when_the_race_has_just_ended_leaves_the_race_as_it_is(open_page):
    app = press(open_page(TRAIN, cell="rnn", hidden_size="4", seq_len="8", batch_size="4", speed="slow"), "start")
    assert app.button(key="train.start").label == "Pause" and app.query_params["speed"] == "slow"
    (entry,) = process.pool()._entries.values()
    with process.pool().hold(entry) as race:
        race.set(steps=race.step + 1)
    until(lambda: race.status == "finished")
    press(app, "start")
    assert_sound(app)
    assert list(process.pool()._entries.values()) == [entry] and entry.trainee is race
    assert "Finished" in status(app) and app.button(key="train.start").label == "Start again"


def test_settings_are_checked_where_they_come_in_and_not_again_at_a_click(open_page, monkeypatch):
    checked, read = [], actions.visit._read
    monkeypatch.setattr(actions.visit, "_read", lambda raw: checked.append(raw) or read(raw))
    app = open_page(TRAIN, task="digits", cell="gru,lstm", hidden_size="8", steps="5", scale="linear")
    assert len(checked) == 1, "the address"
    for key in ("start", "reset", "step"):
        press(app, key)
    assert len(checked) == 1 and not app.exception
    app.select_slider(key="train.lr").set_value(0.1).run()
    assert len(checked) == 2, "one control"


@pytest.mark.parametrize(("page", "start"), [(TRAIN, "train.start"), ("pages/learning.py", "learning.start")])
def test_paused_is_said_when_the_update_in_hand_is_done_and_not_before(open_page, monkeypatch, page, start):
    begun, go_on = threading.Event(), threading.Event()

    def slow(advance_one):
        def advance(self, **how):
            done = advance_one(self, **how)
            begun.set()
            assert go_on.wait(30)
            return done

        return advance

    for moving in (Race, Study):
        monkeypatch.setattr(moving, "advance_one", slow(moving.advance_one))
    app = open_page(page, cell="rnn", hidden_size="16", speed="slow")
    for drawer in ("inspect", "cards", "share", "lines", "more"):  # what is measured in a drawer waits for the update
        app.session_state[f"{start.split('.')[0]}.drawer.{drawer}"] = False
    app.button(key=start).click().run()
    assert begun.wait(30)
    app.button(key=start).click().run()
    assert "Pausing at update 1" in status(app)
    go_on.set()
    (entry,) = process.pool()._entries.values()
    until(lambda: not entry.moving)
    assert "Paused at update 1" in status(app.run())
    assert_sound(app)


def test_a_changed_setting_waits_for_reset_and_a_live_one_does_not(open_page):
    app = open_page(TRAIN, cell="rnn", hidden_size="4", seq_len="8", batch_size="4")
    press(app, "step")
    assert stepped(app)
    app.select_slider(key="train.lr").set_value(0.1).run()
    assert_sound(app)
    assert not app.info
    app.select_slider(key="train.hidden_size").set_value(32).run()
    assert_sound(app)
    assert "hidden size" in app.info[0].value and "Reset" in app.info[0].value
    press(app, "reset")
    assert not app.info


NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'& **b** $x^2$ [l](javascript:1) 🦕 "


def test_a_text_with_markup_in_it_is_shown_as_text(open_page):
    app = open_page(TRAIN, task="text", text=NASTY * 20, cell="rnn", hidden_size="4", seq_len="40", batch_size="4")
    assert_sound(app)
    press(app, "step")
    app.run()
    assert_sound(app)
    shown = [block.proto.body for block in app.get("html")]
    assert shown and not any(re.search(r"<(script|img)|onerror=[^&]*>", body) for body in shown)


@pytest.mark.parametrize(("echo_seconds", "seed"), [(1000.0, "9"), (0.0, "5")])
def test_an_address_from_a_moment_ago_is_an_echo_and_an_older_one_is_meant(open_page, monkeypatch, echo_seconds, seed):
    monkeypatch.setattr("playground.session.visit.ECHO_SECONDS", echo_seconds)
    app = press(open_page(seed="5", hidden_size="4"), "step")
    until(lambda: "at update 1" in status(app), meanwhile=app.run)
    before = dict(app.query_params)
    app.number_input(key="train.seed").set_value(9).run()
    assert app.query_params["seed"] == "9"
    for name, value in before.items():
        app.query_params[name] = value
    app.run()
    assert app.query_params["seed"] == seed
    assert ("train.back" in {button.key for button in app.button}) == (seed == "5")


@pytest.mark.parametrize(("echo_seconds", "seed"), [(1000.0, "6"), (0.0, "5")])
def test_a_widgets_value_from_before_the_programs_change_is_an_echo(open_page, monkeypatch, echo_seconds, seed):
    monkeypatch.setattr("playground.session.state.ECHO_SECONDS", echo_seconds)
    app = press(open_page(seed="5", hidden_size="4"), "new_seed")
    assert app.query_params["seed"] == "6" and app.number_input(key="train.seed").value == 6
    app.number_input(key="train.seed").set_value(5).run()  # as a refresh does that left before the answer had come
    assert app.query_params["seed"] == seed and app.number_input(key="train.seed").value == int(seed)
    app.number_input(key="train.seed").set_value(7).run()
    assert app.query_params["seed"] == "7", "another value is meant"


GRADIENTS = "pages/gradients.py"


@pytest.mark.parametrize("look", ["distance", "length", "every", "stretch", "share", "clip"])
@pytest.mark.parametrize("cell", ["rnn,lstm,gru,gru_cho", "feedforward"])
def test_every_way_of_looking_at_gradients_opens_cold(open_page, look, cell):
    app = open_page(GRADIENTS, look=look, cell=cell, seq_len="30", hidden_size="8")
    assert_sound(app)
    if look == "every":
        app = app.button(key="gradients.aligned").click().run()
        assert_sound(app)
        assert app.query_params["task"] == "text"


def test_a_setting_moves_the_sentence_at_once(open_page):
    app = open_page(GRADIENTS, cell="lstm", seq_len="60", hidden_size="16")
    said = [app.markdown[0].value]
    for bias in (0.0, 3.0):
        app.slider(key="gradients.forget_bias").set_value(bias).run()
        assert_sound(app)
        said.append(app.markdown[0].value)
        assert app.query_params["forget_bias"] == str(bias)
    factors = [float(re.search(r"factor of ([\d.]+)", sentence)[1]) for sentence in said]
    assert factors[1] < factors[0] < factors[2]


def test_the_sweep_measures_and_says_what_it_found(open_page):
    app = open_page(GRADIENTS, look="length", cell="rnn", hidden_size="4")
    app.button(key="gradients.sweep").click().run()
    until(lambda: any("1/1000" in text.value for text in app.markdown), meanwhile=app.run)
    assert_sound(app)


def test_a_link_to_a_sweep_measures_without_a_click_and_another_setting_asks_again(open_page):
    app = open_page(GRADIENTS, look="length", cell="rnn", hidden_size="4", swept="true")
    until(lambda: any("1/1000" in text.value for text in app.markdown), meanwhile=app.run)
    app.toggle(key="gradients.bias").set_value(False).run()
    assert_sound(app)
    assert app.query_params["swept"] == "false" and any("Nothing measured yet" in text.value for text in app.markdown)


def test_every_layer_and_direction_can_be_looked_at(open_page):
    app = open_page(GRADIENTS, cell="rnn", hidden_size="8", seq_len="30", num_layers="3", bidirectional="true")
    said = {}
    for layer in (1, 2, 3):
        for direction in ("forward", "backward"):
            app.segmented_control(key="gradients.layer").set_value(layer).run()
            app.segmented_control(key="gradients.direction").set_value(direction).run()
            assert_sound(app)
            said[app.markdown[0].value] = layer, direction
    assert len(said) == 6 and app.query_params["layer"] == "3" and app.query_params["direction"] == "backward"


def test_without_a_run_of_ones_own_the_page_says_where_to_start_one(open_page):
    app = open_page(GRADIENTS, source="mine")
    assert_sound(app)
    assert "Train" in app.info[0].value


def test_the_run_of_the_train_page_is_measured_at_every_milestone(open_page):
    app = press(open_page(cell="rnn,lstm", hidden_size="4", seq_len="20", steps="12"), "start")
    until(lambda: "Finished" in status(app), meanwhile=app.run)
    app.switch_page("../pages/gradients.py").run()
    assert_sound(app)
    app.segmented_control(key="gradients.source").set_value("mine").run()
    assert_sound(app)
    pills = app.pills(key="gradients.cell.mine")
    assert pills.value == ["rnn", "lstm"] and pills.disabled
    scrubber = app.select_slider(key="gradients.at")
    assert scrubber.options == ["0", "1", "3", "10", "now"] and "at update 12" in status(app)
    scrubber.set_value(3).run()
    assert_sound(app)
    assert "at update 3" in status(app) and app.query_params["at"] == "3"
    for label, drawn in zip(("Vanilla RNN", "LSTM"), app.get("plotly_chart"), strict=True):
        assert json.loads(drawn.proto.spec)["data"][0]["y"] == ["0", "1", "3", "10"]
        assert drawn.proto.alt.startswith(f"{label}: at update 0 ") and "; at update 10 " in drawn.proto.alt


def test_an_explosion_is_told_and_clipping_lets_the_run_recover(open_page):
    app = open_page(GRADIENTS, look="clip").button(key="gradients.explode").click().run()
    until(lambda: any("diverged at update" in text.value for text in app.markdown), meanwhile=app.run)
    assert_sound(app)
    app.toggle(key="gradients.clipped").set_value(True).run()
    app.button(key="gradients.rewind").click().run()
    until(lambda: re.search(r"at update [2-9]\d", status(app)), meanwhile=app.run)
    assert_sound(app)
    told = " ".join(text.value for text in app.markdown)
    assert "diverged" not in told and int(re.search(r"(\d+) % of the", told)[1]) > 20
    app.toggle(key="gradients.clipped").set_value(False).run()
    assert next(iter(process.pool()._entries.values())).trainee.runs[0].config.clip_norm == 0


def test_training_other_networks_keeps_the_clip(open_page):
    app = open_page(GRADIENTS, look="clip", cell="rnn", hidden_size="4", seq_len="20")
    app.toggle(key="gradients.clipped").set_value(True).run()
    assert app.query_params["clipped"] == "true"
    for _ in range(2):  # before there is a run, and beside one
        app.button(key="gradients.train").click().run()
        assert_sound(app)
        assert app.toggle(key="gradients.clipped").value
        assert next(iter(process.pool()._entries.values())).trainee.runs[0].config.clip_norm == 1
    app.button(key="gradients.explode").click().run()
    assert not app.toggle(key="gradients.clipped").value and app.query_params["clipped"] == "false"


def test_a_start_that_explodes_is_not_clipped_by_what_the_toggle_showed_before(open_page):
    app = press(open_page(cell="rnn", hidden_size="4", seq_len="20", clip_norm="1"), "step")
    app.switch_page("../pages/gradients.py").run()
    app.segmented_control(key="gradients.look").set_value("clip").run()
    assert app.toggle(key="gradients.clipped").value
    app.button(key="gradients.explode").click().run()
    app.toggle(key="gradients.clipped").set_value(True).run()  # late, from before the click
    assert next(iter(process.pool()._entries.values())).trainee.runs[0].config.clip_norm == 0


SHAKESPEARE = "pages/shakespeare.py"


def paper(app):
    (found,) = app.get("bidi_component")
    data = json.loads(found.proto.json)
    return data["before"] + "".join(text for text, _, _ in data["characters"])


def written(open_page, **query):
    app = open_page(SHAKESPEARE, speed="full", length="40", **query)
    assert_sound(app)
    app.button(key="shakespeare.write").click().run()
    until(lambda: all(button.key != "shakespeare.stop" for button in app.button), meanwhile=app.run)
    assert_sound(app)
    return app


def test_a_link_writes_the_same_text_and_another_seed_another(open_page):
    first, again, other = (paper(written(open_page, seed=seed)) for seed in ("7", "7", "8"))
    assert first == again != other and first.startswith("ROMEO:\n") and len(first) == len("ROMEO:\n") + 40


@pytest.mark.parametrize("many", ["temperatures", "seeds"])
def test_three_texts_stand_side_by_side(open_page, many):
    app = written(open_page, many=many)
    texts = [block.proto.body for block in app.get("html") if 'class="paper box"' in block.proto.body]
    assert len(texts) == len(set(texts)) == 3


def whose(app):
    return next(block.proto.body for block in app.get("html") if 'class="whose' in block.proto.body)


def test_the_page_begins_with_a_recorded_text_late_in_which_a_character_is_chosen(open_page, monkeypatch):
    monkeypatch.setattr(streams, "_streams", Owned())
    app = open_page(SHAKESPEARE)
    assert_sound(app)
    assert "Recorded" in whose(app) and "old text" not in whose(app)
    assert len(paper(app)) > 800 and app.slider(key="shakespeare.at").value > 600
    assert "probability" in app.get("vega_lite_chart")[0].proto.alt
    app.segmented_control(key="shakespeare.model").set_value("shakespeare-lstm").run()
    assert "old text</b>: The GRU" in whose(app) and "lets the LSTM write" in whose(app)
    app.segmented_control(key="shakespeare.many").set_value("seeds").run()
    assert "Changed since: model, texts" in whose(app)


def test_a_new_text_is_looked_at_late_again(open_page, monkeypatch):
    monkeypatch.setattr(streams, "_streams", Owned())
    app = written(open_page, at="3")
    assert app.slider(key="shakespeare.at").value == 3, "as the link says"
    app.segmented_control(key="shakespeare.model").set_value("shakespeare-rnn").run()
    app.button(key="shakespeare.write").click().run()
    until(lambda: all(button.key != "shakespeare.stop" for button in app.button), meanwhile=app.run)
    assert app.slider(key="shakespeare.at").value > 30 and "old text" not in whose(app)


def test_one_can_step_through_the_choices_and_temperature_moves_the_bars(open_page):
    app = written(open_page)
    app.slider(key="shakespeare.at").set_value(12).run()
    before = app.get("vega_lite_chart")[0].proto.alt
    app.slider(key="shakespeare.temperature").set_value(2.0).run()
    assert_sound(app)
    assert (
        app.get("vega_lite_chart")[0].proto.alt != before and "temperature 2" in app.get("vega_lite_chart")[0].proto.alt
    )
    assert "old text</b>: The GRU" in whose(app) and "Changed since: temperature" in whose(app)


def test_the_memory_of_two_models_stands_side_by_side(open_page):
    app = written(open_page, at="30")
    said = [block.proto.body for block in app.get("html") if "thousandth" in block.proto.body]
    assert len(said) == 2 and all(body.count("<i ") == len("ROMEO:\n") + 29 for body in said)
    assert app.query_params["at"] == "30"


def test_units_are_found_for_every_feature_and_colour_the_text(open_page):
    app, seen = written(open_page), set()
    for feature in FEATURES:
        app.pills(key="shakespeare.feature").set_value(feature).run()
        app.segmented_control(key="shakespeare.rank").set_value(2).run()
        assert_sound(app)
        named = app.segmented_control(key="shakespeare.rank").options
        scores = [float(re.search(r"\((.*)\)", name)[1]) for name in named]
        assert scores == sorted(scores, reverse=True) and 0 < scores[0] <= 1
        seen.add(tuple(named))
    assert len(seen) == 4 and app.query_params["rank"] == "2"


def coloured(app):
    bodies = [block.proto.body for block in app.get("html")]
    return next(body for body in bodies if re.search(r'class="[np]\d" title="-?\d+\.\d{3}"', body))


@pytest.mark.parametrize(("model", "parts"), [("shakespeare-gru", ["h"]), ("shakespeare-lstm", ["h", "c"])])
def test_any_unit_can_be_chosen_by_hand(open_page, model, parts):
    app = written(open_page, model=model, feature=BY_HAND, unit="3", layer="2", part="c")
    assert app.segmented_control(key="shakespeare.part").options == parts
    assert app.segmented_control(key="shakespeare.part").value == parts[-1]
    before = coloured(app)
    app.number_input(key="shakespeare.unit").set_value(4).run()
    assert_sound(app)
    assert coloured(app) != before and app.query_params["unit"] == "4"
    app.segmented_control(key="shakespeare.layer").set_value(1).run()
    assert_sound(app)


def test_what_is_copied_is_told_once_the_training_text_is_there(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv(corpora.FOLDER, str(tmp_path))
    monkeypatch.setattr(corpora, "SHAKESPEARE_URL", "http://127.0.0.1:9/")
    app = written(open_page)
    app.button(key="shakespeare.copied").click().run()
    assert not app.exception and any("could not be fetched" in box.value for box in app.info)
    source = b"KING:\nand the and then.\n" * 50
    (tmp_path / corpora.SHAKESPEARE_FILE).write_bytes(source)
    monkeypatch.setattr(corpora, "SHAKESPEARE_HASH", f"sha256:{hashlib.sha256(source).hexdigest()}")
    app.run()
    assert_sound(app)
    said = next(block.proto.body for block in app.get("html") if "Longest copy" in block.proto.body)
    copied = html.unescape(re.search("<code>(.*)</code>", said, re.DOTALL)[1])
    assert copied and copied in source.decode() and copied in paper(app)


def test_every_model_has_a_card(open_page):
    app = open_page(SHAKESPEARE)
    for name in shipped():
        card = next(block.proto.body for block in app.get("html") if f"<b>{name}</b>" in block.proto.body)
        assert "python -m rnncore text-train" in card and "held-out" in card and "weights for" in card


def test_an_opening_with_unknown_characters_is_told_and_the_rest_kept(open_page):
    app = open_page(SHAKESPEARE)
    app.text_area(key="shakespeare.prime").set_value("HAMLET <b>\u00e9").run()
    assert_sound(app)
    assert app.text_area(key="shakespeare.prime").value == "HAMLET <b>\u00e9" and "never seen" in app.info[0].value
    app = written(open_page, prime="HAMLET <b>\u00e9")
    assert paper(app).startswith("HAMLET b") and "Changed since" not in whose(app)


@pytest.fixture
def folder_of_models(tmp_path, monkeypatch):
    """A folder that stands in for the shipped models; nothing read before is remembered, nor is this afterwards."""

    def forget():
        for remembered in (shipped_models.models, shipped_models.language, settings.beginnings):
            remembered.cache_clear()

    monkeypatch.setattr(language, "SHIPPED", tmp_path)
    monkeypatch.setattr(streams, "_streams", Owned())
    forget()
    yield tmp_path
    forget()


def test_a_damaged_model_is_left_out_and_the_others_write(open_page, folder_of_models):
    good = (SHIPPED / "shakespeare-lstm.safetensors").read_bytes()
    (folder_of_models / "shakespeare-lstm.safetensors").write_bytes(good)
    (folder_of_models / "shakespeare-gru.safetensors").write_bytes(good[:5000])
    app = written(open_page)
    assert app.segmented_control(key="shakespeare.model").options == ["LSTM"]
    assert_sound(open_page("pages/learning.py"))


def test_without_any_model_the_page_says_so(open_page, folder_of_models):
    app = open_page(SHAKESPEARE)
    assert not app.exception and len(app.title) == 1 and "can be read" in app.error[0].value
    assert_sound(open_page("pages/learning.py"))
