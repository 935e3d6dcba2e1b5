"""The next steps that the Train page offers: for every task two or three that can be done, said in measured numbers."""

import re

import pytest

from playground.components.numbers import loss_value, metric_text
from playground.live.process import LIMITS
from playground.race import recorded
from playground.race.setup import read_setup, setup_settings
from playground.race.verdicts import finding
from playground.train.figures import figures
from playground.train.next_steps import ideas, next_steps
from rnncore.files import recordings
from rnncore.tasks import TASKS
from rnncore.training.limits import check
from rnncore.training.race import MAX_CELLS, Race

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
LONGEST = 130  # letters of a reason; three lines beside a button


@pytest.fixture(scope="module", params=TASKS)
def race(request):
    """The recorded race of a task: real histories, none of which was made here."""
    return Race(recordings.load(recorded.file(request.param).read_bytes()))


def setup_of(race, **changes):
    return read_setup({**recorded.recommended(race.runs[0].config.task).flat(), **changes}, LIMITS)[0]


def steps_of(race, setup):
    return next_steps(race.view().runs, ideas(race, equal=setup.view.equal), setup)


def measured(race, changed):
    """Return every number that was measured or set, as the page writes it."""
    task, told = race.runs[0].task, [finding(race.view().runs), figures(race.view().runs), task_names(race)]
    for run in race.runs:
        held = run.history.held_out
        told += [loss_value(float(loss), task) for loss in held["loss"]]
        told += [metric_text(float(metric), task) for metric in held["metric"]]
        told += [f"{int(step):,} {int(held['step'][-1] - step):,}" for step in held["step"]]
        told += [f"{value:,}" for value in run.config.flat().values() if isinstance(value, int)]
    told += [f"{value:,}" for value in changed.flat().values() if isinstance(value, int)]
    return set(NUMBER.findall(" ".join(told)))


def task_names(race):
    return " ".join(line.name for line in race.runs[0].task.reference_lines)


def test_every_task_has_two_or_three_steps_that_can_be_done_and_change_something(race):
    setup = setup_of(race)
    steps = steps_of(race, setup)
    assert len(steps) in (2, 3)
    assert len({step.label for step in steps}) == len({tuple(step.change) for step in steps}) == len(steps)
    for step in steps:
        after, said = read_setup({**setup.flat(), **step.change}, LIMITS)
        assert not said and after.flat() == {**setup.flat(), **step.change} != setup.flat()
        assert len(after.cells) <= MAX_CELLS
        for config in after.configs:
            check(config, LIMITS)
            config.build_task()


def test_every_reason_is_one_sentence_of_measured_numbers(race):
    setup = setup_of(race)
    for step in steps_of(race, setup):
        after, _ = read_setup({**setup.flat(), **step.change}, LIMITS)
        assert step.reason.endswith("?") and step.reason.count("?") == 1 and len(step.reason) < LONGEST
        assert "nan" not in step.reason and "inf" not in step.reason and "None" not in step.reason
        assert set(NUMBER.findall(step.reason)) <= measured(race, after), step.reason
        assert any(run_name in step.reason for run_name in names(race)) or "no network" in step.reason


def names(race):
    return re.findall(r'<th scope="row">([^<]+)</th>', figures(race.view().runs))


def test_a_part_of_a_race_has_steps_too(race):
    for runs in (race.runs[:1], race.runs[1:]):
        setup = setup_of(race, cell=",".join(run.config.cell for run in runs))
        assert len(steps_of(Race(runs), setup)) in (2, 3)


def test_at_the_ends_of_the_range_no_length_is_offered_beyond(race):
    task = race.runs[0].config.task
    low, high = TASKS[task].seq_len_range
    described = setup_settings(task)["seq_len"]
    for step in steps_of(race, setup_of(race)):
        if "seq_len" in step.change:
            assert low <= step.change["seq_len"] <= high and step.label.startswith(f"{described.label}: ")


# --- some that are known ------------------------------------------------------------------------------------


def said(task, **changes):
    race = Race(recordings.load(recorded.file(task).read_bytes()))
    return {step.label: step.reason for step in steps_of(race, setup_of(race, **changes))}


def test_the_adding_problem_is_made_harder_and_fairer():
    found = said("adding")
    assert list(found)[:2] == ["Sequence length: 50 → 100", "Equal parameters"]
    assert found["Sequence length: 50 → 100"].endswith("right within 0.05 at 50: does it still at 100?")
    assert "3,489 weights than Vanilla RNN with 1,185" in found["Equal parameters"]


def test_copy_memory_was_still_learning():
    found = said("copy_memory")
    assert list(found)[:2] == ["500 more updates", "Delay: 10 → 5"]
    assert re.search(r"still fell from 0\.2\d* to 0\.1\d* in its last 300 updates", found["500 more updates"])


def test_what_a_server_does_not_give_is_not_offered():
    """Captions at 24 pixels, and at 21, have more weights than one network may have here."""
    assert not any("Pixels" in label for label in said("captions"))


def test_a_text_of_ones_own_stays_in_the_step():
    text = "the cat sat on the mat. the dog lay on the rug! " * 12
    race = Race.of(
        read_setup({"task": "text", "text": text, "seq_len": 40, "cell": "gru", "steps": 2}, LIMITS)[0].configs
    )
    race.start()
    while race.advance_one():
        pass
    setup = read_setup({"task": "text", "text": text, "seq_len": 40, "cell": "gru", "steps": 2}, LIMITS)[0]
    steps = steps_of(race, setup)
    assert len(steps) in (2, 3) and not any("text" in step.change for step in steps)
    assert not any(step.change.get("seq_len", 0) > 56 for step in steps), "its held-out tenth has 57 characters"


def test_a_short_run_is_told_how_long_the_recommended_one_is():
    setup = read_setup({"task": "addition", "cell": "gru", "hidden_size": 8, "batch_size": 8, "steps": 5}, LIMITS)[0]
    race = Race.of(setup.configs)
    race.start()
    while race.advance_one():
        pass
    race.runs[0].history.cut(3)
    first = steps_of(race, setup)[0]
    assert first.change == {"steps": 505}
    assert first.reason.endswith(" after 5 updates, of 5,000 recommended: how far does it get?")
