"""The Learning to write page, run by Streamlit's own test driver."""

import time

import pytest

from playground import server, state
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
    app.segmented_control(key="learning.cell").set_value("lstm").run()
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
    assert any("Characters of the opening" in box.value for box in app.info), "ROMEO does not occur in it"


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
    held = len(server.pool())
    app.button(key="learning.reset").click().run()
    assert len(server.pool()) == held, "one study for a tab"
