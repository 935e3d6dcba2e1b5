"""Tasks on short clips: a shape moves over a small screen without edges, in flickering light."""

import math

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator as seeded
from rnncore.seeding import settled
from rnncore.settings import setting
from rnncore.tasks.base import Baseline, Clip, Task, TaskOptions, Track

SIDE = 8
MOVEMENTS = ("still", "left", "right", "up", "down", "circling")
ARROWS = ("●", "←", "→", "↑", "↓", "↻")  # of MOVEMENTS, for rows in which each has room for one sign
HEADINGS = (0.0, math.pi, 0.0, math.pi / 2, -math.pi / 2, 0.0)  # where they have one
SPEED = (0.6, 1.2)  # pixels per frame
CIRCLE = (0.9, 1.4)  # radius of the circling, pixels
RADII = (1.2, 1.45, 1.7, 1.95)  # of the shapes, pixels
SHAPES, PARTS = 3, 4  # square, cross and ring; places are drawn to a quarter of a pixel
FRAME_SECONDS = 0.3  # of a clip as it is shown
MEASURED = 6000


class ClipOptions(TaskOptions):
    """Dark frames and noise, which make a clip hard to see."""

    dark: float = setting(
        0.25, ge=0, le=0.9, group="task", label="Frames in the dark",
        help="Share of the frames in which the light is out and only noise is left. The movement goes on.",
    )  # fmt: skip
    noise: float = setting(
        0.15, ge=0, le=1, group="task", label="Noise",
        help="Standard deviation of what is added to each pixel of each frame; paper is 0 and ink is 1.",
    )  # fmt: skip


class ClipTask(Task):
    """A task whose examples are clips ``(time, batch, 64)``: 8 x 8 pixels per frame, row by row from the top.

    A square, a cross or a ring of random size and place moves at a random speed over a screen without edges: what
    leaves on one side comes in on the other. So a single frame looks the same whatever the movement.
    """

    loss_kind = "cross_entropy"
    seq_len_label = "Frames"
    Options = ClipOptions
    answers = MOVEMENTS
    input_size = SIDE * SIDE
    output_size = len(MOVEMENTS)

    def filmed(self, movements: Tensor, generator: torch.Generator) -> Tensor:
        """Return clips of given movements ``(time, batch)``, each from the frame before to its own."""
        time, n = movements.shape
        start, chance = torch.rand(3, n, generator=generator).double(), torch.rand(2, n, generator=generator).double()
        speed, circle = (low + (high - low) * share for (low, high), share in zip((SPEED, CIRCLE), chance, strict=True))
        sense = 2 * torch.randint(0, 2, (n,), generator=generator) - 1
        circling = movements == MOVEMENTS.index("circling")
        turned = math.tau * start[2] + (circling * sense * speed / circle).cumsum(dim=0)
        heading = turned.where(circling, torch.tensor(HEADINGS, dtype=torch.float64)[movements])
        moving = speed * (movements != MOVEMENTS.index("still"))
        moving[0] = 0  # the first frame shows where the shape starts
        column = _place(start[0] + (moving * heading.cos()).cumsum(dim=0) / SIDE)
        row = _place(start[1] - (moving * heading.sin()).cumsum(dim=0) / SIDE)
        shape = torch.randint(0, SHAPES, (n,), generator=generator)
        radius = torch.randint(0, len(RADII), (n,), generator=generator)
        lit = torch.rand(time, n, generator=generator) >= self.options.dark
        noise = torch.randn(time, n, self.input_size, dtype=torch.float64, generator=generator).mul_(self.options.noise)
        drawn = _library()[shape, radius, row, column]
        return settled(noise.addcmul_(drawn.double(), lit[..., None].double()).clamp_(0, 1))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, one frame, and a rival made by hand that compares two frames."""
        n = len(MOVEMENTS)
        loss, metric = _from_two_frames(type(self), self.seq_len, self.options)
        return (
            Baseline("chance", "guessing", math.log(n), 1 / n, f"{n} movements, equally often."),
            Baseline(
                "memoryless", "seeing the last frame only", math.log(n), 1 / n,
                "On a screen without edges a shape is equally likely everywhere, whatever its movement: one frame says "
                "nothing.",
            ),
            Baseline(
                "other", "comparing the last two frames", loss, metric,
                "Made by hand: the shift at which the last two frames match best, and how often each movement goes "
                f"with it; counted on {MEASURED:,} pairs of frames from a fixed seed, measured on as many others.",
                counted=_clips(self),
            ),
        )  # fmt: skip


def clip(inputs: Tensor) -> Clip:
    """Return all frames of one clip ``(time, 1, 64)``."""
    frames = inputs[:, 0].view(-1, SIDE, SIDE).tolist()
    return Clip("clip", tuple(tuple(map(tuple, frame)) for frame in frames), FRAME_SECONDS)


def brightness(inputs: Tensor) -> Track:
    """Return how much ink each frame of one clip has."""
    return Track("ink in the frame", "input", tuple(inputs[:, 0].mean(dim=-1).tolist()))


def _place(share: Tensor) -> Tensor:
    return (share * (SIDE * PARTS)).floor().long() % (SIDE * PARTS)


@once_for_each(1)
def _library() -> Tensor:
    """Return frames ``(shapes, radii, rows, columns, 64)`` of each shape around each place, in quarters of a pixel."""
    place, pixel = torch.arange(SIDE * PARTS) / PARTS, torch.arange(SIDE)
    away = ((pixel - place[:, None] + SIDE / 2) % SIDE - SIDE / 2).abs()  # (places, pixels)
    along, across = away[:, None, :, None], away[None, :, None, :]
    size = torch.tensor(RADII)[:, None, None, None, None]
    box = size + 0.5 - torch.maximum(along, across)
    cross = torch.minimum(box, 1 - torch.minimum(along, across))
    ring = 1 - ((along.square() + across.square()).sqrt() - size).abs()
    return torch.stack([box, cross, ring]).clamp(0, 1).flatten(-2)


def best_shift(before: Tensor, after: Tensor) -> Tensor:
    """Return the shift, as row * 8 + column, at which frames ``(..., 64)`` match the frames before best."""
    spectra = [torch.fft.rfft2(frame.unflatten(-1, (SIDE, SIDE))) for frame in (before, after)]
    match = torch.fft.irfft2(spectra[0].conj() * spectra[1], s=(SIDE, SIDE))
    return match.flatten(-2).argmax(dim=-1)


def _clips(task: ClipTask) -> int:
    """Return how many clips hold the pairs of frames that are measured."""
    return MEASURED if task.many_to_one else -(-MEASURED // (task.seq_len - 1))


@once_for_each(64)
def _from_two_frames(kind: type[ClipTask], seq_len: int, options: ClipOptions) -> tuple[float, float]:
    """Return loss and metric of answering with what is most often seen at the best shift of two frames."""
    task = kind(seq_len, options)
    counts = torch.ones(SIDE * SIDE, len(MOVEMENTS), dtype=torch.float64)
    drawn = [task.sample(_clips(task), seeded(0, f"clips {side}")) for side in ("counted", "measured")]
    shifts, truths = [], []
    for batch in drawn:
        after = batch.inputs[-1:] if task.many_to_one else batch.inputs[1:]
        before = batch.inputs[-2:-1] if task.many_to_one else batch.inputs[:-1]
        shifts.append(best_shift(before, after).flatten())
        truths.append(batch.targets if task.many_to_one else batch.targets[1:].flatten())
    counts.index_put_((shifts[0], truths[0]), torch.ones((), dtype=torch.float64), accumulate=True)
    shares = (counts / counts.sum(dim=1, keepdim=True))[shifts[1]]
    loss = -shares.gather(1, truths[1][:, None]).log().mean()
    return float(loss), float((shares.argmax(dim=1) == truths[1]).double().mean())
