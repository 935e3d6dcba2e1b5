"""Backpropagation through time in words: how far the gradient comes, and what each step gets from where."""

from collections.abc import Callable

from playground.components.numbers import number
from playground.inside.cell.backward_data import Floats, four_digits, norms, own_source
from rnncore.analysis.backward import Backward, StateGradient

FEW = 8  # steps up to which the first is told by its two sources
ALIKE = 1.1


def finding(found: Backward) -> str:
    """Say in one sentence what has become of the gradient at the first step."""
    steps = len(found.inputs)
    h, *rest = found.shown.states
    if not h.later.any() and steps > 1 and not found.cuts:
        return "Nothing flows back from one step to the one before: this cell has no way back through time."
    if steps <= FEW and h.values.shape[1] == 1:
        return _sources(h, steps, own_source(found))
    if found.cuts:
        return cut(found)
    if found.shown.last_alone is not None:
        said = _weaker(found.shown.last_alone, "Of the last loss alone, the gradient on h at step 1 is")
        return f"{said}; the losses in between hide it."
    said = _weaker(norms(h.total), "The gradient on h at step 1 is")
    if rest:
        said = f"{said}, on {rest[0].name} {_weaker(norms(rest[0].total), '', short=True)}"
    return f"{said}."


def _sources(h: StateGradient, steps: int, own: str) -> str:
    here, later, total = (four_digits(float(part[0, 0])) for part in (h.here, h.later, h.total))
    if steps == 1:
        return f"There is one step: its gradient, {total}, comes from {own}."
    return f"At step 1, {here} comes from {own} and {later} from step 2: together {total}."


def _weaker(sizes: Floats, before: str, *, short: bool = False) -> str:
    first, last, steps = float(sizes[0]), float(sizes[-1]), len(sizes)
    than = "" if short else f" than at step {steps}, the last"
    if not last or not first:
        return f"{before} nothing at all" if not first else f"{before} {number(first, 2)}"
    ratio = last / first
    if 1 / ALIKE < ratio < ALIKE:
        return f"{before} about as strong{'' if short else f' as at step {steps}, the last'}".strip()
    way = "weaker" if ratio > 1 else "stronger"
    factor = ratio if ratio > 1 else 1 / ratio
    return f"{before} {number(factor, 2)} times {way}{than}".strip()


def formula(found: Backward, unit: Callable[[float], str]) -> str:
    """Say which loss is differentiated, and how large it is."""
    loss, count = unit(found.loss), len(found.losses)
    if found.summed == "sum":
        return f"Loss: the sum over the steps of (y − target)², {loss}."
    if not found.at:
        return f"Loss: the mean over {count} written steps, {loss}; it reaches the steps that were read from behind."
    if count == 1:
        return f"Loss: that of the answer after the last step, {loss}."
    return f"Loss: the mean over {count} answers, {loss}."


def cut(found: Backward) -> str:
    """Say where truncation cuts the gradient; nothing where it does not."""
    if not found.cuts:
        return ""
    last, others = found.cuts[-1], len(found.cuts) - 1
    more = f", nor at {others} more place{'s' * (others > 1)}" if others else ""
    return f"Truncated: no gradient passes from step {last + 1} back to step {last}{more}."


def drawn(found: Backward, first: int, units: int, chosen: int) -> str:
    """Say what of the network is drawn where it is not all of it."""
    parts = []
    if first:
        parts.append(f"steps {first + 1} to {len(found.inputs)} are drawn, the sums hold all")
    if chosen < units:
        parts.append(f"{chosen} of {units} units are drawn, lengths are those of all")
    if len(found.layers) > 1:
        which = f"layer {found.shown.layer + 1} of {found.depth}" if found.depth > 1 else "the cell"
        parts.append(f"drawn is {which}" + (", reading forward" if len(found.layers) > found.depth else ""))
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
