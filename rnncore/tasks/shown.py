"""One example of a task as plain data, which anything can draw or play."""

from dataclasses import dataclass
from typing import Literal

START_SHOWN, END_SHOWN, NONE_SHOWN = "▸", "■", "–"  # in rows of symbols: beginning, end, nothing at all
NO_NUMBERS = "no finite numbers"  # said in place of an answer by a network that has blown up
Role = Literal["input", "truth", "answer"]


@dataclass(frozen=True)
class Track:
    """One row of an example's picture: numbers or symbols over time, some of them marked."""

    name: str
    role: Role
    values: tuple[float, ...] | tuple[str, ...]
    marked: tuple[int, ...] = ()
    start: int = 0


@dataclass(frozen=True)
class Picture:
    """A small picture, row by row: numbers from 0 (paper) to 1 (ink), or colours such as ``#0072B2``."""

    name: str
    rows: tuple[tuple[float, ...], ...] | tuple[tuple[str, ...], ...]
    role: Role = "input"


@dataclass(frozen=True)
class Clip:
    """Frames that follow one another, each a picture row by row from 0 (paper) to 1 (ink)."""

    name: str
    frames: tuple[tuple[tuple[float, ...], ...], ...]
    seconds: float
    role: Role = "input"


@dataclass(frozen=True)
class Painting:
    """Coloured areas on a square of paper, `size` long and high.

    Each area is a colour such as ``#0072B2`` and the outlines ``(x, y)``, y downwards, that bound it; an outline that
    runs the other way round than the one about it leaves a hole.
    """

    name: str
    size: float
    areas: tuple[tuple[str, tuple[tuple[tuple[float, float], ...], ...]], ...]
    role: Role = "input"


@dataclass(frozen=True)
class Drawing:
    """Pen strokes: lines of points ``(x, y)``, y upwards, all in one scale."""

    name: str
    role: Role
    strokes: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Sound:
    """Something to hear: samples from -1 to 1, and how many make a second."""

    name: str
    samples: tuple[float, ...]
    rate: int
    role: Role = "input"


@dataclass(frozen=True)
class Shown:
    """One example as plain data: a line for a table, and what can be drawn or heard of it.

    `note` says in a sentence how to read it, where that is not plain; `seconds` of a clip are those of one frame.
    """

    question: str
    truth: str
    answer: str | None
    right: bool | None
    tracks: tuple[Track, ...] = ()
    pictures: tuple[Picture, ...] = ()
    clips: tuple[Clip, ...] = ()
    paintings: tuple[Painting, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    sounds: tuple[Sound, ...] = ()
    note: str = ""
