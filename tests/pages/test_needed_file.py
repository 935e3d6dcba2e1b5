"""A link to a set-up with a table or text too long for it: the same file brings everything back, another is told."""

import math

import pytest

from playground.session.address import shared
from rnncore.files.fingerprint import fingerprint, is_fingerprint

PAGE = "pages/train.py"
TABLE = "day,a,b\n" + "\n".join(f"{i},{15 + 5 * math.sin(i / 58):.3f},{i * i % 97}" for i in range(3650))
TEXT = "A text of one's own, which goes on. " * 300


def notes(app):
    return " ".join(block.proto.body for block in app.get("html") if 'class="note"' in block.proto.body)


def hand_over(app, key, data):
    (field,) = [each for each in app.get("file_uploader") if each.key == key]
    field.upload("mine.csv", data, "text/csv")
    return app.run()


@pytest.fixture
def link(open_page):
    """The address of a set-up with a table of 3,650 days, its column b, and a season of a year."""
    app = hand_over(open_page(PAGE, task="own_series", seed="7", cell="gru"), "train.table", TABLE.encode())
    app.selectbox(key="train.column").select("b").run()
    app.select_slider(key="train.seq_len").set_value(96).run()
    assert "needs your file" in " ".join(caption.value for caption in app.sidebar.caption)
    address = dict(app.query_params)
    assert address["data"] == fingerprint(TABLE) and is_fingerprint(address["data"])
    assert sum(map(len, address.values())) < 1000
    return address, app.session_state["train.setup"]


def test_the_same_file_brings_the_whole_set_up_back(open_page, link):
    address, setup = link
    app = open_page(PAGE, **address)
    assert not app.exception and dict(app.query_params) == address  # also after a reload the file is asked for
    assert "needs a file" in app.markdown[0].value and address["data"][7:] in app.markdown[0].value
    app.toggle(key="train.bias").set_value(False).run()  # what is changed meanwhile is kept
    assert "needs a file" in app.markdown[0].value and not app.info
    app = hand_over(app, "train.needed.data", ("\ufeff" + TABLE.replace("\n", "\r\n")).encode())
    assert not app.exception and app.session_state["train.setup"] == {**setup, "bias": False}
    assert "This is the file" in app.info[0].value and not any("needs a file" in m.value for m in app.markdown)


def test_another_file_is_told_to_be_another(open_page, link):
    address, _ = link
    app = hand_over(open_page(PAGE, **address), "train.table", (TABLE + "\n3650,1,1").encode())
    assert not app.exception and "not the file that the link was made with" in app.info[0].value
    assert "3,651 values" in notes(app) and dict(app.query_params)["data"] != address["data"]


def test_a_text_is_asked_for_in_the_same_way(open_page):
    app = open_page(PAGE, task="text", text=TEXT, seq_len="100")
    address = dict(app.query_params)
    assert is_fingerprint(address["text"])
    app = open_page(PAGE, **address)
    assert "needs a file" in app.markdown[0].value
    app = hand_over(app, "train.needed.text", TEXT.encode())
    assert app.session_state["train.setup"]["text"] == TEXT and app.session_state["train.setup"]["seq_len"] == 100


def test_the_built_in_text_needs_no_file(open_page):
    app = open_page(PAGE, task="own_series")
    address = dict(app.query_params)
    assert is_fingerprint(address["data"])
    again = open_page(PAGE, **address)
    assert not any("needs a file" in m.value for m in again.markdown)
    assert again.session_state["train.setup"] == app.session_state["train.setup"]
    assert not any("needs your file" in caption.value for caption in app.sidebar.caption)


def test_what_only_looks_like_a_fingerprint_is_text():
    assert (
        not is_fingerprint("sha256:0123") and not is_fingerprint("sha256:0123456789abcdeg") and not is_fingerprint(None)
    )
    assert shared({"a": "é" * 1000})["a"].startswith("sha256:")  # 6,000 characters in an address
    assert shared({"a": "e" * 1000})["a"] == "e" * 1000


@pytest.mark.parametrize("name", ["seed", "cell", "task", "zzz", "lr"])
def test_a_fingerprint_anywhere_else_does_no_harm(open_page, name):
    app = open_page(PAGE, **{name: fingerprint("x")})
    assert not app.exception and not any("needs a file" in m.value for m in app.markdown)
