"""One example of a task as plain data, which anything can draw or play."""

from dataclasses import dataclass
from typing import Literal

START_SHOWN, END_SHOWN, NONE_SHOWN = "▸", "■", "–"  # in rows of symbols: beginning, end, nothing at all
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
    """One example as plain data: a line for a table, and what can be drawn or heard of it."""

    question: str
    truth: str
    answer: str | None
    right: bool | None
    tracks: tuple[Track, ...] = ()
    pictures: tuple[Picture, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    sounds: tuple[Sound, ...] = ()
