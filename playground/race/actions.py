"""The actions of the Train page: its set-up, this tab's race, and what each button does."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from playground.live.process import LIMITS, pool
from playground.race import own_race
from playground.race.setup import VIEW_ONLY, Setup, read_setup, setup_settings
from playground.session.visit import Visit
from rnncore.analysis import advice
from rnncore.config import all_settings
from rnncore.errors import PlaygroundError
from rnncore.pool.entry import Entry
from rnncore.training.race import Race
from rnncore.training.remarks import jump
from rnncore.training.run import LIVE
from rnncore.training.run_state import Status
from rnncore.training.views import RaceView

PAGE = "train"
visit = Visit(PAGE, partial(read_setup, limits=LIMITS), lambda raw: setup_settings(raw["task"]), asks_for_files=True)


MORE_UPDATES = 500
KEPT_ON_NEW_TASK = ("cell", "seed", "equal", "speed", "x_axis", "scale", "beside")


def open_page() -> Setup:
    """Return the set-up of this visit: from a new address if there is one, else as it was left."""
    before = setup().flat() if own_race.entry() or own_race.previous() else {}
    if visit.open() and before:
        _follow(before)
    return setup()


def setup() -> Setup:
    """Return the set-up of the Train page."""
    return visit.setup()


def notices() -> list[str]:
    """Return what had to be changed or could not be done, in sentences."""
    return visit.notices


def waiting_changes(current: Setup) -> list[tuple[str, Any, Any]]:
    """Return settings that differ from the race on screen and wait for a reset: label, old and new value."""
    mine = own_race.entry()
    if mine is None:
        return []
    running, wanted = [run.config for run in mine.view().runs], current.configs
    known = setup_settings(current.config.task)
    return [
        (known[name].label, old, value)
        for name, value in wanted[0].flat().items()
        if name not in LIVE and name in known and (old := running[0].flat().get(name)) != value
    ] or [("Hidden size", "", "") for a, b in zip(running, wanted, strict=True) if a.hidden_size != b.hidden_size][:1]


# What the controls do; Streamlit calls these before it draws the page again.


def change(name: str) -> None:
    """Take over the new value of a control; what can change live does so at once."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name == "task":
        raw = {"task": raw["task"], **{kept: raw[kept] for kept in KEPT_ON_NEW_TASK}}
    if name in ("task", "cell"):
        take_other_setup(raw)
        return
    visit.apply_settings(raw)
    mine = own_race.entry()
    if name in LIVE or name in VIEW_ONLY:
        _set_live([name])
    elif mine is not None and mine.status == "ready":
        own_race.clear()


def take_other_setup(raw: dict[str, Any]) -> None:
    """Take a set-up of another task or of other cells; the race that was going is kept, to go back to."""
    before = setup().flat()
    visit.apply_settings(raw)
    _follow(before)


def go_back() -> None:
    """Bring back the race that was going before another task or other cells were chosen, with its set-up."""
    found, before = own_race.previous(), setup()
    if found is None:
        visit.notices = ["The run before was freed to make room for others. **Start** trains what stands here."]
        return
    visit.apply_settings({**found[1].flat, **{name: before.flat()[name] for name in VIEW_ONLY}})
    own_race.go_back(before.flat())
    _set_live(VIEW_ONLY)


def _follow(before: dict[str, Any]) -> None:
    """Let the race follow the set-up that has just taken the place of `before`."""
    after = setup().flat()
    changed = [name for name in after if after[name] != before.get(name)]
    if set(changed) <= set(VIEW_ONLY):
        _set_live(changed)
        return
    own_race.set_aside(before)
    found = own_race.previous()
    if found is not None and _trained(found[1].flat) == _trained(after):
        go_back()


def _trained(flat: dict[str, Any]) -> dict[str, Any]:
    """Return what of a set-up decides about its losses, whatever the order of the cells."""
    decides = {name: value for name, value in flat.items() if name not in VIEW_ONLY}
    return {**decides, "cell": sorted(flat["cell"].split(","))}


def _set_live(names: Iterable[str]) -> None:
    """Let the race take over settings of the set-up that change what goes on without a reset."""
    mine, after = own_race.entry(), setup()
    if mine is None:
        return
    mine.speed = after.view.speed
    changes = {name: getattr(after.config, name) for name in names if name in LIVE}
    if changes:
        before = mine.view().config
        pool().change(mine, **changes)
        said = jump(before, mine.view().config, mine.step)
        visit.notices += [said] if said else []


def put(**changes: Any) -> None:
    """Change settings by something other than their own controls; on any fault all stays as it is, with a sentence."""
    try:
        _ = setup().config.with_(**changes).built_task
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return
    visit.apply_settings({**setup().flat(), **changes})
    mine = own_race.entry()
    if mine is not None and mine.status == "ready":
        own_race.clear()


def press_start(said: Status) -> None:
    """Start, pause, resume, or start again after the end, whichever the button said that the race was ready for.

    A click that comes twice, or when the race has just ended by itself, does no more than it promised.
    """
    mine = own_race.entry()
    if said == "running":
        if mine is not None:
            pool().pause(mine)
        return
    if mine is not None and mine.failure is None and mine.status in ("running", "paused", "ready"):
        own_race.start(mine)
        return
    fresh = place(_fresh())
    if fresh is not None:
        own_race.start(fresh)


def press_step() -> None:
    """Do exactly one update; pauses first if the race is going on."""
    mine = own_race.entry()
    if mine is None or mine.failure or mine.status in ("finished", "diverged"):
        mine = place(_fresh())
    elif mine.status == "running":
        pool().pause(mine)
        return
    if mine is not None:
        own_race.step(mine)


def press_reset() -> None:
    """Go back to update 0 with the present set-up: same initial weights, same data."""
    place(_fresh())


def press_new_seed() -> None:
    """Draw other weights and other data; a race that was going on goes on with them."""
    mine = own_race.entry()
    going = mine is not None and mine.status == "running"
    raw = setup().flat()
    visit.apply_settings({**raw, "seed": (raw["seed"] + 1) % 2**31})
    fresh = place(_fresh())
    if going and fresh is not None:
        own_race.start(fresh)


def press_remedy(cell: str, changes: dict[str, Any]) -> None:
    """Change what makes a network of this cell diverge, and start again."""
    if "cell" in changes:
        changes = {"cell": ",".join(changes["cell"] if name == cell else name for name in setup().cells)}
    visit.apply_settings({**setup().flat(), **changes})
    fresh = place(_fresh())
    if fresh is not None:
        own_race.start(fresh)


def press_rewind() -> None:
    """Take what diverged back to its last good state."""
    mine = own_race.entry()
    if mine is not None:
        pool().rewind(mine)


def press_more_updates(n: int) -> None:
    """Let this tab's race go on from where it stands, `n` updates further, even if its target has been met."""
    mine = own_race.entry()
    if mine is None:
        return
    pool().pause(mine)
    race = pool().compute(mine, Race.view)
    before, step = race.config, race.step
    last = min(step + n, int(all_settings(before.task)["steps"].high or n))
    if last <= step:
        visit.notices = [f"A run has at most {step:,} updates: **Start again** trains a fresh one."]
        return
    changes = {"steps": last, "target": None}
    pool().change(mine, **changes)
    said = advice.schedule_change(before, mine.view().config, step)
    visit.apply_settings({**setup().flat(), **changes})
    visit.notices += [said] if said else []
    own_race.start(mine)


def _fresh() -> Callable[[], Race]:
    return lambda: Race.of(setup().configs)


def place(make: Callable[[], Race]) -> Entry[RaceView] | None:
    """Put a race in the pool in place of this tab's last one; say so if there is no room."""
    try:
        mine = own_race.put(make())
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return None
    if mine is not None:
        mine.speed = setup().view.speed
    return mine
