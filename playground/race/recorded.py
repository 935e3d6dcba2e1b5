"""Recorded runs: for every task a real race, trained earlier, that is shown until the visitor starts one of their own.

`python -m playground.race.recorded` trains all tasks at their recommended settings and writes one file each into
`recordings`; `python -m playground.race.recorded adding parity` those that are named.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from playground.live.process import LIMITS, page_turn
from playground.race.setup import VIEW_ONLY, Setup, read_setup, setup_settings, short
from playground.race.verdicts import listed
from rnncore.caching.once import Latest
from rnncore.cells import CELLS
from rnncore.files import recordings
from rnncore.pool.entry import Entry, at_rest
from rnncore.settings import Setting
from rnncore.tasks import TASKS
from rnncore.training.race import Race
from rnncore.training.views import RaceView

FOLDER = Path(__file__).with_name("recordings")
MOST_LOADED = 8  # tasks whose recorded networks are in memory at once, at most 4 MB each
MOST_NAMED = 3  # settings that differ
BETWEEN = 170_000  # bytes of weights from during training in one file


def file(task: str) -> Path:
    """Return where the recorded run of a task is kept."""
    return FOLDER / f"{task}.safetensors"


@lru_cache(maxsize=len(TASKS))
def recommended(task: str) -> Setup:
    """Return the set-up that is recorded: the task as it is recommended, with the default cells."""
    return read_setup({"task": task}, LIMITS)[0]


def race(setup: Setup) -> Entry[RaceView] | None:
    """Return the recorded race of the set-up's task, shared by all visitors and never changed; None if there is none.

    Of the recorded networks those of the chosen cells are in it, or all if none of them was chosen. What differs from
    the set-up is said by `sentence`. A visitor's own text or table has no recorded run.
    """
    known = setup_settings(setup.config.task)
    if not file(setup.config.task).exists() or any(known[name].kind == "text" for name in _differing(setup)):
        return None
    return _load(setup.config.task).of(setup.cells)


class _Recording:
    """The recorded networks of a task, and an entry for each choice of them, so that its view is made once for all."""

    def __init__(self, task: str) -> None:
        self._runs = recordings.load(file(task).read_bytes())
        self._entries: dict[tuple[str, ...], Entry[RaceView]] = {}

    def of(self, cells: Sequence[str]) -> Entry[RaceView]:
        """Return the race of those recorded networks that have these cells; of all, if none has."""
        runs = [run for run in self._runs if run.config.cell in cells] or self._runs
        chosen = tuple(run.config.cell for run in runs)
        return self._entries.setdefault(chosen, at_rest(Race(runs)))


_LOADED: Latest[_Recording] = Latest(MOST_LOADED)


def _load(task: str) -> _Recording:
    return _LOADED.get(task, lambda: _Recording(task), meanwhile=page_turn.given_away)


def sentence(setup: Setup, shown: RaceView) -> str:
    """Say that the race on screen is a recorded one, and how its settings differ from the visitor's."""
    cells = list(shown.cells)
    missing = [CELLS[cell].label for cell in setup.cells if cell not in cells]
    if len(missing) == len(setup.cells):
        differing = [f"{_names(cells)}, not {listed(missing)}"]
        missing = []
    else:
        differing = []
    differing += differences(setup_settings(setup.config.task), recommended(setup.config.task).flat(), setup.flat(),
                             _differing(setup))  # fmt: skip
    live = f"{listed(missing)} {'was' if len(missing) == 1 else 'were'} not recorded" if missing else ""
    return provenance(shown.step, differing, live, "all of them" if missing else "it")


def differences(
    known: Mapping[str, Setting], recorded: Mapping[str, Any], yours: Mapping[str, Any], names: Iterable[str]
) -> list[str]:
    """Return in words in what a recorded run differs from a visitor's settings."""
    return [f"{known[name].label.lower()} {short(recorded[name])}, not {short(yours[name])}" for name in names]


def provenance(updates: int, differing: Sequence[str], missing: str = "", live: str = "it") -> str:
    """Return the sentence that says of what is on screen that it was recorded, and how it differs from what Start does.

    Parameters
    ----------
    updates
        How far it was trained.
    differing
        In what it differs from the visitor's settings.
    missing
        What of these settings was not recorded at all.
    live
        What Start trains, if nothing differs.
    """
    made = f"**Recorded** run of {updates:,} updates, made earlier with "
    missing = f"; {missing}" if missing else ""
    if len(differing) > MOST_NAMED:
        differing = [*differing[: MOST_NAMED - 1], f"{len(differing) - MOST_NAMED + 1} more settings that differ"]
    if differing:
        return f"{made}{'; '.join(differing)}{missing}. **Start** trains yours."
    return f"{made}these settings{missing}. **Start** trains {live} live."


def _names(cells: list[str]) -> str:
    return listed([CELLS[cell].label for cell in cells])


def _differing(setup: Setup) -> list[str]:
    """Return the settings, apart from the cells, that would give other losses than the recorded ones."""
    recorded, yours = recommended(setup.config.task).flat(), setup.flat()
    return [name for name, value in yours.items() if name not in ("cell", *VIEW_ONLY) and value != recorded[name]]


def record(task: str) -> bytes:
    """Train the recommended set-up of a task to its end and return the recording."""
    made = Race.of(recommended(task).configs)
    made.start()
    while made.status == "running":
        made.advance_one()
    return recordings.save(made.runs, BETWEEN)


if __name__ == "__main__":
    for named in sys.argv[1:] or TASKS:
        file(named).write_bytes(record(named))
