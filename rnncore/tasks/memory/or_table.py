"""A table in which every row answers for itself: a OR b, record by record."""

import math

import torch
from torch import Tensor

from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.typed import read_words

RECORDS = ("00", "01", "10", "11")
NUMBER = {record: number for number, record in enumerate(RECORDS)}
BITS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
ALWAYS_ONE = math.log(4) - 0.75 * math.log(3)  # the loss of saying 1 with the probability it has, 3/4
COIN = Baseline("chance", "a coin", math.log(2), 0.5, "A fair coin is right half of the time.")
EXACT = Baseline("optimum", "exact", 0.0, 1.0, "The answer is determined by the input.")


@TASKS.register("or_table")
class OrTable(Task):
    """Say of each record of two bits whether at least one of them is 1.

    Inputs ``(time, batch, 2)``: the bits a and b of `seq_len` records, fair coins. Targets ``(time, batch)``: 1 where
    a OR b, else 0. Each answer needs its own record and no other, so the order of the records means nothing: the
    one-to-one case, for which a feed-forward network that sees one record is enough. Its counterpart `OrTwin` has the
    same inputs and asks about the record before. Held out are one in eight of all rows of records, by their hash; the
    four records themselves occur on both sides.
    """

    label = "Truth table"
    keywords = "logic gate Boolean truth OR bits toy perceptron no memory"
    order = 10
    question = "a or b? Every record answers for itself: does this need a memory at all?"
    summary = "Records of two bits. After each one, say whether at least one of its own two bits is 1."
    sequence_type = SequenceType.ONE_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats per record"
    metric_label = "right records"
    seq_len_label = "Records in a row"
    seq_len_range = (4, 200)
    longer = "same"
    recommended = {"seq_len": 10, "hidden_size": 8, "window": 1, "steps": 400}
    beats = ("a coin", "always saying 1")
    answers = ("0", "1")
    ask = "Type records of two bits, such as “01 11 00”."
    input_size = 2
    output_size = 2
    behind = 0  # how many records back the one lies that is asked about

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        bits = torch.randint(0, 2, (self.seq_len, n, 2), generator=generator)
        targets = torch.zeros(self.seq_len, n, dtype=torch.int64)
        targets[self.behind :] = bits[: self.seq_len - self.behind].amax(dim=-1)
        asked = (torch.arange(self.seq_len) >= self.behind)[:, None].expand(-1, n)
        return Batch(bits.float(), targets, asked.clone() if self.behind else None)

    def parse_text(self, text: str) -> Tensor:
        """Return typed records as their bits."""
        return BITS[read_words(text, NUMBER)]

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the two bits of each record."""
        return tuple(RECORDS[int(2 * a + b)] for a, b in inputs[:, 0].tolist())

    def baselines(self) -> tuple[Baseline, ...]:
        """Return a coin, always saying 1, and looking at the record."""
        reason = "Three of the four records hold a 1; loss: ln 4 - 3/4 ln 3."
        return (
            COIN,
            Baseline("other", "always saying 1", ALWAYS_ONE, 0.75, reason),
            Baseline("memoryless", "seeing the record", 0.0, 1.0, "The record itself decides its answer."),
            EXACT,
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the last records and the last answer; right only if every one is."""
        records = self.steps(example.inputs)
        truth = tuple(str(target) for target in example.targets[self.behind :, 0].tolist())
        tracks = [Track("record", "input", records), Track("right answer", "truth", truth, start=self.behind)]
        text, right = None, None
        if output is not None:
            answer = tuple(self.answers[i] for i in output[self.behind :].argmax(dim=-1).tolist())
            wrong = tuple(i for i in range(len(truth)) if answer[i] != truth[i])
            tracks.append(Track("network", "answer", answer, marked=wrong, start=self.behind))
            text = f"{answer[-1]}, {len(truth) - len(wrong)} of {len(truth)} right"
            right = not wrong
        late = ", and each answer is about the record before" if self.behind else ""
        return Shown(
            question="… " + " ".join(records[-3:]),
            truth=truth[-1],
            answer=text,
            right=right,
            tracks=tuple(tracks),
            note=f"The two bits of a record stand one above the other{late}.",
        )
