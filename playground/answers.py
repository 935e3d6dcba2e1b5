"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from html import escape

from playground.palette import colour
from rnncore.cells import CELLS
from rnncore.race import Race

WIDE = 8  # letters of an answer; longer ones stand below one another
FEWER = 2
Lines = tuple[tuple[str, str, str | None, bool | None], ...]


def table(race: Race, dark: bool) -> str:
    """Return the table as HTML; everything that could come from a visitor is escaped."""
    heads = []
    for run in race.runs:
        kind = CELLS[run.config.cell]
        style = f"color:{colour(run.config.cell, dark)};opacity:1"
        heads.append(f'<th scope="col" style="{style}" title="{escape(kind.label)}">{escape(kind.short)}</th>')
    examples = list(zip(*(run.shown() for run in race.runs), strict=True))
    wide = any(len(answer or "") > WIDE for lines in examples for _, _, answer, _ in lines)
    measured = max(run.answered_at for run in race.runs)
    return (
        f'<div class="answers-box"><table class="answers"><caption>Held-out answers at update {measured:,}</caption>'
        f"{_below(examples, heads) if wide else _beside(examples, heads)}</table></div>"
    )


def _beside(examples: list[Lines], heads: list[str]) -> str:
    """Return one row per example, one column per network."""
    rows = [f'<tr><th scope="col">example</th><th scope="col">true</th>{"".join(heads)}</tr>']
    for lines in examples:
        question, truth, _, _ = lines[0]
        cells = "".join(_cell(answer, right) for _, _, answer, right in lines)
        rows.append(f'<tr><td class="q">{escape(question)}</td><td class="a">{escape(truth)}</td>{cells}</tr>')
    return "".join(rows)


def _below(examples: list[Lines], heads: list[str]) -> str:
    """Return a few examples with long answers, one row per network under each."""
    rows = []
    for lines in examples[:FEWER]:
        question, truth, _, _ = lines[0]
        rows.append(f'<tr class="new"><th scope="row">{escape(question)}</th><td class="a">{escape(truth)}</td></tr>')
        for head, (_, _, answer, right) in zip(heads, lines, strict=True):
            rows.append(f"<tr>{head.replace('col', 'row', 1)}{_cell(answer, right)}</tr>")
    return "".join(rows)


def _cell(answer: str | None, right: bool | None) -> str:
    mark, name, said = ("✓", "yes", "right") if right else ("✗", "no", "wrong")
    return f'<td class="a {name}"><span aria-label="{said}">{mark}</span> {escape(answer or "")}</td>'
