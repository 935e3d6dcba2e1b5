"""A visitor's own text: from untrusted bytes to characters that a network can learn, with a report on them."""

from collections import Counter
from dataclasses import dataclass

from rnncore.errors import ConfigError
from rnncore.tasks.text import VISIBLE

SHORTEST, LONGEST = 2_000, 500_000  # characters
MOST_BYTES = 4 * LONGEST
MOST_SYMBOLS = 200
RARE = 10


@dataclass(frozen=True)
class Report:
    """What a text is made of.

    Attributes
    ----------
    characters, lines, symbols
        How many there are; symbols are different characters.
    commonest, rare
        The five commonest characters, and those that occur fewer than ten times, rarest first.
    removed
        How many control characters were taken out.
    """

    characters: int
    lines: int
    symbols: int
    commonest: str
    rare: str
    removed: int


def decode(data: bytes) -> str:
    """Return a file's text; UTF-8, or UTF-16 that says so at its beginning.

    Raises
    ------
    ConfigError
        It is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise ConfigError(f"The file has {len(data) / 1e6:.1f} MB; a text may have {MOST_BYTES / 1e6:.0f} MB: cut it.")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not wide:
        raise ConfigError("The file holds zero bytes, so it is not a text: choose a text file, such as .txt or .py.")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"The file is not UTF-8 text: byte {error.start + 1:,} fits no character. Save it as UTF-8 and try again."
        ) from None


def clean(text: str) -> tuple[str, Report]:
    """Return a text as it is learned, control characters taken out, and a report on it.

    Raises
    ------
    ConfigError
        It is too short or too long, or has too few or too many different characters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or c.isprintable())
    removed = len(lines) - len(kept)
    if not SHORTEST <= len(kept) <= LONGEST:
        raise ConfigError(
            f"A text must have {SHORTEST:,} to {LONGEST:,} characters, and this one has {len(kept):,}: "
            f"{'add to it' if len(kept) < SHORTEST else 'cut it'}."
        )
    counts = Counter(kept)
    if not 2 <= len(counts) <= MOST_SYMBOLS:
        raise ConfigError(
            f"A text may have 2 to {MOST_SYMBOLS} different characters, and this one has {len(counts):,}: "
            "choose another one."
        )
    order = [c for c, _ in counts.most_common()]
    rare = [c for c in reversed(order) if counts[c] < RARE]
    report = Report(len(kept), kept.count("\n") + 1, len(counts), _seen(order[:5]), _seen(rare), removed)
    return kept, report


def _seen(characters: list[str]) -> str:
    return " ".join(VISIBLE.get(c, c) for c in characters)
