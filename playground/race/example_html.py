"""Examples in words and pictures: the question, the truth and the networks' answers, each as HTML."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from markupsafe import Markup

from playground.components import symbols
from playground.components.reserved import bounded
from playground.components.templates import render
from playground.race.drawings import SILENCE, frame_of, images, player, seen
from playground.race.forecast_picture import Mark, picture
from rnncore.tasks import Shown, Task, Track
from rnncore.tasks.shown import END_SHOWN, Role

TEMPLATE = "race/example_html.html"
BRIEF, FEWER, FEWEST = 6, 3, 2  # examples that have room: of a line, with a sentence or a picture, with rows
SHORT = 24  # letters of a question that fits on a line
ROOM, LEAST_ROOM = 1.5, 30  # of a sentence that a network writes: times the true one's letters, and letters
Lines = Sequence[Shown]  # one example, as each network answered it


@dataclass(frozen=True)
class Content:
    """One example: what was asked, what is true (and what that is called), what each network answered.

    Each is text, or HTML where it is `Markup`.
    """

    question: str
    truth: str
    answers: Sequence[str]
    true: str = "true"


@dataclass(frozen=True)
class Layout:
    """The layout of a task's answers, the number of examples that have room, and what makes their content."""

    name: Literal["cells", "rows", "pictures", "tunes"]
    number: int
    content: Callable[[Lines], Content]


def layout(line: Shown, task: Task, marks: Sequence[Mark] = ()) -> Layout:
    """Return the layout of a task's answers, given one of them; `marks` say how networks are drawn beside a curve."""
    if any(each.role == "truth" for each in seen(line)):
        return Layout("tunes" if line.sounds else "pictures", FEWEST, pictured)
    truth = track_of(line, "truth")
    if truth is not None and isinstance(truth.values[0], float):
        return Layout("cells", FEWER, partial(forecast, marks=marks))
    if truth is not None:
        steps = not task.writes and symbols.is_symbolic(truth)
        return Layout("rows", FEWEST, aligned if steps else written)
    brief = len(asked(line)) <= SHORT
    return Layout("cells", BRIEF if brief else FEWER, plain)


def plain(lines: Lines) -> Content:
    """Return a question with answers of a word or a number."""
    return Content(asked(lines[0]), lines[0].truth, [line.answer or "" for line in lines])


def forecast(lines: Lines, marks: Sequence[Mark]) -> Content:
    """Return a curve with the true next value and all forecasts on it."""
    content = plain(lines)
    return replace(content, question=Markup("").join([content.question, picture(lines, marks)])) if marks else content


def pictured(lines: Lines) -> Content:
    """Return what was drawn or played, all in the scale of the truth, with what it is taken for."""
    first = lines[0]
    true = next((each.name for each in seen(first) if each.role == "truth"), "true")
    box = next((frame_of(each.strokes) for each in first.drawings if each.role == "truth"), None)
    answers = [render(TEMPLATE, "pictured", images(line, "answer", box), line.answer or "") for line in lines]
    return Content(asked(first), render(TEMPLATE, "pictured", images(first, "truth", box), first.truth), answers, true)


def audible(content: Content, lines: Lines, *, listen: bool) -> Content:
    """Return an example's content with a player under the truth and under each answer that can be heard.

    While one is not to `listen` there is room for the players.
    """
    if not any(line.sounds for line in lines):
        return content

    def heard(said: str, line: Shown, role: Role) -> str:
        players = [player(sound) if listen else SILENCE for sound in line.sounds if sound.role == role]
        return Markup("").join([said, *players]) if players else said

    answers = [heard(answer, line, "answer") for answer, line in zip(content.answers, lines, strict=True)]
    return replace(content, truth=heard(content.truth, lines[0], "truth"), answers=answers)


def aligned(lines: Lines) -> Content:
    """Return what was read, the truth and the answers, all step by step in the same columns."""
    read, truth = track_of(lines[0], "input"), track_of(lines[0], "truth")
    assert read is not None and truth is not None  # noqa: S101
    said = [(line, track_of(line, "answer")) for line in lines]
    row = partial(symbols.row, shown=symbols.visible(symbols.length([read, truth]), symbols.MOST_COLUMNS))
    question = asked(lines[0])
    if symbols.is_symbolic(read):
        question = render(TEMPLATE, "read", read.name, row(read, wrong=False))
    if symbols.goes_on(read, truth):
        question = ""  # the truth is what was read, with one step more
    lines_kept = symbols.most(truth)
    answers = [line.answer or "" if track is None else row(track, wrong=True, lines=lines_kept)
               for line, track in said]  # fmt: skip
    return Content(question, row(truth, wrong=False), answers)


def written(lines: Lines) -> Content:
    """Return the question, and what was and should be written, symbol under symbol or as sentences."""
    truth = track_of(lines[0], "truth")
    assert truth is not None  # noqa: S101
    said = [(line, track_of(line, "answer")) for line in lines]
    tracks = [truth, *(track for _, track in said if track is not None)]
    answers: list[str]
    if not all(map(symbols.is_symbolic, tracks)):
        room = max(LEAST_ROOM, round(ROOM * sum(len(str(value)) + 2 for value in truth.values)))
        answers = [bounded(line.answer or "" if track is None else symbols.sentence(track, wrong=True), room)
                   for line, track in said]  # fmt: skip
        return Content(asked(lines[0]), symbols.sentence(truth, wrong=False), answers)
    shown = symbols.visible(symbols.length(tracks), symbols.MOST_COLUMNS)
    answers = [
        line.answer or "" if track is None
        else symbols.row(track, shown, wrong=True) + _read_as(track, line.answer or "")
        for line, track in said
    ]  # fmt: skip
    true = symbols.row(truth, shown, wrong=False) + _read_as(truth, lines[0].truth)
    return Content(asked(lines[0]), true, answers)


def _read_as(track: Track, text: str) -> Markup:
    """Return what written symbols mean, where that is not what stands there from left to right."""
    plainly = "".join(str(value) for value in track.values if value != END_SHOWN)
    return Markup("") if plainly == text else render(TEMPLATE, "meaning", text)


def asked(line: Shown) -> str:
    """Return the question, as text or HTML: the whole sentence if words were read, else in brief; and what was seen."""
    track = track_of(line, "input")
    in_words = track is not None and len(track.values) > 1 and not isinstance(track.values[0], float)
    said = symbols.sentence(track, wrong=False) if track is not None and in_words else line.question
    return images(line, "input") + said if seen(line) else said


def track_of(line: Shown, role: Role) -> Track | None:
    """Return the first track of a role."""
    return next((track for track in line.tracks if track.role == role), None)
