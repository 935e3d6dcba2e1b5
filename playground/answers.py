"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from html import escape

from playground.drawn import image
from playground.palette import colour
from rnncore.cells import CELLS
from rnncore.race import Race
from rnncore.tasks import Shown
from rnncore.tasks.shown import Drawing, Picture, Role

WIDE = 10  # letters of an answer; longer ones stand below one another
FEWER = 2
Lines = tuple[Shown, ...]  # one example, as each network answered it


def table(race: Race, dark: bool) -> str:
    """Return the table as HTML; everything that could come from a visitor is escaped."""
    heads = []
    for run in race.runs:
        kind = CELLS[run.config.cell]
        style = f"color:{colour(run.config.cell, dark)};opacity:1"
        heads.append(f'<th scope="col" style="{style}" title="{escape(kind.label)}">{escape(kind.short)}</th>')
    examples = list(zip(*(run.shown() for run in race.runs), strict=True))
    wide = any(_is_long(line) for lines in examples for line in lines)
    measured = max(run.answered_at for run in race.runs)
    look = "answers long" if wide else "answers"
    return (
        f'<div class="answers-box"><table class="{look}"><caption>Held-out answers at update {measured:,}</caption>'
        f"{_below(examples, heads) if wide else _beside(examples, heads)}</table></div>"
    )


def _is_long(line: Shown) -> bool:
    return max(len(line.answer or ""), len(line.truth)) > WIDE or bool(_images(line, "answer"))


def _beside(examples: list[Lines], heads: list[str]) -> str:
    """Return one row per example, one column per network."""
    rows = [f'<tr><th scope="col">example</th><th scope="col">true</th>{"".join(heads)}</tr>']
    for lines in examples:
        cells = "".join(_cell(line) for line in lines)
        first = lines[0]
        rows.append(f'<tr><td class="q">{_asked(first)}</td><td class="a">{_true(first)}</td>{cells}</tr>')
    return "".join(rows)


def _below(examples: list[Lines], heads: list[str]) -> str:
    """Return a few examples with long answers, one row per network under each."""
    rows = []
    for lines in examples[:FEWER]:
        rows.append(f'<tr class="new"><th scope="row">{_asked(lines[0])}</th><td class="a">{_true(lines[0])}</td></tr>')
        for head, line in zip(heads, lines, strict=True):
            rows.append(f"<tr>{head.replace('col', 'row', 1)}{_cell(line)}</tr>")
    return "".join(rows)


def _asked(line: Shown) -> str:
    return escape(line.question) + _images(line, "input")


def _true(line: Shown) -> str:
    return escape(line.truth) + _images(line, "truth")


def _cell(line: Shown) -> str:
    mark, name, said = ("✓", "yes", "right") if line.right else ("✗", "no", "wrong")
    answer = escape(line.answer or "") + _images(line, "answer")
    return f'<td class="a {name}"><span aria-label="{said}">{mark}</span> {answer}</td>'


def _images(line: Shown, role: Role) -> str:
    every: tuple[Picture | Drawing, ...] = (*line.pictures, *line.drawings)
    found = "".join(image(each) for each in every if each.role == role)
    return f'<div class="images">{found}</div>' if found else ""
