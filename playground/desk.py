"""The Train page's desk: which set-up lies on it, which race belongs to this tab, and what each button does."""

from collections.abc import Callable
from functools import partial
from typing import Any

from playground import state
from playground.server import LIMITS, pool
from playground.setup import Setup, read_setup, setup_settings
from playground.visit import Visit
from rnncore import advice
from rnncore.config import all_settings
from rnncore.entry import Entry
from rnncore.errors import PlaygroundError
from rnncore.measures import Status
from rnncore.race import Race
from rnncore.remarks import jump
from rnncore.run import LIVE

PAGE = "train"
visit = Visit(PAGE, partial(read_setup, limits=LIMITS), lambda raw: setup_settings(raw["task"]), asks_for_files=True)


MORE_UPDATES = 500
KEPT_ON_NEW_TASK = ("cell", "seed", "equal", "speed", "x_axis", "scale")


def open_desk() -> Setup:
    """Return the set-up of this visit: from a new address if there is one, else as it was left."""
    if visit.open():
        clear()
    return setup()


def setup() -> Setup:
    """Return the set-up on the desk."""
    return visit.setup()


def notices() -> list[str]:
    """Return what had to be changed or could not be done, in sentences."""
    return visit.notices


def entry() -> Entry | None:
    """Return this tab's race in the pool, or None if it has none."""
    return pool().get(state.session_id(), state.get("train.race"))


def was_freed() -> bool:
    """Return whether this tab had a race that was freed while its connection was gone."""
    return state.get("train.race") is not None and entry() is None


def waiting_changes(current: Setup) -> list[tuple[str, Any, Any]]:
    """Return settings that differ from the race on screen and wait for a reset: label, old and new value."""
    mine = entry()
    if mine is None:
        return []
    running, wanted = [run.config for run in mine.race.runs], current.configs
    if running[0].task != wanted[0].task:
        return [("Task", "", "")]
    if [c.cell for c in running] != [c.cell for c in wanted]:
        return [("Cells", "", "")]
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
    visit.lay(raw)
    mine = entry()
    if mine is None:
        return
    after = setup()
    if name == "speed":
        mine.speed = after.view.speed
    elif name in LIVE:
        before = mine.race.runs[0].config
        mine.race.set(**{name: getattr(after.config, name)})
        said = jump(before, mine.race.runs[0].config, mine.race.step)
        visit.notices += [said] if said else []
    elif mine.race.status == "ready" or (name == "task" and mine.race.status in ("finished", "diverged")):
        clear()


def put(**changes: Any) -> None:
    """Change settings by something other than their own controls; on any fault all stays as it is, with a sentence."""
    try:
        setup().config.with_(**changes).build_task()
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return
    visit.lay({**setup().flat(), **changes})
    mine = entry()
    if mine is not None and mine.race.status == "ready":
        clear()


def press_start(said: Status) -> None:
    """Start, pause, resume, or start again after the end, whichever the button said that the race was ready for.

    A click that comes twice, or when the race has just ended by itself, does no more than it promised.
    """
    mine = entry()
    if said == "running":
        if mine is not None:
            pool().pause(mine)
        return
    if mine is not None and mine.failure is None and mine.race.status in ("running", "paused", "ready"):
        pool().start(mine)
        return
    fresh = place(_fresh())
    if fresh is not None:
        pool().start(fresh)


def press_step() -> None:
    """Do exactly one update; pauses first if the race is going on."""
    mine = entry()
    if mine is None or mine.failure or mine.race.status in ("finished", "diverged"):
        mine = place(_fresh())
    elif mine.race.status == "running":
        pool().pause(mine)
        return
    if mine is not None:
        pool().step(mine)


def press_reset() -> None:
    """Go back to update 0 with the set-up on the desk: same initial weights, same data."""
    place(_fresh())


def press_new_seed() -> None:
    """Draw other weights and other data; a race that was going on goes on with them."""
    mine = entry()
    going = mine is not None and mine.race.status == "running"
    raw = setup().flat()
    visit.lay({**raw, "seed": (raw["seed"] + 1) % 2**31})
    fresh = place(_fresh())
    if going and fresh is not None:
        pool().start(fresh)


def press_remedy(cell: str, changes: dict[str, Any]) -> None:
    """Change what makes a network of this cell diverge, and start again."""
    if "cell" in changes:
        changes = {"cell": ",".join(changes["cell"] if name == cell else name for name in setup().cells)}
    visit.lay({**setup().flat(), **changes})
    fresh = place(_fresh())
    if fresh is not None:
        pool().start(fresh)


def press_rewind() -> None:
    """Take what diverged back to its last good state."""
    mine = entry()
    if mine is not None:
        pool().pause(mine)  # the others wait, so that all go on in lock-step
        with pool().hold(mine) as race:
            race.rewind()


def press_more_updates(n: int) -> None:
    """Let this tab's race go on from where it stands, `n` updates further, even if its target has been met."""
    mine = entry()
    if mine is None:
        return
    pool().pause(mine)
    with pool().hold(mine) as race:
        before, step = race.runs[0].config, race.step
        changes = {"steps": min(step + n, int(all_settings(before.task)["steps"].high or n)), "target": None}
        if changes["steps"] <= step:
            visit.notices = [f"A run has at most {step:,} updates: **Start again** trains a fresh one."]
            return
        race.set(**changes)
        said = advice.schedule_change(before, race.runs[0].config, step)
    visit.lay({**setup().flat(), **changes})
    visit.notices += [said] if said else []
    pool().start(mine)


def clear() -> None:
    """Stop and forget this tab's race."""
    state.take("train.files")
    number = state.take("train.race")
    if number is not None and pool().get(state.session_id(), number):
        pool().remove(number)


def _fresh() -> Callable[[], Race]:
    return lambda: Race.of(setup().configs)


def place(make: Callable[[], Race]) -> Entry | None:
    """Put a race in the pool in place of this tab's last one; say so if there is no room."""
    clear()
    try:
        race = make()
        number = pool().add(state.session_id(), race)
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return None
    state.put("train.race", number)
    mine = pool().get(state.session_id(), number)
    if mine is not None:
        mine.speed = setup().view.speed
    return mine
