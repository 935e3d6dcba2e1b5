"""Numbers as the Train page writes them: one way for each, in tables, sentences, charts and hovers alike."""

import math

from rnncore.tasks import Task


def number(value: float | None) -> str:
    """Return a number in four digits."""
    return "" if value is None else f"{value:.4g}"


def percent(share: float) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.1f} %"


def in_bits(task: Task | type[Task]) -> bool:
    """Return whether people read this task's loss in bits, as its metric has it."""
    return task.metric_unit == "bits"


def loss_label(task: Task | type[Task]) -> str:
    """Return what the loss is called where people read it, unit included."""
    return task.metric_label if in_bits(task) else task.loss_label


def loss_factor(task: Task | type[Task]) -> float:
    """Return what the engine's loss is multiplied by where people read it: the engine counts in nats."""
    return 1 / math.log(2) if in_bits(task) else 1.0


def loss_value(loss: float | None, task: Task) -> str:
    """Return a loss in the unit in which people read it."""
    return number(None if loss is None else loss * loss_factor(task))


def metric_value(metric: float, task: Task) -> str:
    """Return a metric with its unit for a table: "97.0 %", "2.15 °C"."""
    return percent(metric) if task.metric_unit == "share" else f"{number(metric)} {task.metric_unit}"


def metric_text(metric: float, task: Task) -> str:
    """Return a metric in words: "97.0 % right within 0.05", "2.1 °C mean absolute error"."""
    if task.metric_unit == "share":
        return f"{percent(metric)} {task.metric_label}"
    unit = "" if task.metric_unit in task.metric_label else f" {task.metric_unit}"
    return f"{number(metric)}{unit} {task.metric_label}"
