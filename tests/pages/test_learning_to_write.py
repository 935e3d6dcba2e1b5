"""The Learning to write page, run by Streamlit's own test driver."""

import html
import time

import pytest

from playground.live import process
from playground.session import state
from rnncore.text import corpora

PAGE = "pages/learning.py"
SMALL = {"hidden_size": "16", "cell": "gru", "seed": "5"}


def html_of(app):
    return " ".join(box.value for box in app.main.get("html"))


def until(app, condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)
        app.run()


def start(app):
    return app.button(key="learning.start").click().run()


def sound(app):
    assert not app.exception, [box.value for box in app.exception]
    return app


@pytest.fixture
def page(open_page):
    def page(**query):
        return sound(open_page(PAGE, **{**SMALL, **query}))

    return page


def test_a_network_learns_and_keeps_a_record_that_can_be_scrubbed(page):
    app = start(page())
    until(app, lambda: "after 30 updates" in html_of(app), "thirty updates")
    start(app)
    sound(app)
    assert app.button(key="learning.start").label == "Resume"
    said = html_of(app)
    for name in ("this network, held-out text", "all characters alike", "how often each occurs", "shipped GRU"):
        assert name in said
    assert "characters for each" in said and "Longest copy from the training text" in said
    steps = app.select_slider(key="learning.at").options
    assert steps[:3] == ["0", "10", "30"]
    time.sleep(state.ECHO_SECONDS)  # the slider has just moved by itself; a refresh may still carry where it stood
    app.select_slider(key="learning.at").set_value(10).run()
    assert "after 10 updates" in html_of(app)
    assert app.query_params["at"] == "10"


def test_the_same_link_learns_the_same(page):
    samples = []
    for _ in range(2):
        app = start(page(at="10"))
        until(app, lambda app=app: "after 10 updates" in html_of(app), "ten updates")
        start(app)
        samples.append(html_of(app).split("after 10 updates")[1])
    assert samples[0] == samples[1]


def test_reset_takes_other_settings_and_says_so_before(page):
    app = start(page())
    until(app, lambda: "after 10 updates" in html_of(app), "ten updates")
    app.selectbox(key="learning.cell").set_value("lstm").run()
    assert any("Reset" in box.value for box in app.info)
    app.button(key="learning.reset").click().run()
    sound(app)
    assert not app.info and "Ready" in html_of(app) and "after 0 updates" in html_of(app)
    app.button(key="learning.new_seed").click().run()
    assert app.query_params["seed"] == "6" and "seed 6" in html_of(app)


def test_going_on_from_a_shipped_model_shows_the_old_one_beside(page):
    app = start(page(begin="shakespeare-gru", lr="0.0005"))
    until(app, lambda: "after 10 updates" in html_of(app), "ten updates", seconds=120)
    start(app)
    said = html_of(sound(app))
    assert "<b>before</b>" in said and "before going on" in said
    assert app.slider  # the controls of the network itself are still there, but idle
    assert app.select_slider(key="learning.hidden_size").disabled


def test_an_own_text_is_taken_reported_and_learned(page):
    app = page(text="own")
    app = start(app)
    assert any("no text of yours" in box.value for box in app.info)
    words = "<b>Words</b> of mine, over and over.\n" * 100
    app.text_area(key="learning.paste").set_value(words).run()
    sound(app)
    assert f"<b>{len(words):,}</b> characters" in html_of(app)
    app = start(app)
    until(app, lambda: "after 10 updates" in html_of(app), "ten updates")
    app.text_area(key="learning.paste").set_value("too short").run()
    assert any("2,000" in box.value for box in app.info), "one sentence"
    assert f"<b>{len(words):,}</b> characters" in html_of(app), "nothing lost"
    assert "after 10 updates" in html_of(app)


def test_a_text_without_a_line_break_is_learned(page):
    app = page(text="own")
    app.text_area(key="learning.paste").set_value("gattacacgt" * 300).run()
    app = start(sound(app))
    until(app, lambda: "after 10 updates" in html_of(app), "ten updates")
    said = html_of(sound(start(app)))
    assert "after 10 updates" in said
    assert app.text_area(key="learning.prime").value in "gattacacgt" * 300 and not app.info


def test_a_file_in_windows_1252_is_read_and_said(page):
    app = page(text="own")
    data = "It’s late, she said. We’ll\u00a0go home.\n".encode("cp1252") * 80
    app.file_uploader(key="learning.upload").upload("late.txt", data, "text/plain").run()
    sound(app)
    app = start(start(app))
    assert "read as Windows-1252" in html_of(app), "said beside the text, as long as it is learned"
    assert "80 spaces of other kinds" in html_of(app) and "control characters" not in html_of(app)


def test_without_a_network_shakespeare_is_refused_in_one_sentence(page, tmp_path, monkeypatch):
    monkeypatch.setenv(corpora.FOLDER, str(tmp_path))
    monkeypatch.setattr(corpora, "SHAKESPEARE_URL", "http://127.0.0.1:9/")
    app = start(page(text="shakespeare"))
    sound(app)
    assert any("could not be fetched" in box.value and str(tmp_path) not in box.value for box in app.info)


def test_too_large_a_network_is_made_smaller(page):
    app = page(hidden_size="320", num_layers="3")
    assert any("Hidden size" in box.value for box in app.info)
    assert app.select_slider(key="learning.hidden_size").value < 320


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "nan", "-1", "9" * 400, "../../etc/passwd", ""])
def test_a_hostile_link_opens_a_page_that_works(page, value):
    names = ("text", "begin", "cell", "hidden_size", "num_layers", "lr", "speed", "prime", "temperature", "at", "zzz")
    app = page(**dict.fromkeys(names, value))
    assert "<script" not in html_of(app)
    assert not any("script" in box.value or "passwd" in box.value for box in app.info)


def test_a_study_that_is_stopped_is_gone(page):
    app = start(page())
    held = len(process.pool())
    app.button(key="learning.reset").click().run()
    assert len(process.pool()) == held, "one study for a tab"


def finished(app, updates="30"):
    until(app, lambda: f"Finished</b> at update {updates}" in html_of(app), "the end")
    return sound(app.run())  # it may have ended while the page was drawn; a live view has the page run again then


def test_the_page_begins_with_a_recorded_study(open_page):
    app = sound(open_page(PAGE))
    said = html_of(app)
    assert "Recorded</b> run of 3,000 updates" in said and "still to come" not in said
    assert all(f"Update {step}<" in said for step in ("0", "30", "300", "3,000"))
    assert "this network, held-out text" in said and app.get("vega_lite_chart")
    app.select_slider(key="learning.at").set_value(30).run()
    assert "after 30 updates" in html_of(app) and app.query_params["at"] == "30"
    app.select_slider(key="learning.hidden_size").set_value(16).run()
    assert "made earlier with hidden size 128, not 16. <b>Start</b> trains yours." in html_of(sound(app))
    app.segmented_control(key="learning.text").set_value("python").run()
    assert "Recorded" not in html_of(sound(app)) and "still to come" in html_of(app), "another text"


def test_the_slider_returns_to_the_newest_sample_on_reset_and_with_another_text(page):
    app = finished(start(page(steps="30")))
    for change in (
        lambda: app.button(key="learning.reset").click(),
        lambda: app.segmented_control(key="learning.text").set_value("python"),
    ):
        time.sleep(state.ECHO_SECONDS)
        app.select_slider(key="learning.at").set_value(10).run()
        assert app.query_params["at"] == "10" and "after 10 updates" in html_of(app)
        change().run()
        assert app.query_params["at"] == "-1"
        if app.query_params["text"] == "play":
            finished(start(app))
        assert "after 30 updates" in html_of(app)


def test_openings_suit_the_text(page):
    app = page(text="python", prime="ROMEO:\n", steps="10")
    field = app.text_area(key="learning.prime")
    assert field.value in corpora.python_library() and field.value
    finished(start(app), "10")
    assert f"<b>{html.escape(field.value)}</b>" in html_of(app) and "ROMEO" not in html_of(app)
    app.text_area(key="learning.prime").set_value("class ").run()
    assert app.query_params["prime"] == "class "
    app.segmented_control(key="learning.text").set_value("play").run()
    assert app.text_area(key="learning.prime").value in corpora.play()
    app.segmented_control(key="learning.text").set_value("own").run()
    for text in ("gattaca" * 400, "\u0645\u06cc\u200c\u0631\u0648\u062f \u0648 " * 300):
        app.text_area(key="learning.paste").set_value(text).run()
        assert app.text_area(key="learning.prime").value in text and app.text_area(key="learning.prime").value
        start(app)
        finished(app, "10")
        assert html.escape(app.text_area(key="learning.prime").value) in html_of(app)


def test_after_the_end_each_next_step_moves_at_once(page):
    app = finished(start(page(steps="30")))
    assert app.button(key="learning.start").label == "Start again"
    labels = [app.button(key=f"learning.next.{i}").label for i in range(3)]
    assert labels == ["3,000 more updates", "A larger network: 32 units", "Go on from the shipped GRU"]
    app.button(key="learning.next.0").click().run()
    assert app.query_params["steps"] == "3030" and app.button(key="learning.start").label == "Pause"
    start(app)
    for i, name, value in ((1, "hidden_size", "32"), (2, "begin", "shakespeare-gru")):
        process.pool().release(process.pool().owners())  # the studies of the tab before
        app = finished(start(page(steps="30")))
        app.button(key=f"learning.next.{i}").click().run()
        finished(app)  # it moves without a press of Start
        assert app.query_params[name] == value and not any("On screen is still" in box.value for box in app.info)
