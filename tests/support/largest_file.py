"""The largest model file that the limits permit: four networks of a million weights, trained almost to the end."""

from playground.live.process import LIMITS
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.networks.sizing import parameters
from rnncore.training.limits import check, memory
from rnncore.training.race import MAX_CELLS, Race
from rnncore.training.run import Run

UPDATES = 99_999


def largest_configs() -> list[RunConfig]:
    """Return the networks of the race that the limits permit of which most is saved."""
    changes = {"task": "adding", "cell": "lstm", "optimizer": "adam", "steps": 100_000, "seq_len": 10, "batch_size": 8}
    sizes = [RunConfig.from_flat({**changes, "hidden_size": n}) for n in range(400, 520)]
    config = [each for each in sizes if parameters(each) <= LIMITS.parameters][-1]
    check(config, LIMITS)
    assert parameters(config) > 0.99 * LIMITS.parameters
    assert MAX_CELLS * memory(config) <= LIMITS.memory
    return [config] * MAX_CELLS


def largest_file() -> bytes:
    """Return that race as it is saved."""
    race = Race.of(largest_configs())
    for run in race.runs:
        _as_if_trained(run, UPDATES)
    return checkpoints.save(race.runs)


def _as_if_trained(run: Run, steps: int) -> None:
    """Give a run the history of so many updates, which would take hours, after two true ones."""
    run.advance(steps=2)
    updates = run.history.updates.rows()[-1:].repeat(steps, axis=0)
    held_out = run.history.held_out.rows()[-1:].repeat(4_100, axis=0)
    held_out[:, 0] = range(4_100)
    run.history = type(run.history)(updates, held_out)
    run.step = steps
    run.restored(steps)
