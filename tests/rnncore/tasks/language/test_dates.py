"""The dates task against Python's own reading of dates."""

import math
from collections import Counter
from datetime import date, datetime

import pytest

from rnncore.analysis.outcomes import report
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.language.dates import FIRST, LAST, LONGEST, MONTHS, WAYS, written
from rnncore.training.run import Run

PATTERNS = (
    "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%d. %B %Y", "%A, %B %d, %Y", "%A %d %B %Y",
    "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y",
)  # fmt: skip


def understood(question):
    """Return every reading that Python finds, with the number of its pattern."""
    found = []
    for number, pattern in enumerate(PATTERNS):
        try:
            found.append((number, datetime.strptime(question, pattern)))
        except ValueError:
            continue
    return found


def texts(task, batch):
    return [(task.question_of(batch.inputs[:, i]), task.text(batch.targets[:, i])) for i in range(batch.size)]


@pytest.fixture(scope="module")
def task():
    return RunConfig(task="dates").build_task()


def test_every_question_has_one_reading_and_it_is_the_answer(task):
    pairs = task.pairs(5000, generator(0, "data"))
    ways = Counter()
    for question, answer in pairs:
        # "may 5, 2019" is short and long at once; every other question fits one pattern only
        readings = understood(question)
        assert {day.date().isoformat() for _, day in readings} == {answer}
        assert len(readings) == 1 or "may" in question
        ways[readings[0][0]] += " may " not in f" {question} "
        assert FIRST <= date.fromisoformat(answer) <= LAST
        if "day" in question:
            assert question.split()[0].strip(",") == date.fromisoformat(answer).strftime("%A").lower()
    assert set(ways) == set(range(10)) and min(ways.values()) > 350
    years = Counter(answer[:4] for _, answer in pairs)
    assert len(years) == 100 and max(years.values()) < 100


def test_both_ends_of_the_century_and_the_longest_date_fit():
    assert written(date(2049, 9, 30), WAYS[5]) == "thursday, september 30, 2049"
    longest = max(len(written(date(2048, month, 23 + day), way)) for month in range(1, 13) for day in range(7)
                  for way in WAYS)  # fmt: skip
    assert longest == LONGEST
    assert [written(date(2019, 4, 2), way) for way in WAYS] == [
        "april 2, 2019", "2 april 2019", "apr 2, 2019", "2 apr 2019", "2. april 2019", "tuesday, april 2, 2019",
        "tuesday 2 april 2019", "4/2/2019", "2019/4/2", "2.4.2019",
    ]  # fmt: skip


def test_ten_thousand_training_pairs_and_no_held_out_question_among_them(task):
    training = texts(task, task.batch(60_000, generator(0, "data")))
    held_out = texts(task, task.held_out(5000, generator(0, "held-out")))
    questions = {question for question, _ in training}
    assert 9000 < len(questions) <= 10_000  # of a table of 10,000, some alike
    assert 900 < len({question for question, _ in held_out}) <= 1000
    assert not questions & {question for question, _ in held_out}


def test_longer_questions_only_get_more_blanks():
    short, long = (RunConfig(task="dates", seq_len=n).build_task() for n in (LONGEST, LONGEST + 11))
    one, other = short.encoded([("4/2/2019", "2019-04-02")]), long.encoded([("4/2/2019", "2019-04-02")])
    assert long.steps(other.inputs) == ("␣",) * 11 + short.steps(one.inputs)
    assert short.steps(one.inputs)[-9:] == ("␣", *"4/2/2019")
    assert short.text(one.targets[:, 0]) == long.text(other.targets[:, 0]) == "2019-04-02"


def test_what_is_typed_is_read_like_what_is_drawn(task):
    assert task.parse_text(" April  2, 2019 ").equal(task.encoded([("april 2, 2019", "2019-04-02")]).inputs)
    with pytest.raises(ConfigError, match="At most 29 characters fit, not 33"):
        task.parse_text("wednesday, september 30, 2049 2049"[:33])


def test_who_reads_nothing_knows_the_century_and_the_dashes(task):
    chance, unread, optimum = task.baselines()
    assert chance.loss == math.log(len("0123456789-") + 1)
    # two halves of a century, ten decades' digits and so on: entropies of each place, in nats
    months = [f"{month:02}" for month in range(1, 13)]
    tens, ones = (entropy(Counter(month[place] for month in months)) for place in (0, 1))
    days = [day for n in (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31) for day in range(1, int(n) + 1)]
    day_tens, day_ones = (entropy(Counter(f"{day:02}"[place] for day in days)) for place in (0, 1))
    expected = (2 * math.log(2) + math.log(10) * 2 + tens + ones + day_tens + day_ones) / 11
    assert unread.loss == pytest.approx(expected, abs=0.02) and unread.metric < 0.01
    assert (optimum.loss, optimum.metric) == (0, 1)


def entropy(counts):
    total = sum(counts.values())
    return -sum(n / total * math.log(n / total) for n in counts.values())


def test_all_months_have_names_of_their_own_in_three_letters():
    assert len({month[:3] for month in MONTHS}) == len(set(MONTHS)) == 12


@pytest.mark.slow
def test_an_lstm_reads_dates_and_a_network_without_a_memory_writes_always_the_same():
    run = Run(RunConfig(task="dates", cell="lstm", hidden_size=96, lr=0.01, steps=900, seed=1))
    run.advance()
    assert report(run)["exact_free"] > 0.6
    window = Run(RunConfig(task="dates", cell="feedforward", hidden_size=32, steps=100, seed=1))
    window.advance()
    unread = TASKS["dates"](LONGEST).baselines()[1]
    assert window.history.held_out["metric"][-1] < 0.02
    assert window.history.held_out["loss"][-1] > unread.loss - 0.2
