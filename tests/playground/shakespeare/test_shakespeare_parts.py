"""The Shakespeare page's set-up and pictures: hostile values, what is drawn, what is shown."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.language_models import shipped_models
from playground.shakespeare import next_character, settings, streams
from playground.shakespeare.settings import ShakespeareSettings, read_settings
from rnncore.text.sampling import Written, distribution, write


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {}),
        ({"temperature": "99", "length": "1e9"}, {"temperature": 3.0, "length": 5000}),
        ({"temperature": "nan", "top_p": "-1", "top_k": "many"}, {"temperature": 0.8, "top_p": 0.01, "top_k": 0}),
        ({"model": "../../etc/passwd"}, {"model": shipped_models.PREFERRED}),
        ({"prime": "A" * 9000}, {"prime": "A" * 500}),
        ({"seed": "x", "speed": "warp", "zzz": "1"}, {"seed": 0, "speed": "medium"}),
    ],
)
def test_a_hostile_set_up_is_made_sound_and_says_so(raw, expected):
    made, notices = read_settings(raw)
    assert all(getattr(made, name) == value for name, value in expected.items())
    assert bool(notices) == bool(raw)
    assert not any(foreign in said for said in notices for foreign in ("passwd", "script", "zzz", "warp", "many"))
    assert read_settings(made.flat()) == (made, [])


def test_an_opening_stays_as_it_was_typed_and_is_read_without_what_the_model_never_saw():
    typed = "\x00<script>O\u202e"
    made, notices = read_settings({"prime": typed})
    assert made.prime == typed and made.writing.prime == "scriptO"
    assert len(notices) == 1 and "never seen" in notices[0] and "script" not in notices[0]
    assert read_settings(made.flat()) == (made, notices), "said as long as it holds"
    (stream,) = streams.start("somebody", made)
    assert stream.text == "scriptO" and made.changed_since([stream.settings]) == []


def test_bars_sum_to_1_and_follow_the_temperature():
    language = shipped_models.language(shipped_models.PREFERRED)
    each = next(write(language, ShakespeareSettings(prime="ROMEO:\n").writing))
    heights = []
    for temperature in (0.2, 1.0, 2.0):
        p = distribution(each.logits, temperature)
        rows = next_character.choice_rows(each, p, language.vocabulary.symbols).to_pydict()
        assert sum(rows["probability"]) == pytest.approx(1, abs=1e-5) and rows["kind"].count("chosen") == 1
        assert sum(rows["before"]) == pytest.approx(1, abs=1e-5) and max(rows["before"]) == max(each.probabilities)
        assert rows["name"][-1] == "rest" and len(rows["name"]) in (next_character.BARS + 1, next_character.BARS + 2)
        heights.append(rows["probability"][0])
    assert heights[0] > heights[1] > heights[2]


def test_a_rare_character_has_a_bar_of_its_own_beside_the_likeliest():
    logits = np.linspace(0, 4, 40, dtype=np.float32)
    now, before = distribution(logits, 2.0), distribution(logits, 0.8)
    each = Written("0", 0, before, logits)
    rows = next_character.choice_rows(each, now, "".join(map(chr, range(48, 88)))).to_pydict()
    place = rows["kind"].index("chosen")
    assert (rows["name"][place], place, rows["kind"].count("chosen")) == ("0", next_character.BARS, 1)
    assert (rows["probability"][place], rows["before"][place]) == pytest.approx((now[0], before[0]))
    said = next_character.comparison(each, now, ShakespeareSettings(), ShakespeareSettings(temperature=2))
    assert f"{before[0]:.4f} at temperature 0.8; at temperature 2 it has {now[0]:.4f}" in said


def test_a_text_is_looked_at_late_until_a_character_is_chosen():
    stream = streams.greeting(shipped_models.PREFERRED)
    late = streams.place(stream, settings.LATE)
    assert late > 0.75 * len(stream.written)
    assert stream.written[late - 1].surprise == max(each.surprise for each in stream.written[600:])
    assert streams.place(stream, 7) == 7 and streams.place(stream, 5000) == len(stream.written)


def test_the_greeting_is_what_the_model_writes_with_the_settings_a_visitor_finds():
    stream = streams.greeting(shipped_models.PREFERRED)
    wanted = write(shipped_models.language(shipped_models.PREFERRED), read_settings({})[0].writing)
    assert [each.number for each in stream.written] == [each.number for each in wanted]
    assert stream is streams.on_screen("nobody")[0] and not stream.moving


def test_what_has_changed_since_a_text_was_written_is_named():
    for many in ("one", "temperatures", "seeds"):
        then = ShakespeareSettings(many=many)
        assert then.changed_since(then.each()) == []
        assert ShakespeareSettings(many=many, model="shakespeare-lstm", top_k=5).changed_since(then.each()) == [
            "Model",
            "Top k",
        ]
        assert ShakespeareSettings(many=many, speed="full", at=9).changed_since(then.each()) == [], "changes no text"
    assert ShakespeareSettings(many="seeds", model="shakespeare-rnn").changed_since([ShakespeareSettings()]) == [
        "Model",
        "Texts",
    ]
    assert (
        ShakespeareSettings(many="temperatures", temperature=2).changed_since(
            ShakespeareSettings(many="temperatures").each()
        )
        == []
    )


def test_a_sheet_grows_by_what_is_due_and_stops(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(streams.time, "monotonic", lambda: now[0])
    (stream,) = streams.start("somebody", ShakespeareSettings(length=50))
    stream.add("slow")
    assert len(stream.written) == 1, "the first at once"
    now[0] += 1
    stream.add("slow")
    assert len(stream.written) == 1 + settings.PER_SECOND["slow"]
    streams.stop("somebody")
    now[0] += 1
    stream.add("slow")
    assert len(stream.written) == 1 + settings.PER_SECOND["slow"] and not stream.moving
    assert streams.of("somebody else") == []


def test_three_texts_differ_in_one_thing():
    for many, name in (("temperatures", "temperature"), ("seeds", "seed")):
        made = ShakespeareSettings(many=many, seed=2**31 - 2).each()
        assert len({getattr(each, name) for each in made}) == 3
        assert len({each.model_copy(update={name: 0}) for each in made}) == 1
        assert all(read_settings(each.flat()) == (each, []) for each in made)


def test_text_is_shown_as_text():
    def app():
        import streamlit as st

        from playground.shakespeare import settings, streams, views
        from playground.shakespeare.settings import ShakespeareSettings

        settings.visit.open()
        (stream,) = streams.start("somebody", ShakespeareSettings(prime="R&D", length=3))
        for _ in range(1000):
            stream.add("full")
        assert not stream.moving
        stream.written[0] = stream.written[0]._replace(character="<")
        st.html(views._shaded(stream))
        views._alone(stream, settings.visit.setup())

    page = AppTest.from_function(app, default_timeout=30).run()
    assert not page.exception
    body = page.get("html")[0].proto.body
    assert "R&amp;D" in body and ">&lt;</i>" in body and "><<" not in body
    data = json.loads(page.get("bidi_component")[0].proto.json)
    assert data["before"] == "R&D" and data["characters"][0][0] == "<", "put on the page as text by the browser"
