"""How the commands read name=value and print JSON."""

import json
import math
import sys
from typing import Annotated, Any

from cyclopts import Parameter

from rnncore.errors import ConfigError

AsJson = Annotated[bool, Parameter(negative=())]


def pair(text: str) -> tuple[str, str]:
    """Split name=value."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigError(f"'--set {text[:40]}' must be name=value, for example --set lr=0.01.")
    return name, value


def print_json(values: dict[str, Any]) -> None:
    """Print one line of JSON, null for what JSON has no number for."""
    print(json.dumps(finite(values), allow_nan=False), flush=True)


def note(sentence: str) -> None:
    """Say something beside the results, on stderr."""
    print(f"Note: {sentence}", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Print text as it comes, without waiting for the end of the line."""
    print(text, end="", flush=True)


def finite(value: Any) -> Any:
    """Replace NaN and infinity, which JSON has no word for, by None."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def short(value: float | None) -> str:
    """Return a number in four digits."""
    return "-" if value is None else f"{value:.4g}"
