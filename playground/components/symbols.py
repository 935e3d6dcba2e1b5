"""Symbols in columns, so that rows can be compared, and sentences; what is wrong or what tells is marked."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from playground.components.templates import render
from rnncore.tasks import Track

MOST_COLUMNS = 26
MOST_WORDS = 40
GAP = -1
LONGEST_SYMBOL = 2  # letters; a step may hold several symbols, separated by blanks


def is_symbolic(track: Track) -> bool:
    """Return whether a track holds symbols, not words or numbers: then its steps can stand in columns."""
    return all(isinstance(v, str) and max(map(len, v.split() or [v])) <= LONGEST_SYMBOL for v in track.values)


def visible(steps: int, most: int, keep: Collection[int] = ()) -> list[int]:
    """Return the steps that are shown: all, else both ends and those to `keep`, with `GAP` where some are left out."""
    if steps <= most:
        return list(range(steps))
    kept = sorted({near for step in keep for near in (step - 1, step, step + 1) if 0 <= near < steps})[: most // 2]
    half = (most - len(kept)) // 2
    chosen = sorted({*range(half), *kept, *range(steps - half, steps)})
    return [
        number
        for before, step in zip([-1, *chosen], chosen, strict=False)
        for number in ([step] if step == before + 1 else [GAP, step])
    ]


def length(tracks: Sequence[Track]) -> int:
    """Return how many steps the longest of some tracks reaches."""
    return max(track.start + len(track.values) for track in tracks)


def goes_on(read: Track, truth: Track) -> bool:
    """Return whether each true symbol is what is read in its place: then one row shows both."""
    places = range(truth.start, read.start + len(read.values))
    return truth.start > read.start and all(
        truth.values[at - truth.start] == read.values[at - read.start] for at in places
    )


def most(track: Track) -> int:
    """Return how many symbols a network may write at one step: all there are, where the truth has several at once."""
    steps = [str(value).split() for value in track.values]
    return len({symbol for step in steps for symbol in step}) if max(map(len, steps)) > 1 else 1


def row(track: Track, shown: Sequence[int], *, wrong: bool, lines: int = 1) -> Markup:
    """Return the shown steps of a track, one column each; the marked ones are `wrong`, or else the telling ones.

    Several symbols of one step stand below one another; room is kept for so many `lines`.
    """
    columns = []
    for step in shown:
        at = step - track.start
        symbol = "…" if step == GAP else str(track.values[at]) if 0 <= at < len(track.values) else ""
        below = "\n".join(symbol.split() if " " in symbol.strip() else symbol)
        columns.append((below, at in track.marked and step != GAP))
    return render("components/symbols.html", "row", columns, lines, wrong=wrong)


def sentence(track: Track, *, wrong: bool, most: int = MOST_WORDS) -> Markup:
    """Return a track of words or letters as one text; long ones are shortened in the middle, around what is marked.

    Letters that were written are words, too: only what is read comes in single letters.
    """
    words = [str(value) for value in track.values]
    letters = track.role == "input" and all(len(word) == 1 for word in words)
    between = "" if letters else " · " if any(" " in word for word in words) else " "
    marked: list[tuple[str, str]] = []  # each marked word, and the text before it
    text = ""
    for step in visible(len(words), most, track.marked):
        word = "…" if step == GAP else words[step]
        text += between if (text or marked) and not (word in ",.?!" and between == " ") else ""
        if step in track.marked:
            marked.append((text, word))
            text = ""
        else:
            text += word
    return render("components/symbols.html", "sentence", marked, text, wrong=wrong)
