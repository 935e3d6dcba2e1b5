"""The Shakespeare page's set-up and pictures: hostile values, what is drawn, what is shown."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground import pen, pen_parts, sheets
from playground.pen import Pen, read_pen
from rnncore.text.sampling import distribution, write


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {}),
        ({"temperature": "99", "length": "1e9"}, {"temperature": 3.0, "length": 5000}),
        ({"temperature": "nan", "top_p": "-1", "top_k": "many"}, {"temperature": 0.8, "top_p": 0.01, "top_k": 0}),
        ({"model": "../../etc/passwd"}, {"model": pen.PREFERRED}),
        ({"prime": "A" * 9000}, {"prime": "A" * 500}),
        ({"seed": "x", "speed": "warp", "zzz": "1"}, {"seed": 0, "speed": "medium"}),
    ],
)
def test_a_hostile_set_up_is_made_sound_and_says_so(raw, expected):
    made, notices = read_pen(raw)
    assert all(getattr(made, name) == value for name, value in expected.items())
    assert bool(notices) == bool(raw)
    assert not any(foreign in said for said in notices for foreign in ("passwd", "script", "zzz", "warp", "many"))
    assert read_pen(made.flat()) == (made, [])


def test_an_opening_stays_as_it_was_typed_and_is_read_without_what_the_model_never_saw():
    typed = "\x00<script>O\u202e"
    made, notices = read_pen({"prime": typed})
    assert made.prime == typed and made.writing.prime == "scriptO"
    assert len(notices) == 1 and "never seen" in notices[0] and "script" not in notices[0]
    assert read_pen(made.flat()) == (made, notices), "said as long as it holds"
    (sheet,) = sheets.start("somebody", made)
    assert sheet.text == "scriptO" and sheet.pen.asked == made.asked


def test_bars_sum_to_1_and_follow_the_temperature():
    language = pen.language(pen.PREFERRED)
    each = next(write(language, Pen(prime="ROMEO:\n").writing))
    heights = []
    for temperature in (0.2, 1.0, 2.0):
        p = distribution(each.logits, temperature)
        rows = pen_parts.choice_rows(p, each.number, language.vocabulary.symbols).to_pydict()
        assert sum(rows["probability"]) == pytest.approx(1, abs=1e-5) and rows["kind"].count("drawn") == 1
        assert rows["name"][-1] == "rest" and len(rows["name"]) == pen_parts.BARS + 1
        heights.append(rows["probability"][0])
    assert heights[0] > heights[1] > heights[2]


def test_what_is_drawn_among_the_rest_is_marked_there():
    rows = pen_parts.choice_rows(np.linspace(1, 2, 40, dtype=np.float32) / 60, 0, "".join(map(chr, range(48, 88))))
    assert rows["kind"].to_pylist().index("drawn") == pen_parts.BARS


def test_a_sheet_grows_by_what_is_due_and_stops(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(sheets.time, "monotonic", lambda: now[0])
    (sheet,) = sheets.start("somebody", Pen(length=50))
    sheet.add("slow")
    assert len(sheet.written) == 1, "the first at once"
    now[0] += 1
    sheet.add("slow")
    assert len(sheet.written) == 1 + pen.PER_SECOND["slow"]
    sheets.stop("somebody")
    now[0] += 1
    sheet.add("slow")
    assert len(sheet.written) == 1 + pen.PER_SECOND["slow"] and not sheet.moving
    assert sheets.of("somebody else") == []


def test_three_texts_differ_in_one_thing():
    for many, name in (("temperatures", "temperature"), ("seeds", "seed")):
        made = Pen(many=many, seed=2**31 - 2).each()
        assert len({getattr(each, name) for each in made}) == 3
        assert len({each.model_copy(update={name: 0}) for each in made}) == 1
        assert all(read_pen(each.flat()) == (each, []) for each in made)


def test_text_is_shown_as_text():
    def app():
        from playground import pen_parts, sheets
        from playground.pen import Pen

        (sheet,) = sheets.start("somebody", Pen(prime="R&D", length=3))
        while sheet.moving:
            sheet.add("full")
        sheet.written[0] = sheet.written[0]._replace(character="<")
        for alone in (False, True):
            pen_parts._written(sheet, alone=alone, at=1)

    page = AppTest.from_function(app, default_timeout=30).run()
    assert not page.exception
    body = page.get("html")[0].proto.body
    assert "R&amp;D" in body and ">&lt;</i>" in body and "><<" not in body
    data = json.loads(page.get("bidi_component")[0].proto.json)
    assert data["before"] == "R&D" and data["characters"][0][0] == "<", "put on the page as text by the browser"
