"""The network that the page looks at, as plain data: of a worked example, small and of one's own, or trained."""

from dataclasses import dataclass

from playground.cell.settings import CellView
from playground.live.process import page_turn, pool
from playground.race import actions, recorded, untrained
from playground.race.on_screen import race_on_screen
from playground.race.setup import read_setup
from rnncore.analysis.cell_network import CellNetwork, network_of_run, own_network
from rnncore.analysis.unrolled import held_out_example, typed_example
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.errors import ConfigError
from rnncore.pool.entry import Entry
from rnncore.training.race import Race
from rnncore.training.views import RaceView

NOBODY = "There is no such network yet: press Start on the Train page."
BROKEN = "This network has numbers that are not finite any more, so there is nothing to look at."

MOST_STEPS = 400
READS = "This is the first layer that reads; the layers that write begin with the last state of those that read."


@dataclass(frozen=True, eq=False)
class Found:
    """A network, or one sentence that says why there is none; and what else is to be said of it."""

    network: CellNetwork | None
    said: str = ""


def race(view: CellView) -> Entry[RaceView] | None:
    """Return the race whose networks are looked at: that of the Train page, or a recorded one."""
    if not view.task:
        return race_on_screen(actions.setup())
    wanted = read_setup({"task": view.task})[0]
    return recorded.race(wanted) or untrained.race(wanted)


def network(view: CellView) -> Found:
    """Return the network that is looked at, with the numbers that were changed."""
    if view.source == "mine":
        return _trained(view)
    if view.source == "worked":
        made = worked_network(worked_example(view.cell))
    else:
        made = own_network(view.cell, view.units, view.seed)
    made = made.edited(view.edits)
    return Found(made)


def _trained(view: CellView) -> Found:
    found = race(view)
    if found is None:
        return Found(None, NOBODY)
    cells, said = found.view().cells, ""
    number = cells.index(view.cell) if view.cell in cells else 0
    typed = None
    if view.question:
        try:
            typed = found.view().task.parse_text(view.question)
        except ConfigError as error:
            said = f"{error} A held-out example is shown instead."

    def look(race: Race) -> CellNetwork:
        run = race.runs[number]
        example = held_out_example(run, view.example) if typed is None else typed_example(run, typed)
        return network_of_run(run, example)

    with page_turn.given_away():
        made = pool().compute(found, look)
    if len(made.inputs) > MOST_STEPS:
        said, made = f"{said} The first {MOST_STEPS} of {len(made.inputs):,} steps.".strip(), made.first(MOST_STEPS)
    said = said or (READS if found.view().task.writes else "")
    return Found(made, said) if made.finite else Found(None, BROKEN)
