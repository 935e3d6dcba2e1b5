"""The network that the page looks at, as plain data: of a worked example, small and of one's own, or trained."""

from dataclasses import dataclass

from torch import Tensor

from playground.inside.cell.settings import PARTS, CellView
from playground.live.process import page_turn, pool
from playground.race import actions, recorded, untrained
from playground.race.on_screen import race_on_screen
from playground.race.setup import read_setup
from rnncore.analysis.cell_network import CellNetwork, own_network
from rnncore.analysis.run_cell import network_of_run
from rnncore.analysis.unrolled import held_out_example, typed_example
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.cells import CELLS
from rnncore.errors import ConfigError
from rnncore.pool.entry import Entry
from rnncore.tasks import Task
from rnncore.training.race import Race
from rnncore.training.views import RaceView

NOBODY = "There is no such network yet: press Start on the Train page."
BROKEN = "This network has numbers that are not finite any more, so there is nothing to look at."

MOST_STEPS = 400
READS = "This cell reads; those that write begin with the last state of those that read."


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
    shown = found.view()
    number = shown.cells.index(view.cell) if view.cell in shown.cells else 0
    typed, refused = _typed(shown.task, view)

    def look(race: Race) -> CellNetwork:
        run = race.runs[number]
        example = held_out_example(run, view.example - 1) if typed is None else typed_example(run, typed)
        return network_of_run(run, example, view.place(run.config.num_layers))

    with page_turn.given_away():
        made = pool().compute(found, look)
    if not made.finite:
        return Found(None, BROKEN)
    said = [_what(shown, number, made, typed is None, view), refused]
    if len(made.inputs) > MOST_STEPS:
        said.append(f"The first {MOST_STEPS} of {len(made.inputs):,} steps.")
    if shown.task.writes and not made.part.writing:
        said.append(READS)
    return Found(made.first(MOST_STEPS), " ".join(filter(None, said)))


def _typed(task: Task, view: CellView) -> tuple[Tensor | None, str]:
    """Return an input of the visitor's own, None where there is none; and why it could not be read."""
    if not view.question:
        return None, ""
    try:
        return task.parse_text(view.question), ""
    except ConfigError as error:
        return None, f"{error} A held-out example is shown instead."


def _what(race: RaceView, number: int, made: CellNetwork, held_out: bool, view: CellView) -> str:
    """Say which network at which update, and what it reads."""
    run = race.runs[number]
    layer = f", layer {made.part.layer + 1} of {made.depth}" if made.depth > 1 else ""
    layer += f", {PARTS[view.part]}" if made.part.direction or made.part.writing else ""
    layer += f", x is {made.reads}," if made.reads else ""
    read = f"held-out example {(view.example - 1) % run.held_out + 1}" if held_out else "your own input"
    return f"{race.task.label}, {CELLS[run.cell].label}{layer} at update {made.update:,}: {read}."
