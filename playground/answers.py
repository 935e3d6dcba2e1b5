"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from collections.abc import Callable
from functools import partial
from html import escape

from playground import symbols
from playground.drawn import image
from playground.palette import colour
from rnncore.cells import CELLS
from rnncore.race import Race
from rnncore.run import Run
from rnncore.tasks import Shown, Task, Track
from rnncore.tasks.series import Forecast
from rnncore.tasks.shown import Drawing, Picture, Role

BRIEF, FEWER, FEWEST = 6, 4, 2  # examples: of a line each, with a sentence or a picture each, with rows of symbols
SHORT = 24  # letters of a question that fits on a line
NARROWEST = 5  # letters
Lines = tuple[Shown, ...]  # one example, as each network answered it


def table(race: Race, dark: bool) -> str:
    """Return the answers as HTML; everything that could come from a visitor is escaped.

    Each example is a question and a list: the truth, then every network. The list is a grid that has as many columns
    as its container has room for, so that every network is seen at any width.
    """
    examples = list(zip(*(run.shown() for run in race.runs), strict=True))
    layout, number, content = _layout(examples[0][0], race.runs[0].task)
    heads = [_head(run, dark) for run in race.runs]
    examples = examples[:number]
    widest = max((len(each.answer or "") for lines in examples for each in (lines[0], *lines)), default=0)
    room = max(NARROWEST, widest, *(len(lines[0].truth) for lines in examples))
    names = max(len(CELLS[run.config.cell].short) for run in race.runs)
    measured = max(run.answered_at for run in race.runs)
    items = "".join(_example(lines, heads, content) for lines in examples)
    return (
        f'<div class="answers-box"><div class="answers-title">Held-out answers at update {measured:,}'
        f"{_tolerance(race.runs[0].task)}</div>"
        f'<ol class="answers {layout}" style="--letters:{room};--names:{names}">{items}</ol></div>'
    )


def _tolerance(task: Task) -> str:
    """Return how far off a right answer may be, for tasks that forecast a number."""
    return f"; right within {escape(task.within)}" if isinstance(task, Forecast) else ""


Content = Callable[[Lines], tuple[str, str, list[str]]]  # HTML of the question, the truth and each network's answer


def _layout(line: Shown, task: Task) -> tuple[str, int, Content]:
    """Return how a task's answers are laid out, how many examples have room, and what makes their contents."""
    if _images(line, "answer"):
        return "pictures", FEWEST, _pictured
    truth = _track(line, "truth")
    if truth is not None and not isinstance(truth.values[0], float):
        aligned = not task.writes and symbols.is_symbolic(truth)
        return "rows", FEWEST, _aligned if aligned else _written
    brief = len(_asked(line)) <= SHORT
    return "cells", BRIEF if brief else FEWER, _plain


def _head(run: Run, dark: bool) -> str:
    kind = CELLS[run.config.cell]
    return f'<b style="color:{colour(run.config.cell, dark)}" title="{escape(kind.label)}">{escape(kind.short)}</b>'


def _example(lines: Lines, heads: list[str], content: Content) -> str:
    question, truth, answers = content(lines)
    cells = [f'<li class="truth"><span class="who"><b>true</b></span><span class="a">{truth}</span></li>']
    for head, line, answer in zip(heads, lines, answers, strict=True):
        mark, name, said = ("✓", "yes", "right") if line.right else ("✗", "no", "wrong")
        who = f'<span class="who"><span role="img" aria-label="{said}">{mark}</span> {head}</span>'
        cells.append(f'<li class="{name}">{who}<span class="a">{answer}</span></li>')
    return f'<li><div class="q">{question}</div><ul>{"".join(cells)}</ul></li>'


def _plain(lines: Lines) -> tuple[str, str, list[str]]:
    return _asked(lines[0]), escape(lines[0].truth), [escape(line.answer or "") for line in lines]


def _pictured(lines: Lines) -> tuple[str, str, list[str]]:
    answers = [_images(line, "answer") + escape(line.answer or "") for line in lines]
    return _asked(lines[0]), _images(lines[0], "truth") + escape(lines[0].truth), answers


def _aligned(lines: Lines) -> tuple[str, str, list[str]]:
    """Return what was read, the truth and the answers, all step by step in the same columns."""
    asked, truth = _track(lines[0], "input"), _track(lines[0], "truth")
    assert asked is not None and truth is not None  # noqa: S101
    said = [_track(line, "answer") for line in lines]
    shown, lines_kept = symbols.visible(symbols.length([asked, truth]), symbols.MOST_COLUMNS), symbols.depth(truth)
    seen = symbols.is_symbolic(asked)
    question = _named(asked.name, symbols.row(asked, shown, wrong=False)) if seen else _asked(lines[0])
    answers = [symbols.row(each, shown, wrong=True, lines=lines_kept) if each else "" for each in said]
    return question, symbols.row(truth, shown, wrong=False), answers


def _written(lines: Lines) -> tuple[str, str, list[str]]:
    """Return the question, and what was and should be written, symbol under symbol or as sentences."""
    truth = _track(lines[0], "truth")
    assert truth is not None  # noqa: S101
    said = [track for line in lines if (track := _track(line, "answer")) is not None]
    write = symbols.sentence
    if all(map(symbols.is_symbolic, (truth, *said))):
        write = partial(symbols.row, shown=symbols.visible(symbols.length([truth, *said]), symbols.MOST_COLUMNS))
    return _asked(lines[0]), write(truth, wrong=False), [write(track, wrong=True) for track in said]


def _asked(line: Shown) -> str:
    """Return the question: the whole sentence if words were read, else in brief; and what was seen."""
    track = _track(line, "input")
    words = track is not None and len(track.values) > 1 and not isinstance(track.values[0], float)
    text = symbols.sentence(track, wrong=False) if words and track is not None else escape(line.question)
    return _images(line, "input") + text


def _named(name: str, html: str) -> str:
    return f'<span class="who">{escape(name)}</span>{html}'


def _track(line: Shown, role: Role) -> Track | None:
    return next((track for track in line.tracks if track.role == role), None)


def _images(line: Shown, role: Role) -> str:
    every: tuple[Picture | Drawing, ...] = (*line.pictures, *line.drawings)
    found = "".join(image(each) for each in every if each.role == role)
    return f'<div class="images">{found}</div>' if found else ""
