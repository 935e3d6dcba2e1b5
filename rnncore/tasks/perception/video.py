"""A clip of a moving shape: name its movement."""

import torch
from torch import Tensor

from rnncore.tasks.base import TASKS, Batch, SequenceType, Shown
from rnncore.tasks.perception.clips import MOVEMENTS, ClipTask, brightness, clip


@TASKS.register("video")
class Video(ClipTask):
    """Say how the shape in a short clip moves.

    Inputs ``(time, batch, 64)``: frames of 8 x 8 pixels, row by row from the top, 0 paper to 1 ink. Target
    ``(batch,)``: the movement, one of six. A square, a cross or a ring stands still, moves left, right, up or down in a
    straight line, or circles either way, at 0.6 to 1.2 pixels per frame. Start, size, speed and, for circles, heading
    are drawn at random, and the screen has no edges: what leaves on one side comes in on the other. So each single
    frame is as likely under one movement as under another. In some frames the light is out (option `dark`), all are
    noisy (option `noise`), and two frames do not tell a straight line from a piece of a circle. Held-out clips never
    occur in training, by a hash of the whole clip; they are made by the same rules.
    """

    label = "Moving shapes"
    keywords = "film motion movement image vision clip action recognition classification"
    order = 46
    question = "Which way does it move? No single picture of the clip can tell."
    summary = "A short clip of a shape in flickering light. Name its movement after the last frame."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_label = "cross-entropy in nats"
    metric_label = "right movements"
    seq_len_range = (2, 60)
    recommended = {
        "seq_len": 12, "hidden_size": 96, "lr": 0.004, "schedule": "cosine", "batch_size": 64, "steps": 1200,
        "window": 3,
    }  # fmt: skip
    beats = ("guessing", "seeing the last frame only", "comparing the last two frames")
    fails = {
        "rnn": "Two of three networks still guessed after 1200 updates, the third named 70 % of the movements.",
        "feedforward": "With three frames in its window, some of them dark, it named 38 to 43 % of the movements.",
    }

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` clips."""
        movements = torch.randint(0, len(MOVEMENTS), (n,), generator=generator)
        return Batch(self.filmed(movements.expand(self.seq_len, n), generator), movements)

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the clip."""
        truth = MOVEMENTS[int(example.targets)]
        answer = None if output is None else MOVEMENTS[int(output.argmax())]
        return Shown(
            question=f"a clip of {self.seq_len} frames",
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=(brightness(example.inputs),),
            clips=(clip(example.inputs),),
        )
