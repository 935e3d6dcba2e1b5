"""Tasks are found by what people call them."""

import pytest

from playground.catalogue import task_search
from rnncore.tasks import TASKS

SYNONYMS = {
    "music": "melody", "song": "melody", "handwriting": "handwriting", "stock": "stocks", "finance": "stocks",
    "weather": "temperature", "climate": "co2", "translation": "french", "speech": "sounds", "voice": "sounds",
    "image": "digits", "MNIST": "digits", "names": "entities", "NER": "entities", "chatbot": "intent",
    "movie": "sentiment", "video": "video_frames", "genetics": "dna", "XOR": "parity", "CSV": "own_series",
    "language model": "text", "calendar": "dates", "arithmetic": "addition", "forecast": "hourly",
}  # fmt: skip


@pytest.mark.parametrize("typed", SYNONYMS)
def test_a_task_is_found_by_a_synonym_in_any_case(typed):
    for text in (typed, typed.upper(), f"  {typed.lower()} "):
        assert SYNONYMS[typed] in task_search.found(text)
    assert len(task_search.found(typed)) < 12


@pytest.mark.parametrize(
    ("slip", "task"),
    [("musci", "melody"), ("wheather", "temperature"), ("handwritting", "handwriting"), ("tranlation", "french"),
     ("parenthesis", "brackets"), ("melodies", "melody"), ("bracket words", "brackets"), ("stocks", "stocks")],
)  # fmt: skip
def test_slips_and_plurals_are_understood(slip, task):
    assert task in task_search.found(slip)


def test_every_word_must_fit_at_the_beginning_of_a_word():
    assert task_search.found("weather hours") == ["hourly"]
    assert "melody" not in task_search.found("usic") and not task_search.found("zzqx")
    assert set(task_search.found("MEL")) >= {"melody"}


@pytest.mark.parametrize("text", ["", "   ", "…", "<>"])
def test_no_word_finds_all(text):
    assert task_search.found(text) == list(TASKS)


@pytest.mark.parametrize("text", ["q" * 60, "(" * 60, ".*", "☃", "\x00", "weather " * 7])
def test_whatever_is_typed_is_only_looked_for(text):
    assert set(task_search.found(text)) <= set(TASKS)


def test_what_to_try_when_nothing_fits_does_find_something():
    assert all(task_search.found(word) for word in task_search.EXAMPLES)
    assert all(word in task_search.advice() for word in task_search.EXAMPLES)
