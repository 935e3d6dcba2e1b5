"""The address of a tab: widgets that are bound to it write their values there."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.support.tab.elements import Elements, Node


def bound(query: str, elements: Elements, node: Node) -> str:
    """Return the query with the value of a widget that is bound to the address; a default value is left out."""
    name = node.proto.query_param_key
    if not name:
        return query
    value = elements.value(node)
    values = value if isinstance(value, list) else [value]
    rest = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != name]
    fresh = [] if elements.is_default(node) else [(name, _in_address(item)) for item in values]
    return urlencode(rest + fresh)


def _in_address(value: Any) -> str:
    """Return a widget's value as the front end writes it into the address."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
