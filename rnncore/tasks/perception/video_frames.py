"""A clip whose movement changes: name the movement at every frame."""

import torch
from torch import Tensor

from rnncore.tasks.base import TASKS, Batch, SequenceType, Shown, Track
from rnncore.tasks.perception.clips import ARROWS, MOVEMENTS, ClipTask, brightness, clip

SHORTEST, LONGEST = 4, 10  # frames of one movement


@TASKS.register("video_frames")
class VideoFrames(ClipTask):
    """Say at every frame how the shape moves, while its movement changes.

    Inputs ``(time, batch, 64)``: frames of 8 x 8 pixels, as in the task of moving shapes. Targets ``(time, batch)``:
    the movement from the frame before to this one, of six. The first frame, which has none before it, does not count.
    Each movement lasts 4 to 10 frames and is followed by one of the five others, all equally likely. The light goes
    out at random (option `dark`) and the movement goes on in the dark, where only a memory of the frames before
    can tell it. Nothing announces a change, so that nobody can be right at every frame.
    """

    label = "Changing movements"
    keywords = "film motion movement image vision clip tracking action frames labelling"
    order = 58
    question = "How is it moving now? The shape changes its mind, and the light goes out."
    summary = "A clip of a shape that moves now this way, now that. Name its movement at every frame."
    sequence_type = SequenceType.ALIGNED
    loss_label = "cross-entropy in nats per frame"
    metric_label = "right frames"
    seq_len_range = (2, 100)
    recommended = {
        "seq_len": 24, "hidden_size": 96, "lr": 0.004, "schedule": "cosine", "batch_size": 32, "steps": 1500,
        "window": 3,
    }  # fmt: skip
    beats = ("guessing", "seeing the last frame only", "comparing the last two frames")
    fails = {
        "rnn": "Two of three networks still guessed after 1500 updates, the third was right at 45 % of the frames.",
        "feedforward": "With three frames in its window, some of them dark, it was right at 60 % of the frames.",
    }

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` clips."""
        time, kinds = torch.arange(self.seq_len), len(MOVEMENTS)
        parts = self.seq_len // SHORTEST + 1
        ends = torch.randint(SHORTEST, LONGEST + 1, (parts, n), generator=generator).cumsum(dim=0)
        steps = torch.randint(1, kinds, (parts + 1, n), generator=generator)  # never back to the same movement
        steps[0] = torch.randint(0, kinds, (n,), generator=generator)
        part = (time[:, None, None] > ends).sum(dim=1)  # (time, batch)
        movements = (steps.cumsum(dim=0) % kinds).gather(0, part)
        return Batch(self.filmed(movements, generator), movements, (time > 0)[:, None].expand(-1, n))

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the clip and all movements; right only if every frame that counts is."""
        asked = self.seq_len - 1
        true = example.targets[1:, 0].tolist()
        tracks = [brightness(example.inputs), Track("movement", "truth", tuple(ARROWS[i] for i in true), start=1)]
        text, right = None, None
        if output is not None:
            answer = output[1:].argmax(dim=-1).tolist()
            wrong = tuple(i for i in range(asked) if answer[i] != true[i])
            tracks.append(Track("network", "answer", tuple(ARROWS[i] for i in answer), marked=wrong, start=1))
            text = f"{MOVEMENTS[answer[-1]]}, {asked - len(wrong)} of {asked}"
            right = not wrong
        return Shown(
            question=f"a clip of {self.seq_len} frames",
            truth=MOVEMENTS[true[-1]],
            answer=text,
            right=right,
            tracks=tuple(tracks),
            clips=(clip(example.inputs),),
            note="One sign per frame after the first: ● still, ↻ circling, else where it moves.",
        )
