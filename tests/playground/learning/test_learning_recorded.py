"""The recorded study of Learning to write is what the page says: these settings, really trained, on the play."""

import numpy as np
import pytest

from playground.learning import recorded, suggestions
from playground.learning.samples import STAGES
from playground.learning.settings import read_settings
from rnncore.text import records
from rnncore.text.corpora import play


@pytest.fixture(scope="module")
def study():
    made = recorded.fresh()
    records.restore(made, str(recorded.FILE))
    return made


def test_a_live_study_begins_as_the_record_does(study):
    live = recorded.fresh()
    live.start()
    for _ in range(30):
        live.advance_one()
    # last digits differ between processors, and differences grow with the updates
    np.testing.assert_allclose(live.history.updates["loss"], study.history.updates["loss"][:30], rtol=1e-3)
    n = len(live.history.held_out)
    np.testing.assert_allclose(live.history.held_out["loss"], study.history.held_out["loss"][:n], rtol=1e-3)
    assert live.samples[0] == study.samples[0] and [s.step for s in live.samples] == [0, 10, 30]


def test_it_is_whole_and_small_and_of_the_set_up_that_a_visitor_finds(study):
    assert study.status == "finished" and study.step == study.config.steps
    assert set(STAGES) <= {sample.step for sample in study.samples}
    assert study.writing.prime in play() and recorded.FILE.stat().st_size < 100_000


def told(**raw):
    return recorded.sentence(read_settings(raw)[0])


def test_it_is_shown_for_its_text_and_says_how_other_settings_differ():
    assert told() == "**Recorded** run of 3,000 updates, made earlier with these settings. **Start** trains it live."
    assert "made earlier with cell lstm, not gru; learning rate 0.005, not 0.01. **Start** trains yours." in told(
        cell="gru", lr="0.01"
    )
    begun = told(begin="shakespeare-gru", hidden_size="64")
    assert "LSTM from scratch, not the shipped" in begun and "hidden size" not in begun
    assert "and" not in told(at="30", speed="slow") and "these settings" in told(at="30", speed="slow")
    many = told(cell="rnn", hidden_size="64", num_layers="2", seed="5", temperature="1")
    assert "more settings that differ" in many
    for other in ({"text": "python"}, {"text": "own"}):
        assert recorded.of(read_settings(other)[0]) is None
    assert recorded.of(read_settings({"cell": "gru"})[0]) is recorded.study()


def test_next_steps_fit_what_was_seen(study):
    setup, _ = read_settings({})
    turned = study.view().has_turned
    held = study.history.held_out["loss"]
    assert turned == (held[-1] > 1.02 * held.min())
    steps = suggestions.next_steps(study.view(), setup)
    assert 2 <= len(steps) <= 3 and len({step.label for step in steps}) == len(steps)
    assert ("Learn" in steps[0].label) == turned
    for raw in ({"begin": "shakespeare-gru"}, {"text": "python", "hidden_size": "320"}, {"steps": "100000"}):
        for step in suggestions.next_steps(study.view(), read_settings(raw)[0]):
            changed, notices = read_settings({**read_settings(raw)[0].flat(), **step.change})
            assert not notices and changed != read_settings(raw)[0], step
