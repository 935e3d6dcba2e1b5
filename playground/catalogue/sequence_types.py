"""The types of sequence problems: what each means, and its picture of boxes in, state and boxes out."""

from markupsafe import Markup

from playground.components.templates import render
from playground.race.drawings import ACCENT, FAINT, TRUTH
from rnncore.tasks.base import SequenceType

MEANING = {
    SequenceType.ONE_TO_ONE: "One record in, one answer out; no memory is needed, or so it seems.",
    SequenceType.ONE_TO_MANY: "The network is given one thing and writes a sequence, each step after its own last one.",
    SequenceType.MANY_TO_ONE: "The network reads a whole sequence and answers once, after the last step.",
    SequenceType.ALIGNED: "The network answers at every step, from what it has read so far.",
    SequenceType.ENCODER_DECODER: "The network reads the whole sequence first, then writes another of its own length.",
}
STEPS = 4
COLOURS = {"state": ACCENT, "answer": TRUTH, "other": FAINT}
INPUTS = {SequenceType.ONE_TO_ONE: (0,), SequenceType.ONE_TO_MANY: (0,), SequenceType.MANY_TO_ONE: (0, 1, 2, 3),
          SequenceType.ALIGNED: (0, 1, 2, 3), SequenceType.ENCODER_DECODER: (0, 1)}  # fmt: skip
ANSWERS = {SequenceType.ONE_TO_ONE: (0,), SequenceType.ONE_TO_MANY: (0, 1, 2, 3), SequenceType.MANY_TO_ONE: (3,),
           SequenceType.ALIGNED: (0, 1, 2, 3), SequenceType.ENCODER_DECODER: (2, 3)}  # fmt: skip


def picture(kind: SequenceType) -> Markup:
    """Return the type's picture as HTML: inputs below, the state that is carried on, answers above."""
    inputs, answers = INPUTS[kind], ANSWERS[kind]
    states = range(1 + max(inputs + answers))
    carried = "a state carried from step to step" if len(states) > 1 else "one state"
    said = f"{kind.value}: {_count(inputs, 'input')}, {carried}, {_count(answers, 'answer')}"
    return render("catalogue/sequence_types.html", "picture", said, STEPS, states, inputs, answers, COLOURS)


def _count(steps: tuple[int, ...], what: str) -> str:
    return f"{len(steps)} {what}{'s' * (len(steps) > 1)}"
