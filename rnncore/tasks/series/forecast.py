"""Forecasting: predict the next value of a series, and say in its own unit how far off one is."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.number_text import number
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import Baseline, Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.series.closeness import Closeness, closeness
from rnncore.tasks.series.linear import least_squares
from rnncore.tasks.series.windows import WindowTask
from rnncore.tasks.typed import MOST_CHARACTERS, read_numbers

FARTHEST = 20.0  # of a typed value, in the units that the network sees: standard deviations where it is a real series


class Forecast(Task):
    """A task whose inputs ``(time, batch, 1)`` are values of a series and whose target ``(batch, 1)`` is the next.

    Attributes
    ----------
    unit_label
        What `in_units` returns, for the axis of a figure; the unit itself may be shorter.
    shown_unit, next_name
        The unit behind the values in the table, and what the value asked for is called.
    form, shown_values
        How a value is written in the table, as a format; and how many values stand there.
    tolerance, why_tolerance
        In the table an answer counts as right if it is no further off, in the series' unit; and why so far.
    """

    sequence_type = SequenceType.MANY_TO_ONE
    forecasts = True
    loss_kind = "mse"
    metric_higher_is_better = False
    longer = "richer"
    input_size = 1
    output_size = 1
    ask = "The last values, the oldest first, with blanks between."
    shown_unit: ClassVar[str] = ""
    next_name: ClassVar[str] = "next"
    form: ClassVar[str] = ".1f"
    shown_values: ClassVar[int] = 2
    tolerance: float
    why_tolerance: str

    @property
    def within(self) -> str:
        """The distance within which an answer counts as right, with its unit."""
        return f"{number(self.tolerance, 3)} {self.shown_unit or self.metric_unit}"

    @property
    def right_within(self) -> str:
        """The distance within which an answer counts as right, and the reason."""
        return f"right within {self.within}, {self.why_tolerance}"

    @property
    def asked_for(self) -> str:
        """The last values, in their unit."""
        return f"the last values ({self.unit_label})"

    @property
    def first_question(self) -> str:
        """Values of a held-out example, or as many of its last ones as can be typed."""
        return self._as_text(self.held_out(1, seeded(0, "question")).inputs)

    def _as_text(self, values: Tensor) -> str:
        written = [f"{value:{self.form}}" for value in self.in_units(values).flatten().tolist()]
        return " ".join(written[-MOST_CHARACTERS // 12 :])

    def parse_text(self, text: str) -> Tensor:
        """Return typed values in the series' unit as the network sees them."""
        values = self.as_normal(torch.tensor(read_numbers(text, 2), dtype=torch.float64)).float()
        if values.abs().max() > FARTHEST:
            low, high = (number(self.in_units(torch.tensor(end)).item()) for end in (-FARTHEST, FARTHEST))
            raise ConfigError(f"A value lies far from what the network has seen: type numbers from {low} to {high}.")
        return values[:, None, None]

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the values in the series' unit."""
        return tuple(self.written(value) for value in self.in_units(inputs).flatten().tolist())

    def value_text(self, output: Tensor) -> str:
        """Return a forecast with its unit."""
        return f"{self.written(self.in_units(output).item())} {self.shown_unit}".rstrip()

    def as_normal(self, values: Tensor) -> Tensor:
        """Return values in the series' own unit as the network sees them."""
        return values

    def written(self, value: float) -> str:
        """Return a value as it stands in the table; at most fifteen characters."""
        return f"{value:{self.form}}"

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
    """A forecast of a real series, split by time; `setup` of a subclass calls `divide`.

    The network sees values less the mean and divided by the standard deviation of the training part. In the table an
    answer counts as right if it is off by no more than half of what the better of two guesses without a memory is
    typically off on the held-out windows (`closeness`).

    Attributes
    ----------
    closeness
        How near that is.
    measured_on
        What the held-out windows are, for the reasons of the reference lines; begins with a comma or a blank.
    """

    loss_label = "squared error, normalised"
    metric_label = "mean absolute error"
    judged_by = "metric"
    measured_on: ClassVar[str] = ""
    border: int
    mean: float
    deviation: float
    closeness: Closeness

    def divide(self, values: Tensor, border: int) -> None:
        """Train on what comes before `border` and hold out the rest; both normalised with the former, float32."""
        training = values[:border]
        self.border, self.mean, self.deviation = border, float(training.mean()), float(training.std())
        self.series = self.as_normal(values).float()
        self.split(self.series[:border], self.series[border:])

    def as_normal(self, values: Tensor) -> Tensor:
        """Return values in the series' own unit as the network sees them."""
        return (values - self.mean) / self.deviation

    @property
    def first_question(self) -> str:
        """The last values of the whole series, so that the first answer is about what nobody knows yet."""
        return self._as_text(self.series[-self.seq_len :])

    @property
    def unchanged(self) -> float:
        """No change at all as the network sees it, where the values are changes."""
        return -self.mean / self.deviation

    def split(self, training: Tensor, held_out: Tensor) -> None:
        """Cut both parts into windows, all of which are scored: the reference lines are measured on all."""
        super().split(training, held_out)
        self.held_out_size = len(self.held_out_windows)
        errors = {name: self._errors(guess) for name, guess in self.without_memory().items()}
        self.closeness = closeness(errors)
        self.tolerance = self.closeness.tolerance
        self.why_tolerance = f"half of what “{self.closeness.guess}” is typically off"

    def without_memory(self) -> dict[str, Tensor | float]:
        """Return what those forecast who know at most the last value, normalised; here, where values are changes."""
        return {"no change": self.unchanged, "the mean change": 0.0}

    def _errors(self, guess: Tensor | float) -> Tensor:
        truth = self.held_out_windows[:, -1].double()
        return ((guess[-len(truth) :] if isinstance(guess, Tensor) else guess) - truth).abs() * self.deviation

    def in_units(self, values: Tensor) -> Tensor:
        """Return inputs, targets or outputs in the series' own unit; float64."""
        return values.double() * self.deviation + self.mean

    def as_batch(self, windows: Tensor) -> Batch:
        """Return windows as inputs and the value after."""
        return Batch(windows[:, :-1].T[..., None].contiguous(), windows[:, -1:].contiguous())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the mean absolute error in the series' unit."""
        return (outputs - batch.targets).abs().mean() * self.deviation

    def scores(self, outputs: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return each window's absolute error in the series' unit, and 1."""
        errors = (outputs - batch.targets).abs()[:, 0] * self.deviation
        return errors, torch.ones_like(errors)

    def rival(
        self, name: str, guess: Tensor | float, reason: str, kind: Literal["chance", "memoryless", "other"] = "other"
    ) -> Baseline:
        """Return a reference line, measured on all held-out windows.

        `guess` is what it forecasts, normalised: the same for all, or a value per window; before them may stand others.
        """
        errors = self._errors(guess)
        how = f"Measured on all {len(errors)} held-out windows{self.measured_on}"
        loss, metric = float((errors / self.deviation).square().mean()), float(errors.mean())
        return Baseline(kind, name, loss, metric, f"{how}; {reason}.", errors)

    def weighted_sum(self) -> Tensor:
        """Return what a weighted sum of a window's values forecasts, fitted by least squares on the training part."""
        windows = self.training_windows
        return least_squares(windows[:, :-1], windows[:, -1], self.held_out_windows[:, :-1])


def seasonal_mean(series: Tensor, border: int, period: int) -> Tensor:
    """Return, for each step, the mean of all steps before `border` at the same place of a season of `period` steps."""
    place = torch.arange(len(series)) % period
    total = torch.zeros(period, dtype=torch.float64).index_add(0, place[:border], series[:border].double())
    return (total / place[:border].bincount(minlength=period))[place]
