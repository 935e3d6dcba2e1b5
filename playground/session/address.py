"""The only module that touches the address: the whole set-up stands in it, and comes back from it checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import streamlit as st

from rnncore.files.fingerprint import fingerprint

HERE = Path(__file__).parents[1]
PAGES = HERE / "pages" if (HERE / "pages").is_dir() else HERE.parent / "pages"  # installed, they lie in this package
BOX_HEIGHT = 140  # pixels; a longer address is scrolled
LONGEST = 4000  # characters of one value as it stands in an address; browsers and proxies cut these at about 8,000


def parameters() -> dict[str, str]:
    """Return the address's parameters; hostile until `read_setup` has been through them."""
    return {name: st.query_params[name] for name in st.query_params}


def write(values: Mapping[str, Any]) -> dict[str, str]:
    """Put a set-up into the address and return what was written."""
    written = shared(values)
    if parameters() != written:
        st.query_params.from_dict(written)
    return written


def url(values: Mapping[str, Any]) -> str:
    """Return the full address of a set-up, to be shared."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(shared(values))}"


def has_page(name: str) -> bool:
    """Return whether there is a page of this name."""
    return (PAGES / f"{name}.py").is_file()


def go(page: str, values: Mapping[str, Any]) -> None:
    """Go to another page of this session with an address of its own; nothing happens where there is no such page."""
    if has_page(page):
        st.switch_page(str(PAGES / f"{page}.py"), query_params=as_text(values))


def show(values: Mapping[str, Any]) -> None:
    """Draw the address of a set-up, to be copied.

    The box has its size at once: what makes the text wrap is fetched when it is first needed, and a box that grew then
    would push the buttons below from under the visitor's finger.
    """
    st.code(url(values), language=None, wrap_lines=True, height=BOX_HEIGHT)


def shared(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as they are passed on: of a text that is too long only the fingerprint."""
    return {name: text if _fits(text) else fingerprint(text) for name, text in as_text(values).items()}


def fits(values: Mapping[str, Any]) -> bool:
    """Return whether the whole set-up fits into a link."""
    return all(map(_fits, as_text(values).values()))


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and len(quote_plus(text, errors="replace")) <= LONGEST


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as they stand in an address."""

    def one(value: Any) -> str:
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {name: one(value) for name, value in values.items()}
