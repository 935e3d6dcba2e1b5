"""The Memory page, opened cold: each way of looking, at tasks of several kinds."""

import json

import pytest

MEMORY = "pages/memory.py"
TASKS = ("adding", "copy_memory", "temporal_order", "text", "french")


def sound(app):
    assert not app.exception and not app.error, (app.exception, app.error)
    return app


def words(app):
    return " ".join(box.value for box in (*app.markdown, *app.caption, *app.info))


@pytest.mark.parametrize("task", TASKS)
def test_what_is_remembered_is_measured(open_page, task):
    app = sound(open_page(MEMORY, task=task, state="c"))
    assert "Recorded" in words(app) and "read back from c" in words(app)
    assert words(app).count(" after reading ") + words(app).count(" later ") >= 3


@pytest.mark.parametrize("what", ["zero", "swap"])
@pytest.mark.parametrize("task", TASKS)
def test_a_memory_is_cut_and_the_answers_stand_side_by_side(open_page, task, what):
    app = sound(open_page(MEMORY, task=task, look="cut", what=what, step="4"))
    assert words(app).count("after step 4: ") == 3 and "The same cut after every step" in words(app)
    app.segmented_control(key="memory.what").set_value("remove").run()
    app.number_input(key="memory.unit").set_value(2).run()
    assert "unit 2 removed after step 4" in words(sound(app)) and app.query_params["unit"] == "2"


@pytest.mark.parametrize(
    "look", [{"colour": "class"}, {"dimensions": "3"}, {"colour": "step", "state": "c", "network": "2"}]
)
@pytest.mark.parametrize("task", TASKS)
def test_states_are_points_before_and_after_training(open_page, task, look):
    app = sound(open_page(MEMORY, task=task, look="space", example="3", **look))
    assert len(app.get("plotly_chart")) == 2 and "Whose memory is most alike?" in words(app)
    before, after = (json.loads(each.proto.spec)["layout"] for each in app.get("plotly_chart"))
    assert before.get("xaxis") == after.get("xaxis") and before.get("scene") == after.get("scene")
    app.number_input(key="memory.step").set_value(2).run()
    assert "that of example 3 after step 2" in words(sound(app))


@pytest.mark.parametrize("task", TASKS)
def test_eigenvalues_stand_beside_what_the_gradient_does(open_page, task):
    app = sound(open_page(MEMORY, task=task, look="eigen", step="3", at="0"))
    assert words(app).count("spectral radius") == 3 and words(app).count("the gradient") >= 3
    assert "at update 0" in words(app)


def test_the_networks_of_this_tabs_race_are_looked_at(open_page):
    app = open_page(task="parity", cell="gru", hidden_size="8", batch_size="8", steps="3")
    for _ in range(3):
        app.button(key="train.step").click().run()
    app = sound(app.switch_page("../pages/memory.py").run())
    assert app.selectbox(key="memory.task").value == "parity" and "your race" in words(app)
    assert words(app).count("GRU") and "LSTM" not in words(app)
    assert next(iter(app.select_slider(key="memory.at").options)) == "0"
    app.selectbox(key="memory.task").set_value("clue").run()
    assert "Recorded" in words(sound(app))


def test_it_says_whose_networks_are_looked_at(open_page):
    other = open_page(MEMORY, task="parity", cell="gru", hidden_size="8", look="eigen")
    assert "Recorded" in words(sound(other)) and "hidden size 32, not 8" in words(other)
    never = open_page(MEMORY, task="text", cell="gru", hidden_size="8", text="a tale told twice " * 40, look="eigen")
    assert "nobody has trained these settings yet" in words(sound(never)) and "Recorded" not in words(never)


@pytest.mark.parametrize("look", ["probe", "cut", "space", "eigen"])
def test_of_weights_from_during_a_recorded_race_it_is_said_that_they_come_from_a_second_run(open_page, look):
    app = sound(open_page(MEMORY, task="temporal_order", look=look))
    start, *between = [each for each in app.select_slider(key="memory.at").options if "now" not in each]
    assert start == "0" and between and "second run" not in words(app)
    for update in (between[0], between[-1]):
        app.select_slider(key="memory.at").set_value(int(update.replace(",", ""))).run()
        assert f"at update {update} are those of a second run" in words(sound(app))
    app.select_slider(key="memory.at").set_value(0).run()
    assert "second run" not in words(sound(app))


def test_weights_from_during_a_race_of_ones_own_are_its_own(open_page):
    app = open_page(task="parity", cell="gru", hidden_size="8", batch_size="8", steps="3")
    for _ in range(3):
        app.button(key="train.step").click().run()
    app = app.switch_page("../pages/memory.py").run()
    app.select_slider(key="memory.at").set_value(1).run()
    assert "your race" in words(sound(app)) and "second run" not in words(app)


def test_of_a_network_that_reads_both_ways_the_direction_is_said(open_page):
    app = open_page(task="parity", cell="gru", hidden_size="8", batch_size="8", bidirectional="true")
    app.button(key="train.step").click().run()
    app = sound(app.switch_page("../pages/memory.py").run())
    assert "the one that reads forward" in words(app)


def test_bad_values_in_a_link_take_their_bounds_and_are_said(open_page):
    app = sound(open_page(MEMORY, task="adding", look="cut", step="99999", unit="0", what="explode", network="9"))
    assert "must be" in words(app) and app.query_params["what"] == "zero"
