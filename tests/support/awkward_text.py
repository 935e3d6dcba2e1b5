"""Awkward texts of every kind, at any size, and every reader of foreign text."""

import random
import time
from collections.abc import Callable

from playground.catalogue import task_search
from playground.race.setup import read_setup
from playground.session import address
from rnncore.config import RunConfig
from rnncore.errors import PlaygroundError
from rnncore.tables import read_column, read_table
from rnncore.tables.series import offered
from rnncore.tasks import typed
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.copied import longest_copy
from rnncore.text.decoding import decode
from rnncore.text.opening import opening
from rnncore.text.own import clean, tidy

LONG = 500  # characters that a network has written, for the search of what it copied


def _rows(line: str) -> Callable[[int], str]:
    return lambda size: (line * (size // len(line) + 1))[:size]


def _ragged(size: int) -> str:
    widths = random.Random(0)
    lines, length = [], 0
    while length < size:
        lines.append(",".join(["1"] * widths.randrange(1, 60)))
        length += len(lines[-1]) + 1
    return "\n".join(lines)[:size]


KINDS: dict[str, Callable[[int], str]] = {
    **{f"only {name}": _rows(mark) for name, mark in {
        "digits": "7", "zeros": "0", "dots": ".", "commas": ",", "semicolons": ";", "bars": "|", "quotes": '"',
        "single quotes": "'", "spaces": " ", "tabs": "\t", "newlines": "\n", "carriage returns": "\r", "CR LF": "\r\n",
        "opening brackets": "(", "closing brackets": ")", "square brackets": "[", "dashes": "-", "minus signs": "−",
        "hashes": "#", "plus signs": "+", "combining marks": "\u0301", "joined emoji": "👩‍👩‍👧‍👦",
        "marks to the left": "\u202e\u200f",
        "NULs": "\0", "half surrogates": "\ud83d", "no-break spaces": "\u00a0", "ideographic spaces": "\u3000",
        "letters": "a", "percent signs": "%", "backslashes": "\\", "ampersands": "&", "less-than signs": "<",
        "colons": ":", "slashes": "/", "words": "ab ", "apostrophes in words": "a'b’", "groups": "1,234,567 ",
    }.items()},
    **{f"{name} and a letter": lambda size, mark=mark: _rows(mark)(size - 1) + "x" for name, mark in {
        "digits": "7", "digits by threes": "123,", "digits by points": "123.", "digits by spaces": "123 ",
        "digits by quotes": "123'", "digits by twos": "12,", "spaces": " ", "tabs": "\t", "dots": ".", "brackets": "(",
    }.items()},
    "a point and digits": lambda size: "0." + "3" * (size - 2),
    "digits, a point, digits and a letter": lambda size: "1" * (size // 2) + "." + "1" * (size // 2 - 2) + "x",
    "one quote at the start": lambda size: '"' + _rows("1,2\n")(size - 1),
    "one quote in every line": _rows('"1,2\n'),
    "quotes in quotes": _rows('"a ""b"" c",1\n'),
    "doubled quotes": _rows('""""'),
    "1e999": _rows("1e999\n"),
    "1e9999999": lambda size: "1e" + "9" * (size - 2),
    "dates": _rows("2019-01-31 "),
    "dates in lines": _rows("2019-01-31,1\n"),
    "long dates": _rows("31.12.2019T00:00:00Z\n"),
    "dates in words": _rows("3 Jan 2019, "),
    "quarters": _rows("Q1 2019\n"),
    "sep= lines": _rows("sep=;\n"),
    "sep= and one line": lambda size: "sep=" + ";" * (size - 4),
    "10,000 columns": _rows("1," * 10_000 + "1\n"),
    "400 columns": _rows("," * 399 + "\n"),
    "100 columns": _rows("1," * 99 + "2\n"),
    "one wide row above many of a cell": lambda size: "1," * 399 + "1\n" + _rows("1\n")(size - 800),
    "one wide row below many of a cell": lambda size: _rows("1\n")(size - 800) + "1," * 399 + "1\n",
    "rows of one cell": _rows("1\n"),
    "rows of a word": _rows("word\n"),
    "ragged rows": _ragged,
    "comments": _rows("#\n1,2\n"),
    "blank lines": _rows("1,2\n\n \n"),
    "indents": _rows("\n" + " " * 500),
    "spaces before one letter": lambda size: " " * (size - 1) + "a",
    "newline and spaces": lambda size: "\n" + " " * (size - 2) + "x",
    "paragraphs of spaces": _rows("\n \t \n"),
    "numbers in columns": lambda size: "".join(f"{at},{at * at % 97}\n" for at in range(size // 9))[:size],
    "different words": lambda size: " ".join(f"w{at:05}" for at in range(size // 7)),
    "different names": lambda size: ",".join(["name"] * (size // 5)) + "\n",
    "markup": _rows("**a** <b>$x$</b> [l](javascript:1) "),
    "braces": _rows("{\"a\":"),
}  # fmt: skip


def as_table(text: str) -> object:
    """Read a table, and the first of its columns that is a series."""
    found = read_table(text)
    for at in offered(found)[:4]:
        try:
            return read_column(found, at)
        except PlaygroundError:
            continue
    return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _search_for_copies(text: str) -> object:
    return longest_copy(text[-LONG:] + "~", text[:500_000])


READERS: dict[str, Callable[[str], object]] = {
    "table": as_table,
    "file": lambda text: decode(_bytes(text)),
    "own text": lambda text: clean(text),
    "tidied text": lambda text: tidy(text)[1],
    "opening": opening,
    "vocabulary": lambda text: Vocabulary(text).encode(text[:500_000]),
    "copied": _search_for_copies,
    "link: table": lambda text: read_setup({"task": "own_series", "data": text}),
    "link: text": lambda text: read_setup({"task": "text", "text": text}),
    "link: cells": lambda text: read_setup({"cell": text}),
    "link: every setting": lambda text: read_setup(dict.fromkeys(("task", "lr", "steps", "seq_len", "bias"), text)),
    "link: names": lambda text: read_setup({text: text}),
    "address": lambda text: address.shared({"data": text}),
    "search box": task_search.found,
    "numbers typed": typed.read_numbers,
    "words typed": lambda text: typed.read_words(text, {"a": 0}),
    "--set data": lambda text: RunConfig.from_flat({"task": "own_series", "data": text}),
    "--set lr": lambda text: RunConfig.from_flat({"lr": text}),
}  # fmt: skip


def outcome(reader: Callable[[str], object], text: str) -> str:
    """Return "read", or in which sentence a reader refuses a text."""
    try:
        reader(text)
    except PlaygroundError as error:
        return str(error)
    return "read"


def seconds(reader: Callable[[str], object], text: str) -> float:
    """Return the processor time of this thread that a reader takes for a text."""
    begun = time.thread_time()
    outcome(reader, text)
    return time.thread_time() - begun
