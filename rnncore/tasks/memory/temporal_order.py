"""Temporal order: in which order came the two letters that matter?"""

import math

import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.typed import short

NAMES = "abcdXY"
FIRST_RELEVANT = NAMES.index("X")
CLASSES = ("XX", "XY", "YX", "YY")


@TASKS.register("temporal_order")
class TemporalOrder(Task):
    """Say which of XX, XY, YX, YY a sequence contains.

    Inputs ``(time, batch)``: symbols 0 to 3 are the distractors a, b, c, d, symbols 4 and 5 are X and Y. With
    T = `seq_len` steps numbered from 0, one X or Y stands at a step from T/10 up to, not including, T/5, one
    at a step from T/2 up to, not including, 3T/5, each drawn evenly; all other steps are distractors. Target
    ``(batch,)``: 0 to 3 for XX, XY, YX, YY. Task 6a of Hochreiter and Schmidhuber (1997); ours leaves out
    their start and end symbols, and every sequence has the same length.
    """

    label = "Temporal order"
    keywords = "memory long-term dependency order letters benchmark toy classification"
    order = 30
    question = "X before Y, or Y before X? The clues come early, the question comes late."
    summary = "A long row of letters with two that matter, each an X or a Y. At the end, say which two, in order."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats"
    metric_label = "right answers"
    seq_len_range = (10, 1000)
    recommended = {"seq_len": 50, "lr": 0.005, "steps": 1000}
    beats = ("guessing", "seeing the last letter only", "knowing one of the two")
    fails = {
        "rnn": "After 1000 updates it was right in 26 % of sequences, which is guessing; lstm and gru were right in "
        "all.",
        "feedforward": "The letters lie outside its ten steps, so it was right in 23 % of sequences, which is "
        "guessing; lstm and gru were right in all.",
    }
    ask = "Two letters, each X or Y; they are put into a row of others. Such as “XY”."
    answers = CLASSES
    input_size = len(NAMES)
    output_size = len(CLASSES)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        steps, each = self.seq_len, torch.arange(n)
        inputs = torch.randint(0, FIRST_RELEVANT, (steps, n), generator=generator)
        clues = torch.randint(0, 2, (2, n), generator=generator)  # 0 is X, 1 is Y
        inputs[torch.randint(steps // 10, steps // 5, (n,), generator=generator), each] = FIRST_RELEVANT + clues[0]
        inputs[torch.randint(steps // 2, 3 * steps // 5, (n,), generator=generator), each] = FIRST_RELEVANT + clues[1]
        return Batch(inputs, 2 * clues[0] + clues[1])

    def parse_text(self, text: str) -> Tensor:
        """Return a row of letters in which the two that were typed stand where such letters do."""
        typed = "".join(short(text).upper().split())
        if typed not in CLASSES:
            raise ConfigError(f"Type two letters, each X or Y, such as XY, not “{typed[:20]}”.")
        inputs = self.sample(1, seeded(0, "question")).inputs
        inputs[inputs >= FIRST_RELEVANT] = torch.tensor([NAMES.index(letter) for letter in typed])
        return inputs

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the letters."""
        return tuple(NAMES[symbol] for symbol in inputs[:, 0].tolist())

    def marks(self, inputs: Tensor) -> Tensor:
        """Return where X or Y stands."""
        return inputs >= FIRST_RELEVANT

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, guessing with the last letter in sight, knowing one letter, and knowing both."""
        return (
            Baseline("chance", "guessing", math.log(4), 0.25, "The four answers come equally often."),
            Baseline(
                "memoryless",
                "seeing the last letter only",
                math.log(4),
                0.25,
                "The last letter is always a random distractor and says nothing about the answer, so this is chance.",
            ),
            Baseline(
                "other",
                "knowing one of the two",
                math.log(2),
                0.5,
                "Whoever knows one letter for certain still has to choose between two answers.",
            ),
            Baseline("optimum", "exact", 0.0, 1.0, "The answer is determined by the input."),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show where the two letters stood, and their order."""
        symbols = example.inputs[:, 0]
        places = tuple(int(i) for i in (symbols >= FIRST_RELEVANT).nonzero()[:, 0])
        truth = CLASSES[int(example.targets)]
        answer = None if output is None else CLASSES[int(output.argmax())]
        letters = tuple(NAMES[i] for i in symbols.tolist())
        return Shown(
            question=", ".join(f"{letters[place]} at {place + 1}" for place in places),
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=(Track("letter", "input", letters, marked=places),),
        )
