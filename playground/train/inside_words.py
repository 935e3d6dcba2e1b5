"""What the picture Inside shows, in words, from the same numbers."""

from collections.abc import Sequence

from playground.components.numbers import number
from playground.race.verdicts import listed
from playground.train.inside_data import MOST_COLUMNS, columns, units
from rnncore.analysis.inside import Inside
from rnncore.cells import CELLS

SOON = "The networks are looked into in a moment."


def finding(cells: Sequence[str], insides: Sequence[Inside], step: int) -> str:
    """Return how much of the step that is followed is left in each network's state, as measured at update `step`."""
    first = next((each for each in insides if each.found.finite), None)
    if first is None:
        return f"At update {step:,} no network gives finite numbers any more, so there is nothing to see inside."
    there = f"step {first.step + 1:,} ({_plain(first.found.read[first.step])})"
    kept = [(cell, left_at_end(each)) for cell, each in zip(cells, insides, strict=True)]
    told = sorted(((share, cell) for cell, share in kept if share is not None), reverse=True)
    lost = [CELLS[cell].short for cell, each in zip(cells, insides, strict=True) if not each.found.finite]
    gone = f" {listed(lost)}: no finite numbers any more." if lost else ""
    if not told:
        return f"At update {step:,}: {there} cannot be followed, since no other example changes a state there.{gone}"
    when = "when all is read" if first.found.wrote and first.step + 1 < len(first.found.read) else "at the end"
    same: dict[str, list[str]] = {}  # who has the same share, as it is written, is named together
    for share, cell in told:
        same.setdefault(share_text(share), []).append(f"{CELLS[cell].short}'s")
    shares = [f"{share} in the {listed(names)}{' state' * (not i)}" for i, (share, names) in enumerate(same.items())]
    return f"At update {step:,}, what is left of {there} {when}: {'; '.join(shares)}.{gone}"


def left_at_end(of: Inside) -> float | None:
    """Return what is left of the step after the last one that was read; None where nothing was measured.

    Of the last one itself it is what is left after all has been written.
    """
    after = len(of.found.read) - 1 - of.step
    return None if of.left is None else float(of.left.left[after or -1])


def share_text(share: float) -> str:
    """Return a share in two digits: "61 %", "0.4 %", and what is next to nothing as that."""
    return "under 0.01\u00a0%" if share < 1e-4 else f"{number(100 * share, 2)}\u00a0%"


def alt(said: str, insides: Sequence[Inside]) -> str:
    """Return the picture in words: the finding, and how its columns are reached by keyboard."""
    steps = len(insides[0].found.read)
    keys = ("Arrow keys go from step to step and from network to network; Enter opens the step on the Cell page, or, "
            "on what is read below the networks, follows it.")  # fmt: skip
    return f"Networks unrolled over an example of {steps:,} steps. {said} {keys}"


def note(insides: Sequence[Inside]) -> str:
    """Return what is drawn, and of what not all."""
    first = insides[0]
    found = first.found
    steps = columns(found)
    seen = min(steps, MOST_COLUMNS)
    hidden = max(values.shape[1] for each in insides for values in each.strips.values())
    shown = units(hidden, seen)
    said = ["A column is a step, a row a unit of the state: blue below 0, orange above; |h| is its length."]
    if shown < hidden:
        said.append(f"{shown} of {hidden:,} units are shown.")
    if seen < steps:
        said.append(f"The last {seen} of {steps:,} steps are shown.")
    if first.layers > 1:
        said.append(f"Of {first.layers} layers it is layer {first.layer + 1}.")
    if any(layer.direction for layer in found.layers):
        said.append("It is the direction that reads forward.")
    instead = next((each.left.instead for each in insides if each.left is not None), None)
    if instead is not None:
        same = instead == first.found.read[first.step]  # of pictures and sounds steps are numbered only
        other = "what another example has there" if same else f"“{_plain(instead)}” instead"
        said.append(f"Left: how much h still differs if step {first.step + 1:,} reads {other}.")
        if any(each.left is not None and (each.left.left > 1).any() for each in insides):
            said.append("Over 100 %: the difference has grown since.")
    return " ".join(said)


def _plain(read: str) -> str:
    """Return what was read without the star of a marked number."""
    return read[:-1] if len(read) > 1 and read.endswith("*") else read
