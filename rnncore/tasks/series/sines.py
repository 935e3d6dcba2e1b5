"""Two mixed sine waves: predict the next value."""

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator as seeded
from rnncore.seeding import settled
from rnncore.tasks.base import TASKS, Baseline, Batch
from rnncore.tasks.series.forecast import Forecast
from rnncore.tasks.series.linear import least_squares

NOISE = 0.1  # width of the uniform noise
MEASURED = 2000  # series behind the reference lines


@TASKS.register("sines")
class Sines(Forecast):
    """Predict the next value of two mixed sine waves with a little noise.

    Inputs ``(time, batch, 1)``: values 1 to T of a series; target ``(batch, 1)``: value T + 1, T = `seq_len`.
    The series is x(t) = 0.5 sin((t - o1)(10 f1 + 10)) + 0.2 sin((t - o2)(20 f2 + 20)) + 0.1 (u - 0.5), at
    T + 1 equally spaced t from 0 to 1, with o1, o2, f1, f2 drawn from U[0, 1] once per series and u from
    U[0, 1] at each step. Values have no unit. The generator is the one in Géron, "Hands-On Machine Learning"
    (2nd edition, 2019). With another T the same waves are cut into finer or coarser steps, which is another problem, so
    a trained network is not tested there. In the table an answer counts as right within 0.05, the largest size of the
    noise.
    """

    label = "Mixed sine waves"
    keywords = "wave signal forecast time series regression oscillation frequency physics"
    order = 60
    question = "Where does the wave go next? Two hidden rhythms and a little noise."
    summary = "A curve made of two random sine waves and a little noise. Predict its next value."
    loss_label = "squared error"
    metric_label = "root mean squared error"
    metric_unit = "units of the wave"
    unit_label = "wave"
    next_name = "next value"
    form = ".2f"
    shown_values = 3
    seq_len_range = (8, 200)
    stretches = False
    recommended = {"seq_len": 50, "schedule": "cosine", "steps": 3000}
    beats = (
        "always zero",
        "least squares on the last value",
        "repeating the last value",
        "least squares on all values",
    )
    fails = {
        "feedforward": "With ten values in sight its error was 0.056, no better than the 0.055 of a weighted sum of "
        "all values; lstm and gru reached 0.037.",
        "rnn": "Its error was 0.053, hardly better than the 0.055 of a weighted sum of all values; lstm and gru "
        "reached 0.037.",
    }
    tolerance = NOISE / 2
    why_tolerance = "the largest size of the noise"

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        f1, f2, o1, o2 = torch.rand(4, n, generator=generator).double()
        t = torch.linspace(0, 1, self.seq_len + 1, dtype=torch.float64)[:, None]
        series = 0.5 * torch.sin((t - o1) * (10 * f1 + 10)) + 0.2 * torch.sin((t - o2) * (20 * f2 + 20))
        series = settled(series + NOISE * (torch.rand(self.seq_len + 1, n, generator=generator) - 0.5))
        return Batch(series[:-1, :, None], series[-1, :, None])

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the root of the mean squared error."""
        return (outputs - batch.targets).square().mean().sqrt()

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the mean, the last value, straight-line fits, and the noise."""
        how = f"Measured on {MEASURED:,} held-out series from a fixed seed"
        mean, last, scaled, lags = _errors(self.seq_len)
        noise = NOISE**2 / 12
        return (
            Baseline(
                "chance",
                "always zero",
                mean,
                mean**0.5,
                f"{how}; zero is the long-run mean of the waves.",
                counted=MEASURED,
            ),
            Baseline(
                "memoryless",
                "least squares on the last value",
                scaled,
                scaled**0.5,
                f"{how}; a straight line from the last value to the next, fitted on 7,000 training series.",
                counted=MEASURED,
            ),
            Baseline("other", "repeating the last value", last, last**0.5, f"{how}.", counted=MEASURED),
            Baseline(
                "other",
                "least squares on all values",
                lags,
                lags**0.5,
                f"{how}; a weighted sum of all {self.seq_len} values, fitted on 7,000 training series. A network that "
                "does not beat this has learned nothing special.",
                counted=MEASURED,
            ),
            Baseline(
                "optimum",
                "knowing the waves",
                noise,
                noise**0.5,
                "The next value's own noise cannot be known; its variance is 0.1²/12. Nobody does better on average.",
            ),
        )


@once_for_each(32)
def _errors(seq_len: int) -> tuple[float, float, float, float]:
    """Return the held-out squared errors of zero, the last value, a line through it, and a line through all."""
    task = Sines(seq_len)
    training = task.batch(7000, seeded(0, "sines baseline, training"))
    new = task.held_out(MEASURED, seeded(0, "sines baseline, held out"))
    past, new_past = training.inputs[..., 0].T, new.inputs[..., 0].T  # (examples, lags)
    following, truth = training.targets[:, 0], new.targets[:, 0]
    guesses = (
        torch.zeros_like(truth),
        new_past[:, -1],
        least_squares(past[:, -1:], following, new_past[:, -1:]),
        least_squares(past, following, new_past),
    )
    mean, last, scaled, lags = (float((guess - truth).square().mean()) for guess in guesses)
    return mean, last, scaled, lags
