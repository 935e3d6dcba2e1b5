"""The types of sequence problems: what each means, and its picture of boxes in, state and boxes out."""

from urllib.parse import quote

from playground.race.drawings import ACCENT, FAINT, SVG, TRUTH
from rnncore.tasks.base import SequenceType

MEANING = {
    SequenceType.ONE_TO_ONE: "One record in, one answer out; no memory is needed, or so it seems.",
    SequenceType.ONE_TO_MANY: "The network is given one thing and writes a sequence, each step after its own last one.",
    SequenceType.MANY_TO_ONE: "The network reads a whole sequence and answers once, after the last step.",
    SequenceType.ALIGNED: "The network answers at every step, from what it has read so far.",
    SequenceType.ENCODER_DECODER: "The network reads the whole sequence first, then writes another of its own length.",
}
STEPS = 4
INPUTS = {SequenceType.ONE_TO_ONE: (0,), SequenceType.ONE_TO_MANY: (0,), SequenceType.MANY_TO_ONE: (0, 1, 2, 3),
          SequenceType.ALIGNED: (0, 1, 2, 3), SequenceType.ENCODER_DECODER: (0, 1)}  # fmt: skip
ANSWERS = {SequenceType.ONE_TO_ONE: (0,), SequenceType.ONE_TO_MANY: (0, 1, 2, 3), SequenceType.MANY_TO_ONE: (3,),
           SequenceType.ALIGNED: (0, 1, 2, 3), SequenceType.ENCODER_DECODER: (2, 3)}  # fmt: skip


def picture(kind: SequenceType) -> str:
    """Return the type's picture as HTML: inputs below, the state that is carried on, answers above."""
    inputs, answers = INPUTS[kind], ANSWERS[kind]
    states = range(1 + max(inputs + answers))
    shapes = [_box(step, 40, ACCENT) for step in states]
    shapes += [f'<path d="M{34 * step + 26} 49h8" stroke="{ACCENT}" stroke-width="2"/>' for step in states[:-1]]
    shapes += [_box(step, 74, FAINT) + _up(step, 74) for step in inputs]
    shapes += [_box(step, 6, TRUTH) + _up(step, 40) for step in answers]
    svg = f'<svg xmlns="{SVG}" viewBox="0 0 {34 * STEPS} 96">{"".join(shapes)}</svg>'
    carried = "a state carried from step to step" if len(states) > 1 else "one state"
    said = f"{kind.value}: {_count(inputs, 'input')}, {carried}, {_count(answers, 'answer')}"
    return f'<img class="type-picture" alt="{said}" src="data:image/svg+xml,{quote(svg)}">'


def _count(steps: tuple[int, ...], what: str) -> str:
    return f"{len(steps)} {what}{'s' * (len(steps) > 1)}"


def _box(step: int, y: int, colour: str) -> str:
    return f'<rect x="{34 * step + 6}" y="{y}" width="20" height="18" rx="4" fill="{colour}"/>'


def _up(step: int, y: int) -> str:
    return f'<path d="M{34 * step + 16} {y}v-14" stroke="{FAINT}" stroke-width="2"/>'
