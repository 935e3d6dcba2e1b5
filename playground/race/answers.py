"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from functools import cache
from itertools import islice

from markupsafe import Markup

from playground.components.palette import colour
from playground.components.templates import render
from playground.race import example_html, nearness
from playground.race.forecast_picture import Mark
from rnncore.cells import CELLS
from rnncore.training.views import RaceView

TEMPLATE = "race/answers.html"
NARROWEST = 5  # letters


def table(race: RaceView, dark: bool, *, listen: bool = False) -> Markup:
    """Return the answers as HTML.

    What networks play can be listened to if so wished: not while they learn, as new answers would cut it off.

    Each example is a question and a list: the truth, then every network. The list is a grid that has as many columns
    as its container has room for, so that every network is seen at any width.
    """
    every = zip(*(run.answers for run in race.runs), strict=True)
    first = next(every)
    kinds = [CELLS[run.cell] for run in race.runs]
    marks = [Mark(kind.short, colour(kind.name, dark)) for kind in kinds]
    layout = example_html.layout(first[0], race.task, marks)
    answered = [first, *islice(every, layout.number - 1)]
    letters = max(len(each or "") for lines in answered for each in (lines[0].truth, *(line.answer for line in lines)))
    names = max(len(kind.short) for kind in kinds)
    heads = [_head(run.cell, dark) for run in race.runs]
    measured = max(run.answered_at for run in race.runs)
    contents = [layout.content(lines) for lines in answered]
    contents[0] = example_html.audible(contents[0], first, listen=listen)
    examples = [
        (said.question, said.true, said.truth,
         zip([line.right for line in lines], heads, said.answers, strict=True))
        for said, lines in zip(contents, answered, strict=True)
    ]  # fmt: skip
    return render(TEMPLATE, "table", f"{measured:,}", nearness.rule(race.task), layout.name, max(NARROWEST, letters),
                  names, examples, nearness.note(race.runs))  # fmt: skip


@cache
def _head(cell: str, dark: bool) -> Markup:
    return render(TEMPLATE, "head", CELLS[cell].short, colour(cell, dark), CELLS[cell].label)
