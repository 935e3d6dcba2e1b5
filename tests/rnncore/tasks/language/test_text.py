"""The text task: windows, reference lines counted in plain Python, and refusals."""

import math
from collections import Counter
from itertools import pairwise

import pytest

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.language.lighthouse import STORY
from rnncore.tasks.language.text import TextOptions

OTHER = "".join(chr(97 + (i * i + i // 7) % 11) for i in range(900)) + "\nzß"


def build(text=STORY, seq_len=64):
    return TASKS["text"](seq_len, TextOptions(text=text))


def letters(task, numbers):
    return "".join(task.vocabulary[i] for i in numbers)


def test_the_story_is_plain_and_of_the_promised_size():
    assert STORY.isascii() and 2500 <= len(STORY) <= 3500


def test_windows_are_pieces_of_the_text_on_their_side():
    task = build()
    border = len(STORY) - len(STORY) // 10
    for batch, part in (
        (task.batch(40, generator(0, "data")), STORY[:border]),
        (task.held_out(40, generator(0, "data")), STORY[border:]),
    ):
        for i in range(40):
            read, following = letters(task, batch.inputs[:, i]), letters(task, batch.targets[:, i])
            assert read[1:] == following[:-1]
            assert read + following[-1] in part


def test_the_story_repeats_no_whole_window_across_the_border():
    border = len(STORY) - len(STORY) // 10
    assert not any(STORY[at : at + 65] in STORY[:border] for at in range(border, len(STORY) - 64))


@pytest.mark.parametrize("text", [STORY, OTHER], ids=["story", "other"])
def test_the_lines_agree_with_counting_in_plain_python(text):
    task = build(text)
    border = len(text) - len(text) // 10
    training, held_out = text[:border], text[border:]
    symbols = len(set(text))
    singles, pairs = Counter(training), Counter(pairwise(training))
    before = Counter(training[:-1])
    single = [-math.log((singles[c] + 0.1) / (len(training) + 0.1 * symbols)) for c in held_out[1:]]
    pair = [-math.log((pairs[c, d] + 0.1) / (before[c] + 0.1 * symbols)) for c, d in pairwise(held_out)]
    chance, unigram, bigram = task.baselines()
    assert chance.loss == pytest.approx(math.log(symbols))
    assert unigram.loss == pytest.approx(sum(single) / len(single))
    assert bigram.loss == pytest.approx(sum(pair) / len(pair))
    for line in (chance, unigram, bigram):
        assert line.metric == pytest.approx(line.loss / math.log(2))


def test_the_story_is_worth_learning():
    chance, unigram, bigram = build().baselines()
    assert bigram.loss < unigram.loss < chance.loss


def test_a_space_is_visible_in_the_table():
    task = build("ab c\n" * 300, seq_len=8)
    shown = [task.show(task.held_out(1, generator(seed, "data"))) for seed in range(30)]
    assert {line.truth for line in shown} == {"a", "b", "␣", "c", "↵"}
    assert all(" " not in line.question and "\n" not in line.question for line in shown)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least 200 characters, not 0"),
        ("ab" * 99, "at least 200 characters, not 198"),
        ("a" * 1000, "2 to 200 different characters, not 1"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 1000))), "2 to 200 different characters, not 1000"),
        ("ab" * 50_001, "100,000"),
    ],
)
def test_a_text_that_will_not_do_is_refused_in_one_sentence(text, message):
    with pytest.raises(ConfigError, match=message) as caught:
        RunConfig.from_flat({"task": "text", "text": text, "seq_len": 8})
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250


def test_windows_too_long_for_the_held_out_part_are_refused_with_what_would_fit():
    text = "abcdefghij" * 30
    with pytest.raises(ConfigError, match=r"choose at most 29, or paste 310 characters"):
        build(text, 30)
    assert build(text, 29).held_out(3, generator(0, "data")).size == 3
    build(text + "abcdefghij", 30)
