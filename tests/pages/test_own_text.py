"""A visitor's own text on the Train page: pasted, uploaded, refused; and a long one."""

from playground.race.setup import setup_settings
from playground.train.own_text import MOST
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.tasks.language.lighthouse import STORY
from rnncore.training.run import Run

TRAIN = "pages/train.py"
NO_BREAK = "the cat sat on the mat. the dog lay on the rug! " * 40


def said(app):
    return " ".join(box.proto.body for box in app.main.get("html")) + " ".join(box.value for box in app.info)


def paste(app, text):
    app.text_area(key="train.text").set_value(text).run()
    assert not app.exception and not app.error
    return said(app)


def upload(app, data):
    app.file_uploader(key="train.text.upload").set_value(("mine.txt", data, "text/plain")).run()
    assert not app.exception and not app.error
    return said(app)


def learned(app):
    return app.session_state["train.setup"]["text"]


def test_the_box_stands_on_the_page_and_the_story_is_told_of(open_page):
    app = open_page(TRAIN, task="text")
    assert app.main.text_area(key="train.text").value == STORY and "built-in short story" in said(app)
    assert not app.sidebar.text_area and not open_page(TRAIN, task="parity").text_area


def test_a_pasted_text_without_a_line_break_is_learned_and_written_on(open_page):
    app = open_page(TRAIN, task="text", cell="rnn,gru")
    report = paste(app, NO_BREAK)
    assert learned(app) == NO_BREAK and f"<b>{len(NO_BREAK):,}</b> characters in one line," in report
    app.button(key="train.step").click().run()
    written = [box.proto.body for box in app.main.get("html") if 'class="written"' in box.proto.body]
    assert len(written) == 1 and written[0].count("<b>the cat sat on the mat. the</b>") == 2
    app.button(key="train.text.story").click().run()
    assert learned(app) == STORY and app.text_area(key="train.text").value == STORY


def test_an_uploaded_text_is_cleaned_and_the_report_says_how(open_page):
    app = open_page(TRAIN, task="text")
    data = (NO_BREAK.replace("cat", "caf\u00e9\u00a0au\u2003lait") + "\r\nend\a").encode("utf-16")
    report = upload(app, data)
    assert learned(app).endswith("! \nend") and "caf\u00e9 au lait" in learned(app)
    assert "80 spaces of other kinds" in report and "1 control characters were taken out" in report
    assert "Windows-1252" in upload(app, ("na\u00efve " * 300).encode("cp1252"))


def test_what_cannot_be_learned_is_refused_in_one_sentence_and_stays_in_the_box(open_page):
    app = open_page(TRAIN, task="text")
    assert "at least 200 characters, not 9" in paste(app, "too short")
    assert learned(app) == STORY and app.text_area(key="train.text").value == "too short"
    assert "different characters" in paste(app, "a" * 900)
    assert "zero bytes" in upload(app, bytes(range(256)) * 40) or "control characters" in said(app)
    assert learned(app) == STORY


def test_a_short_text_shortens_the_windows_and_says_so(open_page):
    app = open_page(TRAIN, task="text")
    report = paste(app, NO_BREAK[:300])
    assert learned(app) == NO_BREAK[:300] and "Characters seen is 29 now" in report
    assert app.query_params["seq_len"] == "29"


def test_a_link_to_a_long_text_is_opened_with_the_same_file(open_page):
    data = (NO_BREAK.replace("cat", "caf\u00e9\u00a0au lait") * 80).encode("utf-8-sig")
    first = open_page(TRAIN, task="text", cell="gru")
    upload(first, data)
    link = {name: values if isinstance(values, str) else values[0] for name, values in first.query_params.items()}
    assert link["text"].startswith("sha256:")
    second = open_page(TRAIN, **link)
    assert learned(second) == STORY and "needs a file" in " ".join(each.value for each in second.markdown)
    second.file_uploader(key="train.needed.text").set_value(("same.txt", data, "text/plain")).run()
    assert not second.exception and learned(second) == learned(first)
    assert "This is the file that the link was made with" in said(second)


def test_a_long_text_is_cut_at_the_limit_works_and_can_be_saved(open_page):
    app = open_page(TRAIN, task="text", cell="gru")
    whole = NO_BREAK * 80
    report = upload(app, whole.encode())
    assert len(whole) > MOST and learned(app) == whole[:MOST] and f"first {MOST:,} of its {len(whole):,}" in report
    assert app.text_area(key="train.text").value == ""
    app.button(key="train.step").click().run()
    assert not app.exception and not app.error and "at update 1" in said(app)
    assert setup_settings("text")["text"].max_length == MOST
    run = Run(RunConfig.from_flat({"task": "text", "text": whole[:MOST], "hidden_size": 4}))
    (again,) = checkpoints.load(checkpoints.save([run]))
    assert again.config == run.config
