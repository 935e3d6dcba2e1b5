"""This tab's race on the Train page, and the one that lay there before: both in the pool, known by their numbers."""

from typing import Any, NamedTuple

from playground.live.process import pool
from playground.live.visitor import visitor
from playground.session import state
from rnncore.pool.entry import Entry
from rnncore.training.race import Race
from rnncore.training.views import RaceView


class PreviousRace(NamedTuple):
    """A race that one can go back to: its number, the set-up that lay beside it, and whether it was going."""

    number: int
    flat: dict[str, Any]
    going: bool


def entry() -> Entry[RaceView] | None:
    """Return this tab's race in the pool, or None if it has none."""
    return pool().get(state.session_id(), state.get("train.race"))


def was_freed() -> bool:
    """Return whether this tab had a race that was freed while its connection was gone."""
    return state.get("train.race") is not None and entry() is None


def put(race: Race) -> Entry[RaceView] | None:
    """Put a race into the pool in place of the present one; raises `LimitError` if there is no room."""
    clear()
    number = pool().add(state.session_id(), race, visitor())
    state.put("train.race", number)
    return pool().get(state.session_id(), number)


def start(mine: Entry[RaceView]) -> None:
    """Let the race go on; from now on there is no other one to go back to."""
    _forget_previous()
    pool().start(mine)


def step(mine: Entry[RaceView]) -> None:
    """Let the race do one update; from now on there is no other one to go back to."""
    _forget_previous()
    pool().step(mine)


def clear() -> None:
    """Stop and forget the race."""
    state.take("train.files")
    number = state.take("train.race")
    if pool().get(state.session_id(), number):
        pool().remove(number)


def set_aside(flat: dict[str, Any]) -> None:
    """Take the race off the page and pause it, to be gone back to; one that has done nothing yet is forgotten.

    The pool frees it when there is no room for somebody else's.

    Parameters
    ----------
    flat
        The set-up that lies beside it.
    """
    mine = entry()
    if mine is None or mine.failure is not None or mine.status == "ready":
        clear()
        return
    _forget_previous()
    going = mine.status == "running"
    pool().pause(mine)
    mine.spare = True
    state.take("train.files")
    state.put("train.kept", tuple(PreviousRace(state.take("train.race"), flat, going)))


def previous() -> tuple[Entry[RaceView], PreviousRace] | None:
    """Return the race that one can go back to, or None if there is none."""
    found = state.get("train.kept")
    if found is None:
        return None
    held = PreviousRace(*found)
    there = pool().get(state.session_id(), held.number)
    return None if there is None else (there, held)


def go_back(flat: dict[str, Any]) -> None:
    """Bring the kept race back to the page, going on if it was; the one that is there, beside `flat`, is kept instead.

    Does nothing if there is none.
    """
    found = previous()
    if found is None:
        return
    there, held = found
    state.take("train.kept")
    set_aside(flat)
    state.put("train.race", held.number)
    there.spare = False
    if held.going:
        pool().start(there)


def _forget_previous() -> None:
    number, *_ = state.take("train.kept", (None,))
    if pool().get(state.session_id(), number):
        pool().remove(number)
