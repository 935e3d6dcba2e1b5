"""The sum that made a number, the gates and the changes of a state, in words formed from the numbers themselves."""

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from playground.components.templates import render
from playground.inside.cell.moment import Moment, brief, digits
from playground.race.verdicts import listed
from rnncore.analysis.cell_network import cell_of, kept
from rnncore.analysis.sums import Factor, Sum, Term
from rnncore.analysis.worked import SOURCE, worked_example
from rnncore.cells import CELLS

MOST_TERMS = 8
ALL, NOTHING = 0.995, 0.005  # shares that count as all and as nothing


def sum_html(shown: Moment) -> Markup:
    """Return the sum as a line of numbers, the names above which they stand, and sums inside it."""
    found = shown.sum
    who = f"{shown.key}, unit {shown.unit + 1} of {shown.network.hidden_size}, step {shown.at + 1}"
    if shown.network.reads:
        who += f"; x is {shown.network.reads}"
    inside = [(f"with {each.name} = {sum_text(each)}", names_text(each)) for each in found.inside]
    return render("inside/cell/sum.html", "made", who, sum_text(found), names_text(found), inside)


def sum_text(found: Sum) -> str:
    """Return a sum in numbers: "0.7 × 0.1 + 0.3 × 0.4 + 0.4 × 0 + 0.4 = 0.59; tanh = 0.5299"."""
    terms, rest = largest(found.terms)
    written = _joined([" × ".join(_number(factor) for factor in term.factors) for term in terms])
    if rest:
        written += f" + {len(rest)} more, together {brief(math.fsum(term.value for term in rest))}"
    written += f" = {brief(found.total) if found.function else digits(found.value)}"
    return written + (f"; {found.function} = {digits(found.value)}" if found.function else "")


def names_text(found: Sum) -> str:
    """Return the same sum with names in place of numbers."""
    terms, rest = largest(found.terms)
    written = _joined([" × ".join(_name(factor) for factor in term.factors) for term in terms])
    return written + (" + …" if rest else "")


def largest(terms: Sequence[Term]) -> tuple[list[Term], list[Term]]:
    """Return the terms that are written, all or the largest by size, in their order; and the rest."""
    if len(terms) <= MOST_TERMS:
        return [*terms], []
    most = sorted(range(len(terms)), key=lambda at: -abs(terms[at].value))[: MOST_TERMS - 1]
    return [terms[at] for at in sorted(most)], [term for at, term in enumerate(terms) if at not in most]


def _joined(parts: Sequence[str]) -> str:
    return " + ".join(parts)


def _number(factor: Factor) -> str:
    written = brief(factor.value)
    return f"({written})" if written.startswith("-") else written


def _name(factor: Factor) -> str:
    if " " in factor.text and len(factor.place) == 1 and factor.text[:2] != "b_":
        return f"({factor.text}){_sub(factor.place)}"
    return " + ".join(f"{name}{_sub(factor.place)}" for name in factor.text.split(" + "))


def _sub(place: Sequence[int]) -> str:
    return f"[{','.join(str(at + 1) for at in place)}]"


def gates_in_words(shown: Moment) -> str:
    """Say what the gates do with this unit at this step, in the cell's own words; nothing where it has no gates."""
    kind, parts = CELLS[shown.network.cell], []
    for name, words in kind.gate_words.items():
        value = float(shown.now[shown.key_of(name)][shown.unit])
        parts.append(f"{name} = {value:.2f}: {words.format(share=_share(value))}")
    if not parts:
        return ""
    return f"Unit {shown.unit + 1} at step {shown.at + 1}: " + "; ".join(parts) + "." + _stored(shown)


def _share(value: float) -> str:
    if value >= ALL:
        return "all"
    return "nothing" if value <= NOTHING else f"{100 * value:.0f} %"


def _stored(shown: Moment) -> str:
    """Say how much of what stood there after the last marked step is still kept, by the gates since then."""
    before = [at for at in shown.network.marked if at < shown.at]
    if not before:
        return ""
    made, left = cell_of(shown.network), 1.0
    for values in shown.values[before[-1] + 1 : shown.at + 1]:
        gate = kept(made, values)
        if gate is None:
            return ""
        left *= float(gate[shown.unit])
    steps = shown.at - before[-1]
    return (f" Of what it held after the marked step {before[-1] + 1}, {_share(left)} is kept after "
            f"{steps} step{'s' * (steps > 1)}.")  # fmt: skip


def changes_in_words(shown: Moment) -> str:
    """Say how much each state changes from one step to the next, over all steps and units, as a share of its length."""
    found = changes(shown)
    if not found:
        return ""
    (first, share), *others = found.items()
    steps = "From step 1 to step 2" if len(shown.values) == 2 else "From one step to the next"
    said = f"{steps} {first} changes by {100 * share:.0f} %"
    said += "".join(f" and {name} by {100 * share:.0f} %" for name, share in others)
    said += f" of {'their' if others else 'its'} length (root mean square over steps and units)."
    if len(found) < 2:
        return said
    slow, fast = sorted(found, key=lambda name: found[name])[:2]
    times = found[fast] / found[slow] if found[slow] else math.inf
    if times < 1.1:
        return f"{said} Here both change about as fast."
    return f"{said} Here {slow} changes {brief(round(times, 1))} times more slowly than {fast}."


def changes(shown: Moment) -> dict[str, float]:
    """Return for each state ||new - old|| / ||new|| over all steps but the first; nothing where there are no two."""
    found = {}
    for name in reversed(CELLS[shown.network.cell].state_names):
        if name in shown.names and len(shown.values) > 1:
            states = np.stack([values[f"{name}'"] for values in shown.values])
            length = float(np.linalg.norm(states[1:]))
            if length and math.isfinite(length):
                found[name] = float(np.linalg.norm(np.diff(states, axis=0))) / length
    return found


def source_in_words(cell: str) -> str:
    """Say where a worked example comes from, and what is called otherwise there."""
    other = [f"{name} {theirs}" for name, theirs in worked_example(cell).called.items()]
    return f"Worked example: {SOURCE}, which calls {listed(other)}."
