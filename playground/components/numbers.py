"""Numbers as the pages write them: one way for each, in tables, sentences, charts and hovers alike.

The digits of a number are those of `rnncore.number_text`, which a chart writes by `SAID`, for no chart knows Python.
"""

import json
import math
from typing import Any

from rnncore.number_text import LARGEST, LONGEST, SMALLEST, power_of_ten
from rnncore.number_text import exact as exact
from rnncore.number_text import number as number
from rnncore.tasks import Task

FARTHEST = 46  # powers of ten of float32 and of the smallest numbers that fade in it


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


def said(field: str, digits: int = 4, longest: int = LONGEST) -> str:
    """Return the Vega expression that writes a number of a chart's data as `number` does.

    A small one of more than `longest` letters becomes a power of ten: on an axis over many of them, 0.00001, too.
    """
    size = f"toNumber(format(abs({field}), '.{digits - 1}e'))"
    small = f"{size} >= {SMALLEST:f} && length(format({size}, '~r')) <= {longest}"
    plain = f"!{size} || ({size} < 1 ? {small} : {size} < {LARGEST:.0f})"
    parts = f"split(format({size}, '.{digits - 1}~e'), 'e')"
    powers = json.dumps([power_of_ten(exponent) for exponent in range(-FARTHEST, FARTHEST)], ensure_ascii=False)
    front = f"({parts}[0] == '1' ? '' : {parts}[0] + '\u00a0×\u00a0')"
    scientific = f"{front} + {powers}[toNumber({parts}[1]) + {FARTHEST}]"
    return f"({field} < 0 ? '-' : '') + ({plain} ? format({size}, ',.{digits}~r') : {scientific})"


def sparse(field: str) -> dict[str, Any]:
    """Return how an axis writes its numbers: as `said` does, but on a logarithmic one only those that Vega would name.

    With a format Vega leaves the labels between powers of ten empty where there is no room for all.
    """
    return {"format": "~g", "labelExpr": f"datum.label ? {said(field)} : ''"}
