"""Templates for the HTML that Streamlit has no element for; whatever is put into one is escaped, HTML excepted."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from markupsafe import Markup

FOLDER = Path(__file__).parents[1]


def render(name: str, macro: str, *values: Any, **named: Any) -> Markup:
    """Return what a macro of a template makes of some values; the template's `name` is its path below `playground/`.

    Text is escaped. What comes from a template is HTML already, as its type says, and is put in as it is.
    """
    made: Markup = getattr(_macros(name), macro)(*values, **named)
    return made


@cache
def _macros(name: str) -> TemplateModule:
    return _environment().get_template(name).module


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False,
                        trim_blocks=True, lstrip_blocks=True)  # fmt: skip
