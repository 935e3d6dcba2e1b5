"""Runs, tasks and cells as the plain data that the command line prints."""

from typing import Any

import numpy as np

from rnncore.analysis import advice
from rnncore.analysis.outcomes import report
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.files.fingerprint import fingerprint
from rnncore.networks.sequence_model import count_parameters
from rnncore.tasks import Task
from rnncore.training.run import Run

LONGEST_PRINTED = 20_000  # characters of a text; of a longer one the fingerprint is printed
INPUTS, UNITS = 2, 32  # of the weight counts that `cells` prints


def update_row(run: Run) -> dict[str, Any]:
    """Return the latest update as plain data; held-out figures only if they were measured at this very update."""
    updates = run.history.updates
    loss, metric, grad_norm, lr = (_decimal(updates[name][-1]) for name in ("loss", "metric", "grad_norm", "lr"))
    measured, val_loss, val_metric = _held_out(run)
    if measured != run.step:
        val_loss = val_metric = None
    return {"step": run.step, "loss": loss, "metric": metric, "val_loss": val_loss, "val_metric": val_metric,
            "grad_norm": grad_norm, "lr": lr, "seconds": run.seconds}  # fmt: skip


def _held_out(run: Run) -> tuple[int | None, float | None, float | None]:
    """Return after which update held-out examples were measured last, their loss and their metric."""
    held = run.history.held_out
    if not len(held):
        return None, None, None
    return int(held["step"][-1]), _decimal(held["loss"][-1]), _decimal(held["metric"][-1])


def final_row(run: Run) -> dict[str, Any]:
    """Return where a run stands; held-out figures are the last measured, at most 24 updates before Ctrl-C."""
    _, val_loss, val_metric = _held_out(run)
    return {
        **{"final": True, "status": run.status, "val_loss": val_loss, "val_metric": val_metric},
        **report(run),
        "parameters": run.parameters(),
        "steps": run.step,
        "examples": run.step * run.config.batch_size,
        "seconds": run.seconds,
        "baselines": _baselines(run.task),
        "config": {
            name: fingerprint(value) if isinstance(value, str) and len(value) > LONGEST_PRINTED else value
            for name, value in run.config.flat().items()
        },
        **_diverged(run),
    }


def _diverged(run: Run) -> dict[str, Any]:
    """Return the figures of a run that blew up and what usually helps, in numbers and in words; else nothing."""
    blown = run.divergence
    if blown is None:
        return {}
    said = f"{CELLS[run.config.cell].label} {advice.divergence(blown)}"
    return {"divergence": vars(blown), "advice": f"{said} {advice.advice(run.view(1))}"}


def _decimal(value: np.float32) -> float:
    """Return the shortest number that is this one in the history's precision: 0.01, not 0.009999999776."""
    return float(str(value))


def _baselines(task: Task) -> list[dict[str, Any]]:
    names = ("kind", "name", "loss", "metric", "reason")
    return [{name: getattr(line, name) for name in names} for line in task.baselines()]


def task_row(name: str) -> dict[str, Any]:
    """Return what a task is, its recommended settings and its reference lines."""
    task = RunConfig(task=name).build_task()
    return {
        "name": name,
        **{key: getattr(task, key) for key in ("label", "summary", "metric_unit", "metric_higher_is_better")},
        "sequence_type": str(task.sequence_type),
        "loss": task.loss_label,
        "metric": task.metric_label,
        "recommended": dict(task.recommended),
        "options": list(task.Options.model_fields),
        "baselines": _baselines(task),
    }


def cell_row(name: str) -> dict[str, Any]:
    """Return what a cell is, its equations and the number of its weights."""
    kind = CELLS[name]
    return {
        "name": name,
        **{key: getattr(kind, key) for key in ("label", "summary", "equations", "source")},
        "states": kind.state_names,
        "parameters": count_parameters(kind(INPUTS, UNITS)),
        "parameters_for": {"input_size": INPUTS, "hidden_size": UNITS},
    }
