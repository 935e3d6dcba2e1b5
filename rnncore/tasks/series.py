"""Forecasting: predict the next value of a series, and say in its own unit how far off one is."""

from typing import ClassVar

import torch
from torch import Tensor

from rnncore.tasks.base import Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.windows import WindowTask


class Forecast(Task):
    """A task whose inputs ``(time, batch, 1)`` are values of a series and whose target ``(batch, 1)`` is the next.

    Attributes
    ----------
    unit_label
        What `in_units` returns, for the axis of a figure; the unit itself may be shorter.
    shown_unit, next_name
        The unit behind the values in the table, and what the value asked for is called.
    decimals, shown_values
        How many decimals a value is written with, and how many values stand in the table.
    tolerance
        In the table an answer counts as right if it is no further off, in the series' unit.
    """

    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "mse"
    metric_higher_is_better = False
    input_size = 1
    output_size = 1
    unit_label: ClassVar[str]
    shown_unit: ClassVar[str] = ""
    next_name: ClassVar[str] = "next"
    decimals: ClassVar[int] = 1
    shown_values: ClassVar[int] = 2
    tolerance: float

    def in_units(self, values: Tensor) -> Tensor:
        """Return inputs, targets or outputs in the series' own unit, which `unit_label` names; float64."""
        return values.double()

    def written(self, value: float) -> str:
        """Return a value as it stands in the table; at most ten characters."""
        return f"{value:.{self.decimals}f}"

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the last values and the next one, in the series' unit."""
        past = self.in_units(example.inputs).flatten().tolist()
        truth = self.in_units(example.targets).item()
        answer = None if output is None else self.in_units(output).item()
        unit = f", {self.shown_unit}" if self.shown_unit else ""
        tracks = [
            Track(self.unit_label, "input", tuple(past)),
            Track(f"{self.next_name}{unit}", "truth", (truth,), start=len(past)),
        ]
        if answer is not None:
            tracks.append(Track(f"network{unit}", "answer", (answer,), start=len(past)))
        return Shown(
            question=f"… {', '.join(self.written(v) for v in past[-self.shown_values :])} {self.shown_unit}".rstrip(),
            truth=self.written(truth),
            answer=None if answer is None else self.written(answer),
            right=None if answer is None else abs(answer - truth) <= self.tolerance,
            tracks=tuple(tracks),
        )


class SeriesTask(Forecast, WindowTask):
    """A forecast of a real series, split by time; `setup` of a subclass calls `normalise`, then `split`.

    The network sees values less the mean and divided by the standard deviation of the training part.
    """

    loss_label = "squared error, normalised"
    metric_label = "mean absolute error"
    mean: float
    deviation: float

    def normalise(self, values: Tensor, training: Tensor) -> Tensor:
        """Return values in units of the training part's standard deviation, from its mean; float32."""
        self.mean, self.deviation = float(training.mean()), float(training.std())
        return self.as_normal(values).float()

    def as_normal(self, values: Tensor) -> Tensor:
        """Return values in the series' own unit as the network sees them."""
        return (values - self.mean) / self.deviation

    def split(self, training: Tensor, held_out: Tensor) -> None:
        """Cut both parts into windows, all of which are scored: the reference lines are measured on all."""
        super().split(training, held_out)
        self.held_out_size = len(self.held_out_windows)

    def in_units(self, values: Tensor) -> Tensor:
        """Return inputs, targets or outputs in the series' own unit; float64."""
        return values.double() * self.deviation + self.mean

    def as_batch(self, windows: Tensor) -> Batch:
        """Return windows as inputs and the value after."""
        return Batch(windows[:, :-1].T[..., None].contiguous(), windows[:, -1:].contiguous())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the mean absolute error in the series' unit."""
        return (outputs - batch.targets).abs().mean() * self.deviation

    def scored(self, guess: Tensor) -> tuple[float, float]:
        """Return the loss and the metric of normalised guesses for all held-out windows."""
        error = guess - self.held_out_windows[:, -1].double()
        return float(error.square().mean()), float(error.abs().mean()) * self.deviation


def seasonal_mean(series: Tensor, border: int, period: int) -> Tensor:
    """Return, for each step, the mean of all steps before `border` at the same place of a season of `period` steps."""
    place = torch.arange(len(series)) % period
    total = torch.zeros(period, dtype=torch.float64).index_add(0, place[:border], series[:border].double())
    return (total / place[:border].bincount(minlength=period))[place]
