"""What networks answer to a visitor's own question, and how they go on with a text."""

import re
import time

import pytest
import torch

from rnncore.analysis.replies import continuation, reply
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.pool.entry import Measurement
from rnncore.pool.pool import RunPool
from rnncore.tasks import TASKS
from rnncore.tasks.shuffle import shuffled
from rnncore.tasks.typed import MOST_CHARACTERS
from rnncore.tasks.writing import captions as captions_task
from rnncore.text.sampling import Writing
from rnncore.training.race import Race
from rnncore.training.run import Run

torch.set_num_threads(1)

ASKED = [name for name in TASKS if TASKS[name].ask and TASKS[name].ask_kind == "text"]
AT_ONCE = Writing(prime="The ", length=50)
SHOWN_ONLY = {"digits", "sounds", "video", "video_frames", "text"}  # a pad, no question, an opening
NARROW = {"brackets": {"depth": 1}, "copy_memory": {"memorize": 2}}
WIDE = {"brackets": {"depth": 10}, "copy_memory": {"memorize": 20}}


def run_of(task, **settings):
    return Run(RunConfig.from_flat({"task": task, "cell": "gru", "hidden_size": 6, "batch_size": 4, **settings}))


def test_every_task_that_a_person_can_ask_can_be_asked():
    assert set(ASKED) == set(TASKS) - SHOWN_ONLY


@pytest.mark.parametrize("name", ASKED)
def test_the_first_question_and_the_example_in_words_are_read(name):
    kind = TASKS[name]
    for task in (
        RunConfig(task=name).build_task(),
        kind(kind.seq_len_range[0], kind.Options(**NARROW.get(name, {}))),
        kind(RunConfig.from_flat({"task": name}).seq_len, kind.Options(**WIDE.get(name, {}))),
    ):
        inputs = task.parse_text(task.first_question)
        assert inputs.shape[1] == 1 and len(task.steps(inputs)) == len(inputs)
        assert len(task.first_question) <= MOST_CHARACTERS
    for example in re.findall("“(.+?)”", kind.ask):
        RunConfig(task=name).build_task().parse_text(example)


LONG = ["a" * 130_000, "1 " * 65_000, "\0\ud800\u202e" * 40_000, " " * 130_000, "(" * 130_000]
STRANGE = ["", " ", "nan", "<b>1</b>", "1e999 1", "٣ ٤", "-" * 1999, "a b c d e f g h i j"]


@pytest.mark.parametrize("name", ASKED)
def test_what_cannot_be_read_is_refused_in_one_sentence(name):
    task = RunConfig(task=name).build_task()
    for hostile in LONG + STRANGE:
        try:
            inputs = task.parse_text(hostile)
        except ConfigError as refused:
            said = str(refused)
            assert 0 < len(said) < 500 and said.endswith(".") and not re.search(r"\.\s+[A-Z]", said), said
        else:
            assert hostile in STRANGE and len(inputs) <= 200, f"read after all: {hostile[:20]}"


@pytest.mark.parametrize("name", ASKED)
def test_a_network_answers_its_first_question(name):
    run = run_of(name)
    inputs = run.task.parse_text(run.task.first_question)
    found = reply(run, inputs)
    assert found == reply(run, inputs) and found.answers
    if found.steps:
        assert len(found.answers) == len(found.steps) == len(inputs)
    if found.likely:
        shares = [share for _, share in found.likely]
        assert sum(shares) == pytest.approx(1, abs=1e-5) and shares == sorted(shares, reverse=True)
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter.fill_(float("nan"))
    assert reply(run, inputs).answers == ()


def test_answers_are_what_the_network_says_in_training():
    run = run_of("sentiment")
    run.advance(steps=3)
    inputs = run.task.parse_text("the plot was good")
    with torch.no_grad():
        shares = run.model(inputs)[0].softmax(-1)
    assert dict(reply(run, inputs).likely) == pytest.approx(dict(zip(run.task.answers, shares.tolist(), strict=True)))


def test_a_question_is_read_in_the_order_in_which_the_network_reads_its_examples():
    run = run_of("parity", shuffle="same", seq_len=20)
    whole = run.task.sample(1, torch.Generator().manual_seed(1))
    bits = whole.inputs[: int(whole.lengths)]
    in_training = shuffled(whole, "same", run.config.seed, None).inputs[: len(bits)]
    assert not torch.equal(bits, in_training)
    with torch.no_grad():
        expected = run.model(in_training)[:, 0].argmax(-1)
    found = reply(run, bits)
    assert found.steps == run.task.steps(in_training)
    assert list(found.answers) == [run.task.answers[i] for i in expected.tolist()]


def test_what_is_typed_stands_where_training_has_it():
    adding = RunConfig(task="adding").build_task()
    inputs = adding.parse_text("0.25 + 0.5")[:, 0]
    assert inputs[inputs[:, 1] == 1, 0].tolist() == [0.25, 0.5]
    order = RunConfig(task="temporal_order").build_task()
    assert [step for step in order.steps(order.parse_text("yx")) if step in "XY"] == ["Y", "X"]
    copy = RunConfig(task="copy_memory").build_task()
    batch = copy.sample(1, torch.Generator().manual_seed(0))
    word = "".join(copy.steps(batch.inputs)[:10])
    assert torch.equal(copy.parse_text(word), batch.inputs)
    series = RunConfig(task="temperature").build_task()
    assert series.in_units(series.parse_text("12,5 13 14.25")).flatten().tolist() == pytest.approx([12.5, 13, 14.25])
    captions = RunConfig(task="captions").build_task()
    drawn = captions._drawn(*(torch.tensor(each) for each in ([6], [[0, 3]], [[0, 4]])), torch.Generator())
    assert captions.text(drawn.targets[:, 0]) == "a red circle above a blue moon"
    picture = captions.parse_text("A red circle above a blue moon.")
    (painting,) = reply(run_of("captions"), picture).shown.paintings
    assert [colour for colour, _ in painting.areas] == [captions_task.PAINT["red"], captions_task.PAINT["blue"]]
    read = picture.view(14, 14, 4)
    assert read[:7].sum() > 0 and read[7:].sum() > 0


def test_a_network_goes_on_with_a_text_by_the_shared_sampling():
    run = run_of("text")
    run.advance(steps=2)
    written = continuation(run, Writing(prime="The ", length=40, temperature=0))
    numbers = run.task.encode("The ").tolist()
    for character in written:
        with torch.no_grad():
            best = run.model(torch.tensor(numbers)[:, None])[-1, 0].argmax().item()
        assert run.task.vocabulary[best] == character
        numbers.append(best)
    assert len(written) == 40
    with pytest.raises(ConfigError, match="never seen '§'"):
        continuation(run, Writing(prime="§"))
    with pytest.raises(ConfigError, match="cannot write"):
        continuation(run_of("text", bidirectional=True), Writing(prime="The "))
    with pytest.raises(ConfigError, match="Dates writes no text: choose the task Text"):
        continuation(run_of("dates"), Writing(prime="The "))
    with torch.no_grad():
        next(run.model.parameters()).fill_(float("nan"))
    assert continuation(run, Writing(prime="The ")) == ""


def test_whoever_watches_a_run_write_changes_none_of_its_losses():
    def losses(watched):
        configs = [
            RunConfig.from_flat(
                {"task": "text", "cell": cell, "hidden_size": 8, "batch_size": 4, "steps": 12, "num_layers": 2,
                 "dropout": 0.3}
            )
            for cell in ("rnn", "lstm", "gru", "lstm_peephole")
        ]  # fmt: skip
        pool, race = RunPool(workers=2), Race.of(configs)
        try:
            entry = pool.get("me", pool.add("me", race))
            entry.speed = "medium"
            pool.start(entry)
            written = []
            while race.status == "running":
                time.sleep(0.005)
                if watched:
                    each = Measurement(lambda race: [continuation(run, AT_ONCE) for run in race.runs])
                    pool.measure(entry, each)
                    assert each.done.wait(60) and each.error is None
                    written.append(each.value)
        finally:
            pool.close()
        return [run.history.updates["loss"].tolist() for run in race.runs], written

    alone, (watched, written) = losses(False)[0], losses(True)
    assert alone == watched and len(written) > 1 and written[0] != written[-1]
