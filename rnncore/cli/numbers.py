"""Numbers behind the commands' flags: refused in one sentence instead of rounded.

Cyclopts by itself turns ``1.5`` into 2 and ``0x10`` into 16 without a word.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from cyclopts import Parameter, Token
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from rnncore.config import expected, quoted
from rnncore.errors import ConfigError
from rnncore.settings import settings


def whole(low: int, high: int | None = None) -> Parameter:
    """Return how a flag that takes a whole number of this range is read."""
    span = f"a whole number from {low:,}" + ("" if high is None else f" to {high:,}")
    return _read(Annotated[int, Field(ge=low, le=high)], span)


def like(model: type[BaseModel], name: str) -> Parameter:
    """Return how a flag that stands for a number among these settings is read."""
    field = model.model_fields[name]
    return _read(Annotated[field.annotation, field], expected(settings(model)[name]))


def _read(kind: Any, span: str) -> Parameter:
    understood: TypeAdapter[Any] = TypeAdapter(kind)  # as what stands behind --set is understood

    def convert(_: Any, tokens: Sequence[Token]) -> Any:
        (token,) = tokens
        try:
            return understood.validate_python(token.value)
        except ValidationError:
            raise ConfigError(f"'{token.keyword}' must be {span}, not {quoted(token.value)}.") from None

    return Parameter(converter=convert)
