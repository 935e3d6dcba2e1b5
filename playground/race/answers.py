"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from html import escape
from itertools import islice

from playground.components.palette import colour
from playground.race import example_html, nearness
from playground.race.example_html import Content, Lines
from playground.race.forecast_picture import Mark
from rnncore.cells import CELLS
from rnncore.training.views import RaceView

NARROWEST = 5  # letters


def table(race: RaceView, dark: bool, *, listen: bool = False) -> str:
    """Return the answers as HTML; everything that could come from a visitor is escaped.

    What networks play can be listened to if so wished: not while they learn, as new answers would cut it off.

    Each example is a question and a list: the truth, then every network. The list is a grid that has as many columns
    as its container has room for, so that every network is seen at any width.
    """
    every = zip(*(run.answers for run in race.runs), strict=True)
    first = next(every)
    kinds = [CELLS[run.cell] for run in race.runs]
    marks = [Mark(kind.short, colour(kind.name, dark)) for kind in kinds]
    layout = example_html.layout(first[0], race.task, marks)
    told = [first, *islice(every, layout.number - 1)]
    letters = max(len(each or "") for lines in told for each in (lines[0].truth, *(line.answer for line in lines)))
    names = max(len(kind.short) for kind in kinds)
    heads = [
        f'<b style="color:{mark.colour}" title="{escape(kind.label)}">{escape(mark.name)}</b>'
        for mark, kind in zip(marks, kinds, strict=True)
    ]
    measured = max(run.answered_at for run in race.runs)
    contents = [layout.content(lines) for lines in told]
    contents[0] = example_html.audible(contents[0], first, listen=listen)
    items = "".join(_example(content, lines, heads) for content, lines in zip(contents, told, strict=True))
    room = f"--letters:{max(NARROWEST, letters)};--names:{names}"
    return (
        f'<div class="answers-box"><div class="answers-title">Held-out answers at update {measured:,}'
        f"{escape(nearness.rule(race.task))}</div>"
        f'<ol class="answers {layout.name}" style="{room}">{items}</ol>{nearness.note(race.runs)}</div>'
    )


def _example(content: Content, lines: Lines, heads: list[str]) -> str:
    cells = [_cell("truth", f"<b>{escape(content.true)}</b>", content.truth)]
    for head, line, answer in zip(heads, lines, content.answers, strict=True):
        mark, name, said = ("✓", "yes", "right") if line.right else ("✗", "no", "wrong")
        cells.append(_cell(name, f'<span role="img" aria-label="{said}">{mark}</span> {head}', answer))
    return item(content.question, cells)


def item(question: str, cells: list[str]) -> str:
    """Return one example: its question, and what stands below."""
    asked = f'<div class="q">{question}</div>' if question else ""
    return f"<li>{asked}<ul>{''.join(cells)}</ul></li>"


def _cell(name: str, who: str, said: str) -> str:
    return f'<li class="{name}"><span class="who">{who}</span><span class="a">{said}</span></li>'
