"""Templates for the HTML that Streamlit has no element for; whatever is put into one is escaped, HTML excepted."""

import html
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

FOLDER = Path(__file__).parents[1]


def render(name: str, macro: str, *values: Any, **named: Any) -> Markup:
    """Return what a macro of a template makes of some values; the template's `name` is its path below `playground/`.

    Text is escaped. What comes from a template is HTML already, as its type says, and is put in as it is.
    """
    made: Markup = getattr(_macros(name), macro)(*values, **named)
    return made


def already_html(text: str) -> Markup:
    """Return a string that some code has put together as HTML as what it is; for code that has no templates yet."""
    return Markup(text)  # noqa: S704  whoever calls this has escaped it


class _Code(CodeGenerator):
    """The code of a template, which escapes each value in half of the usual time.

    By default each becomes a `Markup`, for a moment, until all are joined. Live views of a full class put thousands of
    values into templates every second.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")


class _Environment(Environment):
    code_generator_class = _Code

    @staticmethod
    def escaped(value: Any) -> str:
        return html.escape(value) if type(value) is str else escape(value)


@cache
def _macros(name: str) -> TemplateModule:
    return _environment().get_template(name).module


@cache
def _environment() -> _Environment:
    return _Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False,
                        trim_blocks=True, lstrip_blocks=True)  # fmt: skip
