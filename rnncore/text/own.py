"""A person's own text: characters that a network can learn, with a report on them."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from rnncore.errors import ConfigError
from rnncore.tasks.language.text import visible
from rnncore.text.decoding import MOST_BYTES as MOST_BYTES
from rnncore.text.decoding import decode as decode

SHORTEST, LONGEST = 2_000, 500_000  # characters
MOST_SYMBOLS = 200
RARE = 10
SPACES = "".join(c for c in map(chr, range(0x3001)) if c != " " and unicodedata.category(c) == "Zs")
PLAIN = {**dict.fromkeys(map(ord, SPACES), " "), **dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")}
CONTROLS = [c for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\t\n"]
DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they come in pairs, which a network does not keep to
HALVES = range(0xD800, 0xE000)  # of a pair that is no character by itself
TAKEN_OUT = dict.fromkeys((*CONTROLS, *DIRECTIONS, *HALVES))


@dataclass(frozen=True)
class Report:
    """The characters of a text, counted.

    Attributes
    ----------
    characters, lines, symbols
        How many there are; symbols are different characters.
    commonest, rare
        The five commonest characters, and those that occur fewer than ten times, rarest first.
    removed
        How many control characters were taken out.
    spaces
        How many spaces of other kinds became plain ones.
    """

    characters: int
    lines: int
    symbols: int
    commonest: str
    rare: str
    removed: int
    spaces: int = 0


def tidy(text: str) -> tuple[str, Report]:
    """Return a text as it is learned, and a report on it; no word is changed.

    Every space of Unicode becomes a plain one and every line separator a line end; control characters, and marks that
    turn the direction of writing for what follows, are taken out. Joiners, emoji with all their parts and tabs stay,
    and letters stay composed or decomposed as they are.
    """
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n")
    spaces = sum(whole.count(space) for space in SPACES)
    plain = whole.translate(PLAIN)
    kept = plain.translate(TAKEN_OUT)
    counts = Counter(kept)
    order = [c for c, _ in counts.most_common()]
    rare = [c for c in reversed(order) if counts[c] < RARE]
    return kept, Report(len(kept), kept.count("\n") + 1, len(counts), _seen(order[:5]), _seen(rare),
                        len(plain) - len(kept), spaces)  # fmt: skip


def clean(text: str) -> tuple[str, Report]:
    """Return a visitor's text as it is learned, and a report on it; see `tidy`.

    Raises
    ------
    ConfigError
        It is too short or too long, or has too few or too many different characters.
    """
    size = len(text)
    if size <= 2 * LONGEST:  # a text may lose up to half at its line ends
        text, report = tidy(text)
        size = len(text)
    if not SHORTEST <= size <= LONGEST:
        raise ConfigError(
            f"A text must have {SHORTEST:,} to {LONGEST:,} characters, and this one has {size:,}: "
            f"{'add to it' if size < SHORTEST else 'cut it'}."
        )
    if not 2 <= report.symbols <= MOST_SYMBOLS:
        raise ConfigError(
            f"A text may have 2 to {MOST_SYMBOLS} different characters, and this one has {report.symbols:,}: "
            "choose another one."
        )
    return text, report


def changes(report: Report) -> list[str]:
    """Say in one sentence each what was changed in a text."""
    said = []
    if report.spaces:
        said.append(f"{report.spaces:,} spaces of other kinds, such as no-break spaces, became plain spaces.")
    if report.removed:
        said.append(f"{report.removed:,} control characters were taken out.")
    return said


def _seen(characters: list[str]) -> str:
    return " ".join(map(visible, characters))
