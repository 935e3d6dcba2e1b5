"""Named entities against naive readings of sentences and tags."""

import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.base import Batch
from rnncore.tasks.language.entities import HELD_OUT_NAMES, OPEN, TAGS, WORDS, f1, seen, table
from rnncore.training.run import Run

TASK = TASKS["entities"](20)


def sentences(batch):
    for i, length in enumerate(batch.lengths.tolist()):
        yield TASK.steps(batch.inputs[:length, i : i + 1]), [TAGS[tag] for tag in batch.targets[:length, i].tolist()]


def spans(tags):
    """Kind, first and last word of each entity."""
    found, before = [], "O"
    for place, tag in enumerate(tags):
        if tag[0] == "B" or (tag[0] == "I" and before[2:] != tag[2:]):
            found.append([tag[2:], place, place])
        elif tag[0] == "I":
            found[-1][2] = place
        before = tag
    return {tuple(span) for span in found}


def test_f1_is_that_of_a_naive_count_of_spans():
    g = generator(0, "tags")
    for steps in (1, 2, 5, 9):
        found, true = torch.randint(0, 9, (2, steps, 30), generator=g) * (torch.rand(2, steps, 30, generator=g) < 0.7)
        found = torch.where(torch.rand(steps, 30, generator=g) < 0.6, true, found)
        named = [[[TAGS[tag] for tag in column] for column in tags.T.tolist()] for tags in (found, true)]
        a, b = [[spans(column) for column in columns] for columns in named]
        hits = sum(len(x & y) for x, y in zip(a, b, strict=True))
        total = sum(map(len, a)) + sum(map(len, b))
        assert float(f1(found, true)) == pytest.approx(2 * hits / total)
    nothing = torch.zeros(4, 3, dtype=torch.int64)
    assert f1(nothing, nothing) == 1 and f1(nothing + 1, nothing) == 0


@pytest.mark.parametrize("side", ["batch", "held_out"])
def test_sentences_have_names_of_one_side_only(side):
    batch = getattr(TASK, side)(500, generator(0, "data"))
    allowed = HELD_OUT_NAMES if side == "held_out" else OPEN["@"]
    kinds = {name: set() for name in allowed}
    for words, tags in sentences(batch):
        assert words[0][0].isupper() or words[0][0].isdecimal()
        names = [(word, tag) for word, tag in zip(words, tags, strict=True)
                 if word.lower() not in WORDS and not word.isdecimal()]  # fmt: skip
        assert names
        for name, tag in names:
            kinds[name].add(tag[2:])
        assert all(tag != "O" for _, tag in names)
    if side == "held_out":
        assert all(found == {"person", "place", "organisation"} for found in kinds.values())


def test_no_two_names_look_the_same_and_every_letter_seen_is_the_names_own():
    names = (*OPEN["@"], *HELD_OUT_NAMES)
    assert len({tuple(seen(name).tolist()) for name in names}) == len(names) == len(set(names))
    assert all(seen(name).sum() == 5 for name in names)  # a capital and four letters
    assert not {name.lower() for name in names} & set(WORDS)


def test_no_sentence_can_be_understood_in_two_ways():
    batch = TASK.sample(6_000, generator(0, "data"))
    known = {}
    for words, tags in sentences(batch):
        shape = tuple("@" if w in OPEN["@"] or w in HELD_OUT_NAMES else "0" * len(w) if w.isdecimal() else w.lower()
                      for w in words)  # fmt: skip
        assert known.setdefault(shape, tags) == tags
    assert len(table(20).count) == 30 and len(table(8).count) > 15


def test_the_measured_guesses_are_those_of_a_naive_count():
    chance, memoryless, neighbours, optimum = TASK.baselines()
    assert chance.loss == math.log(9) and (optimum.loss, optimum.metric) == (0, 1)
    assert chance.metric < 0.06 < memoryless.metric < 0.5 < neighbours.metric < 0.95
    counts, truth = {}, []
    for words, tags in sentences(TASK.sample(4000, generator(1, "data"))):
        keys = ["@" if w.lower() not in WORDS and not w.isdecimal() else "0" * len(w) if w.isdecimal() else w.lower()
                for w in words]  # fmt: skip
        truth.append((keys, tags))
        for key, tag in zip(keys, tags, strict=True):
            counts.setdefault(key, dict.fromkeys(TAGS, 0))[tag] += 1
    hits = total = 0
    for keys, tags in truth:
        a, b = spans([max(counts[key], key=counts[key].get) for key in keys]), spans(tags)
        hits, total = hits + len(a & b), total + len(a) + len(b)
    assert memoryless.metric == pytest.approx(2 * hits / total, abs=0.02)


def test_padding_changes_nothing():
    batch = TASK.batch(20, generator(0, "data"))
    model = SequenceModel(RunConfig(task="entities", cell="gru", hidden_size=7), TASK, generator(1, "init")).double()
    noise = torch.rand(batch.inputs.shape, generator=generator(1, "noise"))
    changed = batch.inputs.where(batch.mask[..., None], noise).double()
    before, after = model(batch.inputs.double(), batch.lengths), model(changed, batch.lengths)
    torch.testing.assert_close(before[batch.mask], after[batch.mask], rtol=0, atol=1e-12)
    flipped = before.where(batch.mask[..., None], -before)
    assert TASK.loss(flipped, batch) == TASK.loss(before, batch)
    assert TASK.metric(flipped, batch) == TASK.metric(before, batch)


def test_typed_names_may_be_any_and_typed_words_may_not():
    typed = "Zürich met Li in Lake Kent in 1987."
    assert TASK.steps(TASK.parse_text(typed)) == ("Z…ich", "met", "Li", "in", "Lake", "Kent", "in", "1987", ".")
    with pytest.raises(ConfigError, match="zurich"):
        TASK.parse_text("Kent met zurich .")


def test_show_counts_an_entity_only_if_it_is_whole():
    inputs = TASK.parse_text("Paris Kent met Troy in Oxford .")
    tags = [TAGS.index(tag) for tag in ("B-person", "I-person", "O", "B-person", "O", "B-place", "O")]
    batch = Batch(inputs, torch.tensor(tags)[:, None], torch.ones(7, 1, dtype=torch.bool), torch.tensor([7]))
    output = torch.eye(9)[tags]
    shown = TASK.show(batch, output)
    assert (shown.truth, shown.answer, shown.right) == ("PER PER LOC", "PER PER LOC", True)
    output[1] = torch.eye(9)[TAGS.index("B-person")]
    shown = TASK.show(batch, output)
    assert (shown.answer, shown.right) == ("PER PER PER LOC", False)
    assert float(TASK.metric(output[:, None], batch)) == pytest.approx(2 * 2 / (3 + 4))


@pytest.mark.slow
def test_reading_both_ways_finds_new_names_and_reading_forwards_has_to_guess():
    scores = {}
    for both in (True, False):
        run = Run(RunConfig(task="entities", cell="gru", seed=1, bidirectional=both))
        run.advance(steps=300)
        scores[both] = run.history.held_out["metric"][-1]
    assert scores[True] > 0.97 > TASK.baselines()[2].metric
    assert scores[False] < 0.9
