"""The networks' replies to a visitor's own question, as HTML: side by side, in their colours."""

from collections.abc import Sequence
from html import escape

from playground.components.boxes import box
from playground.components.palette import colour
from playground.components.templates import already_html
from playground.race.drawings import image, seen, silence, sound
from rnncore.analysis.replies import Reply
from rnncore.cells import CELLS
from rnncore.tasks import Shown
from rnncore.tasks.shown import NO_NUMBERS, Role

ROWS = 4  # answers that are compared where one of many is asked for
MOST_STEPS = 60  # the last ones of a longer question
SHORT = 4  # letters of an answer up to which all steps stand in a row, with the question above
IN_A_ROW = 36  # symbols


def replies_html(
    cells: Sequence[str], replies: Sequence[Reply], step: int, *, dark: bool, moving: bool, answer: str = "answer"
) -> str:
    """Return the replies of networks of these kinds, measured at update `step`; sounds only when nothing moves.

    `answer` is what a number that they answer is called.
    """
    heads = [_head(cell, dark) for cell in cells]
    first = next((reply for reply in replies if reply.answers), None)
    if first is None or len(replies) == 0:
        body = _lines(heads, [NO_NUMBERS] * len(heads))
    elif first.likely:
        body = _compared(heads, replies)
    elif first.steps:
        body = _aligned(heads, replies, first.steps)
    elif first.shown is not None:
        body = _made_by_all(heads, replies, moving=moving)
    else:
        body = _beside(heads, replies, answer)
    if NO_NUMBERS not in body and not all(reply.answers for reply in replies):
        body += f'<div class="note">–: {NO_NUMBERS}</div>'
    said = f"At update {step:,} they answer"
    return f'<div class="note">{said}</div>{box(already_html(body), "What the networks answer", "replies-box")}'


def texts_html(cells: Sequence[str], opening: str, texts: Sequence[str], step: int, *, dark: bool) -> str:
    """Return what networks wrote after an opening, one under the other."""
    papers = [
        box(
            already_html(f"<b>{escape(opening)}</b>{escape(text) or f'… {NO_NUMBERS}'}"),
            f"What {CELLS[cell].label} writes",
            "paper small",
        )
        for cell, text in zip(cells, texts, strict=True)
    ]
    parts = [
        f'<div class="written" style="border-color:{colour(cell, dark)}">{_name(cell, dark)}{paper}</div>'
        for cell, paper in zip(cells, papers, strict=True)
    ]
    return f'<div class="note">Written at update {step:,}, always with the same draws</div>{"".join(parts)}'


def _name(cell: str, dark: bool) -> str:
    kind = CELLS[cell]
    return f'<b style="color:{colour(cell, dark)}" title="{escape(kind.label)}">{escape(kind.short)}</b>'


def _head(cell: str, dark: bool) -> str:
    return f'<th scope="col" style="--ink:{colour(cell, dark)}">{_name(cell, dark)}</th>'


def _compared(heads: Sequence[str], replies: Sequence[Reply]) -> str:
    """Return bars: a row for each of the likeliest answers, a column for each network."""
    shares = [dict(reply.likely) for reply in replies]
    order = sorted({name for each in shares for name in each})
    best = sorted(order, key=lambda name: -max(each.get(name, 0.0) for each in shares))[:ROWS]
    rows = []
    for name in sorted(best, key=order.index):
        cells = "".join(_bar(each.get(name), reply, name, head) for each, reply, head in
                        zip(shares, replies, heads, strict=True))  # fmt: skip
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    return _table(heads, rows)


def _bar(share: float | None, reply: Reply, name: str, head: str) -> str:
    if share is None:
        return "<td>–</td>"
    ink = head.partition("--ink:")[2].partition('"')[0]
    chosen = " class=chosen" if reply.answers[:1] == (name,) else ""
    return f'<td{chosen}><span class="bar" style="--share:{share:.3f};--ink:{ink}">{100 * share:.0f} %</span></td>'


def _aligned(heads: Sequence[str], replies: Sequence[Reply], steps: Sequence[str]) -> str:
    """Return the answer to each step: below it where answers are short, else beside it."""
    if all(len(text) == 1 for texts in (steps, *(reply.answers for reply in replies)) for text in texts):
        rows = [f'<tr><th scope="row">read</th><td><code>{_row(steps)}</code></td></tr>']
        rows += [
            f"<tr>{head.replace('col', 'row', 1)}<td><code>{_row(reply.answers) or NO_NUMBERS}</code></td></tr>"
            for head, reply in zip(heads, replies, strict=True)
        ]
        return f'<table class="replies">{"".join(rows)}</table>'
    steps = steps[-MOST_STEPS:]
    columns = [reply.answers[-len(steps) :] or ("–",) * len(steps) for reply in replies]
    if max(len(text) for text in (*steps, *(text for each in columns for text in each))) <= SHORT:
        top = '<tr><th scope="row">read</th>' + "".join(f"<td>{escape(step)}</td>" for step in steps) + "</tr>"
        rows = [
            f"<tr>{head.replace('col', 'row', 1)}{''.join(f'<td>{escape(text)}</td>' for text in each)}</tr>"
            for head, each in zip(heads, columns, strict=True)
        ]
        return f'<table class="replies wide">{top}{"".join(rows)}</table>'
    rows = [
        f'<tr><th scope="row">{escape(step)}</th>{"".join(f"<td>{escape(text)}</td>" for text in at)}</tr>'
        for step, *at in zip(steps, *columns, strict=True)
    ]
    return _table(heads, rows)


def _made_by_all(heads: Sequence[str], replies: Sequence[Reply], *, moving: bool) -> str:
    """Return what networks made: pictures side by side, words and tunes one under the other, below what all have seen.

    A player needs more than a column's width for its button and its time.
    """
    read = next((_images(reply.shown, "input") for reply in replies if reply.shown is not None), "")
    pictures, words = [], []
    for reply in replies:
        shown = reply.shown
        pictures.append(_images(shown, "answer") if shown is not None else "")
        if shown is None:
            words.append(NO_NUMBERS)
            continue
        heard = "".join((silence if moving else sound)(each) for each in shown.sounds if each.role == "answer")
        words.append(f'<span class="words">{escape(reply.answers[0]) or "(nothing)"}</span>{heard}')
    if any(reply.shown.sounds for reply in replies if reply.shown is not None):
        cells = [f"{p}</td><td>{w}" for p, w in zip(pictures, words, strict=True)]
        return read + _lines(heads, cells, "replies heard")
    if not any(pictures):
        return read + _lines(heads, words)
    columns = "".join(f'<td class="made">{p}{w}</td>' for p, w in zip(pictures, words, strict=True))
    return f'{read}<table class="replies even"><tr>{"".join(heads)}</tr><tr>{columns}</tr></table>'


def _images(shown: Shown, role: Role) -> str:
    found = "".join(image(each) for each in seen(shown) if each.role == role)
    return f'<div class="images">{found}</div>' if found else ""


def _row(symbols: Sequence[str]) -> str:
    """Return symbols in a row, the middle of a long one left out."""
    text = "".join(symbols)
    return escape(text if len(text) <= IN_A_ROW else f"{text[: IN_A_ROW // 3]}…{text[-IN_A_ROW * 2 // 3 + 1 :]}")


def _lines(heads: Sequence[str], cells: Sequence[str], kind: str = "replies") -> str:
    rows = [f"<tr>{head.replace('col', 'row', 1)}<td>{cell}</td></tr>" for head, cell in zip(heads, cells, strict=True)]
    return f'<table class="{kind}">{"".join(rows)}</table>'


def _beside(heads: Sequence[str], replies: Sequence[Reply], answer: str) -> str:
    cells = "".join(f'<td class="number">{escape((*reply.answers, NO_NUMBERS)[0])}</td>' for reply in replies)
    return _table(heads, [f'<tr><th scope="row">{escape(answer)}</th>{cells}</tr>'])


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    return f'<table class="replies"><tr><td></td>{"".join(heads)}</tr>{"".join(rows)}</table>'
