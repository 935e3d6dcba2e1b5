"""What is worth trying next is judged from measurements: each kind where it fits, none where it does not."""

import numpy as np
import pytest
import torch

from rnncore.analysis.comparison import between
from rnncore.analysis.next_steps import failed, falling, ideas
from rnncore.analysis.rivals import has_learned
from rnncore.config import RunConfig
from rnncore.tasks.goals import goal, guess
from rnncore.training.history import UPDATE_COLUMNS, History
from rnncore.training.run import Run

TINY = {"hidden_size": 8, "seq_len": 10, "batch_size": 8, "steps": 100}
GUESS = 1 / 6  # the adding problem's


def ended(*losses, metric=0.1, scatter=0.1, **values):
    """A tiny run that ended with these held-out losses, 25 updates apart; its examples scatter around the last."""
    run = Run(RunConfig.from_flat({**TINY, **values}))
    run.step = 25 * (len(losses) - 1)
    measured = [[25 * i, loss, metric, 0, 0] for i, loss in enumerate(losses)]
    run.history = History(np.zeros((run.step, len(UPDATE_COLUMNS)), np.float32), np.array(measured, np.float32))
    signs = (-1.0) ** torch.arange(run.held_out.size)
    run.scores = losses[-1] * (1 + scatter * signs), torch.ones(run.held_out.size)
    return run


def kinds(*runs, equal=False):
    return list(dict.fromkeys(idea.kind for idea in ideas(runs, equal=equal, more=500) if not idea.filler))


def changes(*runs, kind, equal=False):
    return [idea.changes for idea in ideas(runs, equal=equal, more=500) if idea.kind == kind]


FLAT = (0.3, *[GUESS] * 64)  # longer than the recommended run
LEARNED = (0.3, *np.geomspace(0.2, 0.001, 12), *[0.001] * 12)


# --- what is known of a run ---------------------------------------------------------------------------------


def test_a_loss_falls_if_its_end_falls_beyond_its_scatter_to_where_it_never_was():
    down = np.linspace(0.3, 0.1, 41)
    fell = falling(ended(*down))
    assert fell is not None and fell.updates == 100 and fell.after == pytest.approx(0.1) and fell.before > fell.after
    assert falling(ended(*FLAT)) is None
    assert falling(ended(*down, *[0.1] * 10)) is None, "it has come to rest"
    assert falling(ended(*down, 0.3, 0.28, 0.26, 0.24, 0.22, 0.2)) is None, "it was lower before"
    noisy = GUESS + 0.01 * np.random.default_rng(0).standard_normal(40)
    assert falling(ended(*noisy)) is None
    assert falling(ended(0.3, 0.2)) is None, "two measurements show no direction"


def test_a_loss_below_zero_can_fall_too():
    assert falling(ended(*np.linspace(1, -0.5, 30), task="handwriting", seq_len=20)) is not None
    assert falling(ended(*np.linspace(-0.5, 1, 30), task="handwriting", seq_len=20)) is None


def test_a_task_is_learned_at_its_goal_or_where_nearly_all_is_right():
    assert goal(ended(*FLAT).task) == pytest.approx(0.01) and guess(ended(*FLAT).task).loss == pytest.approx(GUESS)
    assert (
        has_learned(ended(*LEARNED).view())
        and not has_learned(ended(*FLAT).view())
        and not has_learned(ended(0.3, 0.02).view())
    )
    assert has_learned(ended(0.3, 0.02, metric=0.96).view())
    weather = {"task": "temperature", "seq_len": 30}
    assert has_learned(ended(1, 0.1, metric=1.5, **weather).view()) and not has_learned(
        ended(1, 0.5, metric=4.0, **weather).view()
    )


def test_nothing_is_learned_where_the_guess_cannot_be_told_apart():
    text = ended(3, 1.3, metric=1.9, scatter=0.1, task="text", seq_len=16)
    assert has_learned(text.view())
    text.scores = (
        text.scores[0] * torch.rand(text.held_out.size, generator=torch.Generator().manual_seed(0)) * 99,
        text.scores[1],
    )
    assert not has_learned(text.view()) and failed([text.view()])


def test_networks_are_compared_example_by_example():
    one, other = ended(0.3, 0.1), ended(0.3, 0.1001, cell="gru")
    assert between(one.view(), other.view()).verdict == "better", "alike on all examples but for a small part"
    other.scores = one.scores[0].flip(0), one.scores[1]
    assert between(one.view(), other.view()).verdict == "open" and between(one.view(), one.view()).gain == 0


# --- each kind ----------------------------------------------------------------------------------------------


def test_twice_the_length_comes_first_where_a_network_has_learned():
    runs = ended(*LEARNED), ended(*FLAT, cell="rnn")
    assert kinds(*runs)[0] == "longer"
    assert changes(*runs, kind="longer") == [{"seq_len": 20}, {"seq_len": 15}]
    assert "shorter" not in kinds(*runs)


@pytest.mark.parametrize(
    ("task", "seq_len", "found"),
    [("captions", 14, [24, 21]), ("melody", 6, [8]), ("melody", 8, []), ("digits", 7, []), ("or_table", 10, []),
     ("dates", 29, []), ("clue", 40, [60]), ("addition", 5, []), ("addition", 4, [6])],
)  # fmt: skip
def test_a_length_stays_in_the_range_of_the_task_and_is_clearly_another_one(task, seq_len, found):
    best = ended(9, -9, metric=1.0, task=task, seq_len=seq_len)
    assert has_learned(best.view()) and [each["seq_len"] for each in changes(best, kind="longer")] == found


def test_where_none_has_learned_shorter_is_easier_and_never_below_the_range():
    assert changes(ended(*FLAT), kind="shorter") == [{"seq_len": 5}, {"seq_len": 8}]
    assert changes(ended(*FLAT, seq_len=6), kind="shorter") == [{"seq_len": 4}]
    assert changes(ended(*FLAT, seq_len=4), kind="shorter") == []


def test_where_more_steps_are_more_to_go_by_nobody_is_told_to_take_fewer():
    cold = ended(1, 0.5, metric=4.0, task="temperature", seq_len=30)
    assert changes(cold, kind="longer")[0] == {"seq_len": 60} and "shorter" not in kinds(cold)


def test_more_updates_where_a_loss_was_still_falling():
    down = np.linspace(0.3, 0.1, 41)
    assert kinds(ended(*down))[0] == "more" and changes(ended(*down), kind="more")[0] == {"steps": 1500}
    assert "more" not in kinds(ended(*FLAT)) and "more" not in kinds(ended(*LEARNED, 0.0001, 0.00001))
    late = kinds(ended(*LEARNED), ended(*down, cell="rnn"))
    assert late.index("longer") < late.index("more")


def test_more_updates_where_the_run_was_shorter_than_the_recommended_one_and_none_has_learned():
    assert kinds(ended(*FLAT[:20]))[0] == "more" and changes(ended(*FLAT[:20]), kind="more")[0] == {"steps": 975}
    assert "more" not in kinds(ended(*LEARNED))


def test_a_cell_with_gates_where_the_plain_one_failed():
    assert kinds(ended(*FLAT, cell="rnn"))[0] == "cell"
    assert changes(ended(*FLAT, cell="rnn"), kind="cell")[0] == {"cell": "rnn,lstm"}
    with_gates = ended(*FLAT, cell="rnn"), ended(*FLAT, cell="gru")
    assert kinds(*with_gates)[0] == "shorter"


def test_a_simpler_cell_where_all_have_learned():
    assert changes(ended(*LEARNED), kind="cell")[0] == {"cell": "lstm,rnn"}
    pair = ended(*LEARNED), ended(*LEARNED, cell="rnn")
    assert changes(*pair, kind="cell")[0] == {"cell": "lstm,rnn,feedforward"}
    writing = [ended(9, 0.0, metric=1.0, task="addition", seq_len=3, cell=cell) for cell in ("lstm", "rnn")]
    assert "feedforward" not in changes(*writing, kind="cell")[0]["cell"], "it has no state to write from"


def test_a_race_of_four_gets_no_fifth():
    four = [ended(*FLAT, cell=cell) for cell in ("rnn", "rnn_relu", "rnn_sigmoid", "feedforward")]
    assert changes(*four, kind="cell") == []


def test_equal_parameters_where_a_larger_network_did_better():
    large, small = ended(*LEARNED), ended(*FLAT, cell="rnn")
    assert "equal" in kinds(large, small) and "equal" not in kinds(large, small, equal=True)
    assert "equal" not in kinds(ended(*LEARNED, cell="rnn"), ended(*FLAT)), "the smaller one did better"
    assert "equal" not in kinds(large, ended(*LEARNED, cell="rnn")), "both have learned it"
    assert "equal" not in kinds(large, ended(*FLAT, cell="rnn", hidden_size=16)), "they are of one size"
    assert "equal" not in kinds(large)
    assert "equal" not in kinds(ended(0.3, 0.2), ended(0.4, 0.3, cell="rnn")), "neither is better than a guess"


def test_a_new_seed_is_said_of_two_that_cannot_be_told_apart():
    one, other = ended(0.3, 0.1, scatter=0.9), ended(0.3, 0.1001, cell="gru", scatter=-0.9)
    (found, *_) = [idea for idea in ideas([one, other], equal=False, more=500) if idea.kind == "seed"]
    assert found.changes == {"seed": 1} and (found.run.number, found.other.number) == (one.number, other.number)
    (alone, *_) = [idea for idea in ideas([one], equal=False, more=500) if idea.kind == "seed"]
    assert alone.other is None
    last = ended(*FLAT, seed=2**31 - 1)
    assert changes(last, kind="seed") == [{"seed": 0}]


def test_attention_where_it_is_offered_and_a_network_has_not_learned():
    failing = ended(3, 2, metric=0.0, task="dates", seq_len=29)
    assert changes(failing, kind="attention") == [{"attention": True}]
    assert "attention" not in kinds(ended(3, 2, metric=0.0, task="dates", seq_len=29, attention=True))
    assert "attention" not in kinds(ended(3, 0, metric=1.0, task="dates", seq_len=29)) and "attention" not in kinds(
        ended(*FLAT)
    )


def test_shuffled_steps_are_first_put_in_order():
    assert changes(ended(*FLAT, shuffle="new"), kind="order") == [{"shuffle": "none"}]
    assert kinds(ended(*FLAT, shuffle="new"))[0] == "order" and "order" not in kinds(ended(*FLAT))


def test_a_network_that_diverged_has_no_say():
    blown = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, seq_len=400, hidden_size=4))
    assert blown.divergence is not None and kinds(blown) == []
    both = list(ideas([blown, ended(*LEARNED)], equal=False, more=500))
    assert both and all(blown not in (idea.run, idea.other) for idea in both)
    assert all(not idea.changes["cell"].startswith("lstm") for idea in both if idea.kind == "cell"), "it stays in"


def test_whether_all_failed_is_told_by_the_interval():
    assert failed([ended(*FLAT).view()]) and not failed([ended(0.3, 0.1).view(), ended(*FLAT).view()])
