"""The types of sequence problems: what each means, and its picture of boxes in, state and boxes out."""

from urllib.parse import quote

from playground.problem import ACCENT, FAINT, SVG, TRUTH
from rnncore.tasks.base import SequenceType

MEANING = {
    SequenceType.MANY_TO_ONE: "The network reads a whole sequence and answers once, after the last step.",
    SequenceType.ALIGNED: "The network answers at every step, from what it has read so far.",
}
STEPS = 4


def picture(kind: SequenceType) -> str:
    """Return the type's picture as HTML: inputs below, the state that is carried on, answers above."""
    answers = range(STEPS) if kind is SequenceType.ALIGNED else (STEPS - 1,)
    shapes = [_box(step, 74, FAINT) + _box(step, 40, ACCENT) + _up(step, 74) for step in range(STEPS)]
    shapes += [f'<path d="M{34 * step + 26} 49h8" stroke="{ACCENT}" stroke-width="2"/>' for step in range(STEPS - 1)]
    shapes += [_box(step, 6, TRUTH) + _up(step, 40) for step in answers]
    svg = f'<svg xmlns="{SVG}" viewBox="0 0 {34 * STEPS} 96">{"".join(shapes)}</svg>'
    said = f"{kind.value}: {STEPS} inputs, a state carried from step to step, {len(answers)} answers"
    return f'<img class="type-picture" alt="{said}" src="data:image/svg+xml,{quote(svg)}">'


def _box(step: int, y: int, colour: str) -> str:
    return f'<rect x="{34 * step + 6}" y="{y}" width="20" height="18" rx="4" fill="{colour}"/>'


def _up(step: int, y: int) -> str:
    return f'<path d="M{34 * step + 16} {y}v-14" stroke="{FAINT}" stroke-width="2"/>'
