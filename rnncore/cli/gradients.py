"""The command `gradients`: gradient flow of networks that have not been trained."""

from typing import Annotated, Any

import torch
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from rnncore.analysis.gradients import GradientFlow, gradient_flow
from rnncore.cli.numbers import like, whole
from rnncore.cli.printing import AsJson, pair, print_json, short
from rnncore.config import RunConfig
from rnncore.errors import ConfigError

MOST_EXAMPLES = 10_000
OWN_FLAGS = {"cell": "--cells", "seq_len": "--length"}


def gradients(
    *,
    cells: str = "rnn,lstm,gru",
    length: Annotated[int, like(RunConfig, "seq_len")] = 100,
    set: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    batch: Annotated[int, whole(1, MOST_EXAMPLES)] = 32,
    double: Annotated[bool, Parameter(negative=())] = False,
    every_step: Annotated[bool, Parameter(negative=())] = False,
    json: AsJson = False,
) -> None:
    """Measure how much of the error reaches the steps before it, in networks that have not been trained.

    Parameters
    ----------
    cells
        Kinds of recurrent unit, separated by commas.
    length
        Sequence length in steps.
    set
        Any setting of the network or of the task, as name=value; may be given many times.
    batch
        Examples to average over.
    double
        Measure in float64 instead of float32.
    every_step
        Take the loss at every step instead of the last; it hides vanishing.
    json
        One JSON object per cell: gradient norms by lag; factor per step, the lags from and to which it holds, and
        half-life; horizon; singular value.
    """
    torch.set_num_threads(1)
    values = dict(pair(text) for text in set)
    for name, flag in OWN_FLAGS.items():
        if name in values:
            raise ConfigError(f"'--set {name}' has no place here: give '{flag}' instead.")
    configs = [_config({**values, "cell": cell, "seq_len": length}) for cell in cells.split(",")]
    dtype = torch.float64 if double else torch.float32
    found = (_gradient_row(gradient_flow(c, batch_size=batch, dtype=dtype, every_step=every_step)) for c in configs)
    if json:
        for row in found:
            print_json(row)
        return
    columns = (
        "cell",
        "decay_per_step",
        "straight_from_to",
        "half_life",
        "horizon",
        "largest_singular_value",
        "spectral_radius",
        "seconds",
    )
    table = Table(*(column.replace("_", " ") for column in columns))
    for row in found:
        table.add_row(*(short(row[c]) if isinstance(row[c], float) else str(row[c] or "-") for c in columns))
    Console().print(table)


def _config(values: dict[str, Any]) -> RunConfig:
    try:
        return RunConfig.from_flat(values)
    except ConfigError as error:
        raise ConfigError(str(error).replace("'seq_len'", "'--length'", 1)) from None


def _gradient_row(flow: GradientFlow) -> dict[str, Any]:
    top, decay = flow.top, flow.top.decay
    return {
        "cell": flow.config.cell,
        "lags": list(range(len(top.norm_h.mean))),
        "norm_h": top.norm_h.mean.tolist(),
        "norm_c": None if top.norm_c is None else top.norm_c.mean.tolist(),
        "decay_per_step": decay.per_step,
        "straight_from_to": decay.stretch,
        "half_life": decay.half_life,
        "horizon": decay.horizon,
        "largest_singular_value": top.largest_singular_value,
        "spectral_radius": top.spectral_radius,
        "seconds": flow.seconds,
    }
