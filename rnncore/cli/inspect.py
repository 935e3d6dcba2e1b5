"""The command `inspect`: one example through a network, step by step: states, gates, and the sum behind a number."""

import math
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from cyclopts import Parameter
from rich.console import Console
from rich.table import Column, Table

from rnncore.analysis.backward import backward_of
from rnncore.analysis.cell_network import CellNetwork, Part
from rnncore.analysis.equations import names_of, results
from rnncore.analysis.run_cell import network_of_run
from rnncore.analysis.sums import Sum, sum_of
from rnncore.analysis.unrolled import held_out_example, typed_example
from rnncore.cells import CELLS
from rnncore.cli.backward_rows import print_backward
from rnncore.cli.files import read_saved
from rnncore.cli.memory_rows import memory_rows, print_rows
from rnncore.cli.numbers import whole
from rnncore.cli.printing import AsJson, pair, print_json, short
from rnncore.config import RunConfig
from rnncore.errors import CheckpointError, ConfigError
from rnncore.files import checkpoints
from rnncore.training.run import Run

MOST_UNITS = 6  # in the table, which has room in 80 letters, and terms of a sum


def inspect(
    file: Path | None = None,
    /,
    *,
    set: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    number: Annotated[int, whole(1)] = 1,
    example: Annotated[int, whole(1)] = 1,
    input: str | None = None,
    step: Annotated[int, whole(1)] = 1,
    unit: Annotated[int, whole(1)] = 1,
    value: str = "h",
    layer: Annotated[int, whole(1)] | None = None,
    backward: Annotated[bool, Parameter(negative=())] = False,
    memory: Literal["probe", "eigenvalues"] | None = None,
    json: AsJson = False,
) -> None:
    """Show what a layer of a network computes on one example, and the sum that made one number.

    Parameters
    ----------
    file
        A saved run or race; without one, a network that has not been trained, made from --set.
    set
        Any setting of an untrained network or of its task, as name=value; may be given many times.
    number
        Which network of a saved race, counted from 1.
    example
        Which held-out example is read, counted from 1.
    input
        An input of one's own instead, as the task's box in the app takes it.
    step
        The step whose values are shown, counted from 1; the last one where there are fewer.
    unit
        The unit whose number is taken apart, counted from 1.
    value
        The value that is taken apart, by its name in the cell's equations.
    layer
        The layer that is looked at, counted from the input; the last one where there are fewer. Without it the first,
        and with --backward the last.
    backward
        Show the way of the gradient back through time instead: at each step of the layer, reading forward, its
        two sources, and what the step adds to each weight's gradient; then clipping, an update, and the loss after it.
    memory
        Show what the last layer remembers instead: how well the thing to remember is read back from its state so many
        steps later (probe); or the eigenvalues of its recurrent matrix and, at --step of --example, of the derivative
        of its state by the one before it (eigenvalues).
    json
        One JSON object per step, each with all values; that of --step has the sum, too. Of --memory one per row.
    """
    torch.set_num_threads(1)
    run = _run(file, set, number)
    if memory is not None:
        if layer is not None:
            raise ConfigError("'--layer' has no place beside '--memory', which is that of the last layer.")
        print_rows(memory_rows(run, memory, example - 1, step), as_json=json)
        return
    if backward:
        chosen = None if layer is None else layer - 1
        if input is not None:
            raise ConfigError("'--input' has no place beside '--backward': an input of one's own has no right answer.")
        print_backward(backward_of(run, held_out_example(run, example - 1), layer=chosen), as_json=json)
        return
    inputs = None if input is None else run.task.parse_text(input)
    read = held_out_example(run, example - 1) if inputs is None else typed_example(run, inputs)
    network = network_of_run(run, read, Part((layer or 1) - 1))
    steps = network.unrolled()
    at = min(step, len(steps)) - 1
    if unit > network.hidden_size:
        raise ConfigError(f"'--unit' must be at most {network.hidden_size:,}, the units of this network.")
    names = results(network.cell, steps[at])
    if value not in names:
        raise ConfigError(f"'--value' must be one of {', '.join(names)}, the values of this cell's equations.")
    made = sum_of(network.cell, {**names_of(network.cell, network.weights), **steps[at]}, value, unit - 1)
    if json:
        for number_, row in enumerate(step_rows(network)):
            print_json({**row, "sum": sum_row(made)} if number_ == at else row)
        return
    _print(network, at, made)


def _run(file: Path | None, settings: tuple[str, ...], number: int) -> Run:
    if file is None:
        return Run(RunConfig.from_flat(dict(pair(text) for text in settings)))
    if settings:
        raise ConfigError("'--set' has no place beside a file: the run in it has its settings.")
    runs = checkpoints.load(read_saved(file), max_bytes=None)
    if number > len(runs):
        raise CheckpointError(f"'--number' must be at most {len(runs)}, the networks in the file.")
    return runs[number - 1]


def step_rows(network: CellNetwork) -> list[dict[str, Any]]:
    """Return every step of a network's example as plain data: what it reads, the state before, and every value."""
    return [
        {
            "step": at, "reads": read, "marked": at - 1 in network.marked, "cell": network.cell,
            "update": network.update, "x": values["x"].tolist(),
            "before": {name: values[name].tolist() for name in CELLS[network.cell].state_names},
            "values": {name: value.tolist() for name, value in results(network.cell, values).items()},
        }
        for at, (values, read) in enumerate(zip(network.unrolled(), network.read, strict=True), 1)
    ]  # fmt: skip


def sum_row(made: Sum) -> dict[str, Any]:
    """Return a sum as plain data: its terms, each with its factors, what they add up to, and the number."""
    return {
        "value": made.name, "unit": made.unit + 1, "total": made.total, "function": made.function or None,
        "number": made.value,
        "terms": [{"product": term.value, "factors": [[factor.text, [at + 1 for at in factor.place], factor.value]
                                                      for factor in term.factors]} for term in made.terms],
        "inside": [sum_row(each) for each in made.inside],
    }  # fmt: skip


def _print(network: CellNetwork, at: int, made: Sum) -> None:
    row, console = step_rows(network)[at], Console()
    shown = min(MOST_UNITS, network.hidden_size)
    units = f"first {shown} of {network.hidden_size} units" if shown < network.hidden_size else "all units"
    marked = ", marked" if row["marked"] else ""
    layer = f", layer {network.part.layer + 1} of {network.depth}" if network.depth > 1 else ""
    who = f"{CELLS[network.cell].label}{layer}, step {at + 1} of {len(network.inputs)}"
    title = f"{who}: reads {network.reads or row['reads']}{marked}; {units}"
    table = Table("", *(Column(str(number), justify="right") for number in range(1, shown + 1)), title=title)
    before = {f"{name} before": values for name, values in row["before"].items()}
    for name, values in {**before, **row["values"]}.items():
        table.add_row(name, *(f"{value:.4f}" for value in values[:shown]))
    console.print(table)
    largest = sorted(made.terms, key=lambda term: -abs(term.value))
    written = " + ".join(" x ".join(short(factor.value) for factor in term.factors) for term in largest[:MOST_UNITS])
    if rest := largest[MOST_UNITS:]:
        written += f" + {len(rest)} more, together {short(math.fsum(term.value for term in rest))}"
    ends = f"; {made.function} = {short(made.value)}" if made.function else ""
    said = f"{made.name} of unit {made.unit + 1}: {written} = {short(made.total)}{ends}"
    console.print(said, highlight=False, markup=False)
