"""Input and output of the commands: name=value, what they print, and how they end."""

import io
import json
import math
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from rnncore.errors import ConfigError
from rnncore.number_text import number
from rnncore.tables.reading import MOST_CHARACTERS
from rnncore.text.decoding import decode

MOST_BYTES = 4 * MOST_CHARACTERS
DONE, DIVERGED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130  # exit codes

AsJson = Annotated[bool, Parameter(negative=())]


def pair(text: str) -> tuple[str, str]:
    """Split name=value; a value such as @rain.csv stands for what the file holds."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigError(f"'--set {text[:40]}' must be name=value, for example --set lr=0.01.")
    if not value.startswith("@"):
        return name, value
    with Path(value[1:]).open("rb") as file:
        return name, decode(file.read(MOST_BYTES + 1), MOST_BYTES)  # a file of any size costs no more than this


def print_json(values: dict[str, Any]) -> None:
    """Print one line of JSON, null for what JSON has no number for."""
    print(json.dumps(finite(values), allow_nan=False), flush=True)


def note(*sentences: str) -> None:
    """Say something beside the results, on stderr."""
    for sentence in sentences:
        print(f"Note: {sentence}", file=sys.stderr, flush=True)


def print_error(message: str) -> None:
    """Say on stderr, in one line, why there is no result."""
    print("Error: " + " ".join(message.split()), file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Print text as it comes, without waiting for the end of the line."""
    print(text, end="", flush=True)


def say_anything() -> None:
    """Let output go on where the terminal has no sign for a character: it is written as \\u2019, say."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Hand over what was printed; where the process was started without an output there is nothing to do."""
    if sys.stdout is not None:
        sys.stdout.flush()


def discard_output() -> None:
    """Let what is still to be printed vanish if it cannot be written, so that the process ends quietly."""
    try:
        flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def finite(value: Any) -> Any:
    """Replace NaN and infinity, which JSON has no word for, by None."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def short(value: float | None) -> str:
    """Return a number in four digits."""
    return "-" if value is None else number(value)
