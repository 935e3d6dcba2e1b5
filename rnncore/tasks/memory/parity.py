"""Running parity: one bit of memory, needed without a break."""

import math

import torch
from torch import Tensor

from rnncore.number_text import exact
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.typed import read_characters

PADDING = 2


@TASKS.register("parity")
class Parity(Task):
    """Say at every step whether the number of ones so far is odd.

    Inputs ``(time, batch)``: fair random bits 0 and 1; after an example's own end, symbol 2 (padding). Targets
    ``(time, batch)``: 1 where the number of ones up to and including this step is odd, else 0. Lengths are
    drawn evenly from ``seq_len // 2`` to `seq_len` steps; padded steps count neither in the loss nor in the
    metric. Parity of a whole string is a classic (Minsky and Papert, 1969; with recurrent networks Hochreiter
    and Schmidhuber, 1996); ours asks after every bit instead of once at the end.
    """

    label = "Running parity"
    keywords = "bits XOR logic odd even counting memory binary toy"
    order = 40
    question = "Odd or even? One forgotten bit, and every later answer is turned round."
    summary = (
        "A row of zeros and ones of varying length. After each one, say whether the ones so far are odd in number."
    )
    sequence_type = SequenceType.ALIGNED
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats per step"
    metric_label = "right steps"
    seq_len_label = "Longest sequence"
    seq_len_range = (8, 1000)
    recommended = {"seq_len": 20, "steps": 600}
    beats = ("guessing", "repeating the current bit")
    fails = {
        "feedforward": "Seeing the last ten bits it was right at 67 % of steps; rnn, lstm and gru were right at all.",
    }
    answers = ("even", "odd")
    ask = "Type a row of zeros and ones, such as “1011001”."
    input_size = 3
    output_size = 2

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        lengths = torch.randint(self.seq_len // 2, self.seq_len + 1, (n,), generator=generator)
        bits = torch.randint(0, 2, (self.seq_len, n), generator=generator)
        mask = torch.arange(self.seq_len)[:, None] < lengths  # (time, batch)
        targets = bits.cumsum(dim=0) % 2
        return Batch(bits.where(mask, PADDING), targets.where(mask, 0), mask, lengths)

    def parse_text(self, text: str) -> Tensor:
        """Return typed bits."""
        return read_characters(text, {"0": 0, "1": 1})

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the bits."""
        return tuple(map(str, inputs[:, 0].tolist()))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, repeating the current bit, and counting right."""
        mean_length = (self.seq_len // 2 + self.seq_len) / 2
        # The first bit is its own parity. Later the parity before the bit is a fair coin, so the bit says nothing.
        right = 0.5 + 0.5 / mean_length
        return (
            Baseline("chance", "guessing", math.log(2), 0.5, "Odd and even come equally often."),
            Baseline(
                "memoryless",
                "repeating the current bit",
                -right * math.log(right) - (1 - right) * math.log(1 - right),
                right,
                f"The current bit is the answer at the first step, one in {exact(mean_length)} on average, and no "
                "better than a coin later: right with probability q = 1/2 (1 + 1 / mean length), loss -q ln q - p ln "
                "p, p = 1 - q.",
            ),
            Baseline("optimum", "counting", 0.0, 1.0, "The answer is determined by the input."),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the last bits and whether the ones are odd at the end; right only if every step is."""
        length = self.seq_len if example.lengths is None else int(example.lengths)
        bits = example.inputs[:length, 0].tolist()
        truth = example.targets[:length, 0].tolist()
        tracks = [Track("bit", "input", tuple(map(str, bits))), Track("odd so far", "truth", tuple(map(str, truth)))]
        text, right = None, None
        if output is not None:
            answer = output[:length].argmax(dim=-1).tolist()
            wrong = tuple(i for i in range(length) if answer[i] != truth[i])
            tracks.append(Track("network", "answer", tuple(map(str, answer)), marked=wrong))
            text = f"{self.answers[answer[-1]]}, {length - len(wrong)} of {length} right"
            right = not wrong
        question = "".join(map(str, bits[-8:]))
        return Shown(
            question="…" * (length > 8) + question,
            truth=self.answers[truth[-1]],
            answer=text,
            right=right,
            tracks=tuple(tracks),
            note="Under each bit: 1 if the ones so far are odd in number, 0 if even.",
        )
