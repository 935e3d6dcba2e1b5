"""One cell of a run's network with an example, as plain data: of any layer, reading in either direction or writing."""

import copy

import torch
from torch import Tensor

from rnncore.analysis.cell_network import FIRST, CellNetwork, Part, weights_of
from rnncore.analysis.equations import Floats
from rnncore.networks.build import write
from rnncore.networks.sequence_model import SequenceModel, Trace, cells_of
from rnncore.seeding import generator
from rnncore.tasks import Batch
from rnncore.tasks.batch import as_double
from rnncore.training.run import Run


def network_of_run(run: Run, example: Batch, part: Part = FIRST) -> CellNetwork:
    """Return one cell of a run's network, as it is now, and a batch of one example; the nearest part that there is.

    What it reads is what it gets from the layers below, in the order in which it reads, from a pass in float64.
    """
    model, task = copy.deepcopy(run.model).double(), run.task
    part = _nearest(model, part, writes=task.writes)
    batch = as_double(example)
    inputs = batch.inputs if batch.lengths is None else batch.inputs[: int(batch.lengths[0])]
    read, trace = tuple(task.steps(inputs)), _trace(run, model, inputs, part)
    tracks = task.show(example).tracks if len(example.targets) else ()
    marked = {at for track in tracks if track.role == "input" for at in track.marked}
    if part.writing:
        read, marked = tuple(str(at + 1) for at in range(len(trace.states))), set()
    elif part.direction:
        read, marked = read[::-1], {len(read) - 1 - at for at in marked}
    return CellNetwork(
        run.config.cell, weights_of(trace.cell), _readout(model, part, writes=task.writes),
        trace.inputs[:, 0].detach().numpy().copy(),
        None, {name: value[0].detach().numpy().copy()
               for name, value in zip(trace.cell.state_names, trace.start, strict=True)},
        read, tuple(sorted(marked)), run.step, getattr(trace.cell, "window", None), part=part, depth=len(model.layers),
        reads=_reads(model, part),
    )  # fmt: skip


def _nearest(model: SequenceModel, part: Part, *, writes: bool) -> Part:
    writing = part.writing and writes
    direction = 0 if writing else min(part.direction, len(cells_of(model.layers[0])) - 1)
    return Part(max(0, min(part.layer, len(model.layers) - 1)), direction, writing)


@torch.no_grad()
def _trace(run: Run, model: SequenceModel, inputs: Tensor, part: Part) -> Trace:
    traces: list[Trace] = []
    if part.writing:
        write(model, run.task, inputs, generator(run.config.seed, "writing"), traces)
    else:
        model.read(inputs, traces=traces)
    return next(each for each in traces if (each.layer, each.direction, each.writing) == part)


def _readout(model: SequenceModel, part: Part, *, writes: bool) -> tuple[Floats, Floats] | None:
    """Return the read-out, where it reads this cell and nothing else."""
    weight, bias = (value.detach().numpy().copy() for value in (model.readout.weight, model.readout.bias))
    last = part.layer == len(model.layers) - 1
    if not last or part.writing != writes or weight.shape[1] != _hidden_size(model):
        return None
    return weight, bias


def _hidden_size(model: SequenceModel) -> int:
    return cells_of(model.layers[0])[0].hidden_size


def _reads(model: SequenceModel, part: Part) -> str:
    """Say what x is: nothing where it is what the network gets."""
    if part.layer:
        both = len(cells_of(model.layers[0])) > 1 and not part.writing
        return f"h of layer {part.layer}" + (", both directions" if both else "")
    if not part.writing:
        return ""
    looks = model.readout.weight.shape[1] > _hidden_size(model)  # the read-out gets what attention brings, too
    return "what was written before" + (", and what attention brings" if looks else "")
