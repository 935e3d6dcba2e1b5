"""One setting, described once: bounds, unit, label and help travel with the field wherever it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

Group = Literal["task", "table", "network", "training", "initialisation", "data", "run"]


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    group: Group = "data",
    unit: str = "",
    live: bool = False,
    log: bool = False,
    **bounds: Any,
) -> Any:
    """Declare a field of a settings model.

    Parameters
    ----------
    label, help, unit
        What a person reads: a name, one or two plain sentences, and the unit of the number.
    group
        The drawer of the side bar in which the control lies.
    live
        True if the value can change while a run goes on; otherwise a change needs a reset.
    log
        True if equal ratios matter, not equal differences (learning rate).
    bounds
        pydantic's ``ge``, ``le``, ``gt``, ``lt``, ``max_length``.
    """
    extra: dict[str, Any] = {"group": group, "unit": unit, "live": live, "log": log}
    return Field(default, title=label, description=help, json_schema_extra=extra, **bounds)


@dataclass(frozen=True)
class Setting:
    """A field as the outside needs it: for a widget, a link, a flag or a row of the reference table."""

    name: str
    kind: Literal["int", "float", "bool", "choice", "text"]
    default: Any
    label: str
    help: str
    group: str
    unit: str
    live: bool
    log: bool
    optional: bool
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    max_length: int | None


@cache
def settings(model: type[BaseModel]) -> Mapping[str, Setting]:
    """Return every field of a settings model that was declared with `setting`, described."""
    found = {name: _describe(name, info) for name, info in model.model_fields.items() if info.json_schema_extra}
    return MappingProxyType(found)


def _describe(name: str, info: FieldInfo) -> Setting:
    annotation, optional = info.annotation, False
    if get_origin(annotation) in (Union, UnionType):
        optional = NoneType in get_args(annotation)
        annotation = next(a for a in get_args(annotation) if a is not NoneType)
    choices = tuple(get_args(annotation)) if get_origin(annotation) is Literal else ()
    kinds: dict[Any, Any] = {int: "int", float: "float", bool: "bool", str: "text"}
    low: Any = None
    high: Any = None
    max_length = None
    for rule in info.metadata:
        low = rule.ge if isinstance(rule, annotated_types.Ge) else low
        high = rule.le if isinstance(rule, annotated_types.Le) else high
        max_length = rule.max_length if isinstance(rule, annotated_types.MaxLen) else max_length
    extra: Any = info.json_schema_extra
    return Setting(
        name=name, kind="choice" if choices else kinds[annotation], default=info.default,
        label=info.title or name, help=info.description or "", group=str(extra["group"]), unit=str(extra["unit"]),
        live=bool(extra["live"]), log=bool(extra["log"]), optional=optional,
        low=low, high=high, choices=choices, max_length=max_length,
    )  # fmt: skip
