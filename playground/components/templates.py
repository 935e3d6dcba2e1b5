"""Templates for the HTML that Streamlit has no element for; whatever is put into one is escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER = Path(__file__).parents[1]


def render(name: str, **values: Any) -> Markup:
    """Return a template of this package filled in; `name` is its path below `playground/`.

    What comes from another template, or from `markupsafe.Markup`, is HTML already and is put in as it is.
    """
    return Markup(_environment().get_template(name).render(**values))  # noqa: S704  escaped by the template


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
