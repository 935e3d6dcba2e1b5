"""The only module that touches the address: the whole set-up stands in it, and comes back from it checked."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

BOX_HEIGHT = 140  # pixels; a longer address is scrolled
LONGEST = 4000  # characters of one value; browsers and proxies cut addresses at about 8,000


def read() -> dict[str, str]:
    """Return the address's parameters; hostile until `read_setup` has been through them."""
    return {name: st.query_params[name] for name in st.query_params}


def write(values: Mapping[str, Any]) -> dict[str, str]:
    """Put a set-up into the address and return what was written."""
    written = {name: text for name, text in as_text(values).items() if len(text) <= LONGEST}
    if read() != written:
        st.query_params.from_dict(written)
    return written


def url(values: Mapping[str, Any]) -> str:
    """Return the full address of a set-up, to be shared."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode({name: text for name, text in as_text(values).items() if len(text) <= LONGEST})}"


def show(values: Mapping[str, Any]) -> None:
    """Draw the address of a set-up, to be copied.

    The box has its size at once: what makes the text wrap is fetched when it is first needed, and a box that grew then
    would push the buttons below from under the visitor's finger.
    """
    st.code(url(values), language=None, wrap_lines=True, height=BOX_HEIGHT)


def fits(values: Mapping[str, Any]) -> bool:
    """Return whether the whole set-up fits into a link."""
    return all(len(text) <= LONGEST for text in as_text(values).values())


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as they stand in an address."""

    def one(value: Any) -> str:
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {name: one(value) for name, value in values.items()}
