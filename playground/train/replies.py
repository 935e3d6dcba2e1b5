"""The networks' replies to a visitor's own question, as HTML: side by side, in their colours."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from playground.components.palette import colour
from playground.components.templates import render
from playground.race.drawings import images, silence, sound
from rnncore.analysis.replies import Reply
from rnncore.cells import CELLS
from rnncore.tasks import Shown
from rnncore.tasks.shown import NO_NUMBERS

TEMPLATE = "train/replies.html"
ROWS = 4  # answers that are compared where one of many is asked for
MOST_STEPS = 60  # the last ones of a longer question
SHORT = 4  # letters of an answer up to which all steps stand in a row, with the question above
IN_A_ROW = 36  # symbols


class Network(NamedTuple):
    """A network beside its replies: its colour, its name in full, and as HTML its short name and heads that hold it."""

    colour: str
    label: str
    name: Markup
    column: Markup
    row: Markup


class Made(NamedTuple):
    """Something that a network made: its pictures and players as HTML, and in words; None if it made nothing."""

    images: Markup = Markup()
    words: str | None = None
    players: Sequence[Markup] = ()


NOTHING = Made()  # of a network that no longer gives finite numbers


class Table(NamedTuple):
    """A table as HTML, and whether a dash stands in it for a network that no longer gives finite numbers."""

    html: Markup
    has_dash: bool = False


def replies_html(
    cells: Sequence[str], replies: Sequence[Reply], step: int, *, dark: bool, moving: bool, answer: str = "answer"
) -> Markup:
    """Return the replies of networks of these kinds, measured at update `step`; sounds only when nothing moves.

    `answer` is what a number that they answer is called.
    """
    table = _table(_networks(cells, dark), replies, moving=moving, answer=answer)
    return render(TEMPLATE, "replies", f"{step:,}", table.html, NO_NUMBERS if table.has_dash else "")


def _table(networks: Sequence[Network], replies: Sequence[Reply], *, moving: bool, answer: str) -> Table:
    """Return the table that suits what the networks answer."""
    first = next((reply for reply in replies if reply.answers), None)
    if first is None:
        return Table(_under_one_another(networks, [NOTHING] * len(networks)))
    missing = not all(reply.answers for reply in replies)
    if first.likely:
        return Table(_compared(networks, replies), has_dash=missing)
    if first.steps:
        in_a_row = _in_a_row(networks, replies, first.steps)
        return Table(in_a_row) if in_a_row else Table(_aligned(networks, replies, first.steps), has_dash=missing)
    if first.shown is not None:
        return Table(_made_by_all(networks, replies, moving=moving))
    said = [(*reply.answers, NO_NUMBERS)[0] for reply in replies]
    return Table(render(TEMPLATE, "in_rows", networks, [(answer, said)], "number"))


def texts_html(cells: Sequence[str], opening: str, texts: Sequence[str], step: int, *, dark: bool) -> Markup:
    """Return what networks wrote after an opening, one under the other."""
    written = list(zip(_networks(cells, dark), texts, strict=True))
    return render(TEMPLATE, "texts", f"{step:,}", opening, written, NO_NUMBERS)


def _networks(cells: Sequence[str], dark: bool) -> list[Network]:
    return [_network(colour(cell, dark), CELLS[cell].short, CELLS[cell].label) for cell in cells]


@lru_cache(256)  # they stay the same, and a call from within a template takes long
def _network(ink: str, short: str, label: str) -> Network:
    name = render("race/answers.html", "head", short, ink, label)
    column, row = (render(TEMPLATE, "head", ink, name, scope) for scope in ("col", "row"))
    return Network(ink, label, name, column, row)


def _compared(networks: Sequence[Network], replies: Sequence[Reply]) -> Markup:
    """Return bars: a row for each of the likeliest answers, a column for each network."""
    shares = [dict(reply.likely) for reply in replies]
    order = sorted({name for each in shares for name in each})
    best = sorted(order, key=lambda name: -max(each.get(name, 0.0) for each in shares))[:ROWS]
    rows = [
        (name, [(network.colour, each.get(name), reply.answers[:1] == (name,))
                for network, each, reply in zip(networks, shares, replies, strict=True)])
        for name in sorted(best, key=order.index)
    ]  # fmt: skip
    return render(TEMPLATE, "compared", networks, rows)


def _in_a_row(networks: Sequence[Network], replies: Sequence[Reply], steps: Sequence[str]) -> Markup | None:
    """Return all answers in rows under the question; None if one of them takes more than a letter."""
    if any(len(text) != 1 for texts in (steps, *(reply.answers for reply in replies)) for text in texts):
        return None
    answers = [_row(reply.answers) or NO_NUMBERS for reply in replies]
    return render(TEMPLATE, "in_a_row", _row(steps), list(zip(networks, answers, strict=True)))


def _aligned(networks: Sequence[Network], replies: Sequence[Reply], steps: Sequence[str]) -> Markup:
    """Return the answer to each step: below it where answers are short, else beside it."""
    steps = steps[-MOST_STEPS:]
    columns = [reply.answers[-len(steps) :] or ("–",) * len(steps) for reply in replies]
    if max(len(text) for text in (*steps, *(text for each in columns for text in each))) <= SHORT:
        return render(TEMPLATE, "in_columns", steps, list(zip(networks, columns, strict=True)))
    rows = [(step, at) for step, *at in zip(steps, *columns, strict=True)]
    return render(TEMPLATE, "in_rows", networks, rows, "")


def _made_by_all(networks: Sequence[Network], replies: Sequence[Reply], *, moving: bool) -> Markup:
    """Return what networks made: pictures side by side, words and tunes one under the other, below what all have seen.

    A player needs more than a column's width for its button and its time.
    """
    shown = [reply.shown for reply in replies if reply.shown is not None]
    read = images(shown[0], "input")
    made = [NOTHING if reply.shown is None else _made(reply, reply.shown, moving=moving) for reply in replies]
    if any(each.sounds for each in shown):
        return read + _under_one_another(networks, made, heard=True)
    if not any(each.images for each in made):
        return read + _under_one_another(networks, made)
    return read + render(TEMPLATE, "side_by_side", networks, made, NO_NUMBERS)


def _made(reply: Reply, shown: Shown, *, moving: bool) -> Made:
    player = silence if moving else sound
    players = [player(each) for each in shown.sounds if each.role == "answer"]
    return Made(images(shown, "answer"), reply.answers[0], players)


def _under_one_another(networks: Sequence[Network], made: Sequence[Made], *, heard: bool = False) -> Markup:
    rows = [(network, *each) for network, each in zip(networks, made, strict=True)]
    return render(TEMPLATE, "under_one_another", rows, heard, NO_NUMBERS)


def _row(symbols: Sequence[str]) -> str:
    """Return symbols in a row, the middle of a long one left out."""
    text = "".join(symbols)
    return text if len(text) <= IN_A_ROW else f"{text[: IN_A_ROW // 3]}…{text[-IN_A_ROW * 2 // 3 + 1 :]}"
