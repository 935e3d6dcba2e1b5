"""Gradients item by item: the loss of each step at each state, and how a stretch of time turns and scales a state."""

import numpy as np
import torch

from rnncore.analysis.decay import Floats
from rnncore.analysis.probe import full_lengths, loss_steps, losses_at, prepared
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import Trace
from rnncore.training.run import Run


def triangle(source: RunConfig | Run, *, batch_size: int = 8) -> Floats:
    """Return ||d loss_s / d h_t|| of the last layer: row s, column t, NaN where t is after s.

    One pass back per step that has a loss, so the cost grows with the square of the length. For a task with a
    single answer only the last row is not NaN.
    """
    model, task, batch = prepared(source, batch_size, torch.float32)
    traces: list[Trace] = []
    outputs, _ = model.answer(batch, traces=traces)
    late = task.many_to_one or task.writes
    top = next(trace for trace in reversed(traces) if trace.direction == 0)
    path = [state[0] for state in top.states]
    found = np.full((len(path), len(path)), np.nan)
    for s in [len(path) - 1] if late else range(len(path)):
        at = loss_steps(task, batch) if late else torch.full((batch.size,), s)
        counts = batch.mask[s] if batch.mask is not None and not late else full_lengths(batch) > s
        if not counts.any():
            continue
        loss = losses_at(task, outputs, batch, at)[counts].sum()
        grads = torch.autograd.grad(loss, path[: s + 1], retain_graph=True)
        found[s, : s + 1] = torch.stack(grads)[:, counts].norm(dim=-1).mean(dim=1).double().numpy()
    return found


def jacobian_singular_values(source: RunConfig | Run) -> Floats:
    """Return the singular values of d h_T / d h_t of the last layer, ``(lags, hidden_size)``, largest first.

    For one example. Row k of the matrix is the gradient of unit k, so a batch of as many copies as there are
    units gives all rows for all lags in one pass back.
    """
    model, task, batch = prepared(source, 1, torch.float64)
    units = (source if isinstance(source, RunConfig) else source.config).hidden_size
    batch = batch.select(torch.zeros(units, dtype=torch.int64), task.many_to_one)
    traces: list[Trace] = []
    model.hidden(batch.inputs, batch.lengths, None, traces)
    top = next(trace for trace in reversed(traces) if trace.direction == 0)
    path = [state[0] for state in top.states[: int(full_lengths(batch)[0])]]
    grads = torch.autograd.grad(path[-1].diagonal().sum(), path, allow_unused=True)
    rows = torch.stack([torch.zeros_like(h) if g is None else g for g, h in zip(grads, path, strict=True)])
    values: Floats = torch.linalg.svdvals(rows).flip(0).numpy()
    return values
