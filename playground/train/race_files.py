"""The race on screen as files, and a race that comes from one."""

from typing import Any, NamedTuple

from playground.live.process import LIMITS, pool, trim_memory
from playground.race import actions, own_race
from playground.session import state, uploads
from rnncore.config import RunConfig
from rnncore.errors import PlaygroundError
from rnncore.files import checkpoints
from rnncore.files.curve_csv import curve_csv
from rnncore.training.limits import check
from rnncore.training.race import Race
from rnncore.training.views import RaceView


class Files(NamedTuple):
    """A race as files, and the update at which they were made."""

    step: int
    model: bytes
    curve: bytes


def make_files() -> None:
    """Take the race on screen as it is now, as a model file and a CSV; kept until the next one is made.

    Bytes made at a click, because what Streamlit makes on demand is dropped as soon as other pages refresh.
    """
    mine = own_race.entry()
    if mine is not None:
        state.put("train.files", tuple(pool().compute(mine, _made)))


def _made(race: Race) -> Files:
    return Files(race.step, checkpoints.save(race.runs), curve_csv(race).encode())


def files() -> Files | None:
    """Return the files made last, if any."""
    made = state.get("train.files")
    return None if made is None else Files(*made)


def load() -> None:
    """Take a file's race, paused where it was saved; on any fault everything stays as it is."""
    data = uploads.taken_to_disk("train.upload")
    if data is None:
        return
    try:
        checkpoints.check_size(len(data))
        configs = checkpoints.read_configs(data)
        for config in configs:
            check(config, LIMITS)
        race = Race(checkpoints.load(data, aside=True))
    except PlaygroundError as error:
        actions.visit.notices = [str(error)]
        return
    del data
    trim_memory()  # what reading a large file took, before training needs room
    actions.take_other_setup(_flat_of(configs))
    smaller = actions.visit.notices  # a file may hold more than a new run is given
    mine = actions.place(lambda: race)
    if mine is not None:
        actions.visit.notices = [_loaded(mine.view()), *(f"Only for a new run: {said}" for said in smaller)]


def _loaded(race: RaceView) -> str:
    """Say where a loaded race stands, and what goes on with it, by the names of the buttons."""
    at, more = f"update {race.step:,}", f"**{actions.MORE_UPDATES} more updates**"
    return {
        "ready": "Loaded: nothing has been trained yet; **Start** begins.",
        "finished": f"Loaded: this race had finished at {at}. {more} goes on from there; "
        "**Start again** trains it anew.",
        "diverged": f"Loaded: this race had stopped at {at}, because it diverged. **Back to the last good state** "
        "goes on from before that; **Start again** trains it anew.",
    }.get(race.status, f"Loaded: the race goes on from {at} when you press **Resume**.")


def _flat_of(configs: list[RunConfig]) -> dict[str, Any]:
    """Return the set-up from which these configs come."""
    first = configs[0].flat()
    widths = {config.hidden_size for config in configs}
    old = actions.setup().view.model_dump()
    equal = len(widths) > 1
    return {**first, **old, "cell": ",".join(c.cell for c in configs), "equal": equal, "hidden_size": min(widths)}
