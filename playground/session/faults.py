"""Unexpected errors: a sentence with a number for the visitor, the traceback with the same number in the log, once.

Whatever a callback, a part of a page, a fragment or a live view raises ends here. The rest of the page goes on.
"""

import hashlib
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import streamlit as st

from playground.session import state
from playground.streamlit_internals.callbacks import CONTROL, catch_errors
from playground.streamlit_internals.sessions import is_fragment_run

MOST_KNOWN = 1000  # errors told apart; a log must not grow without end
WAITING = "app.faults"

T = TypeVar("T")
log = logging.getLogger(__name__)
_known: dict[str, None] = {}


def number(error: BaseException) -> str:
    """Return a short number, the same whenever the same thing goes wrong at the same place."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)[-8:]]
    what = f"{type(error).__qualname__} {re.sub(r'[0-9]+', '0', str(error)[:500])} {frames}"
    return f"E-{hashlib.sha256(what.encode(errors='replace')).hexdigest()[:6]}"


def report(error: BaseException) -> str:
    """Write an error to the log, unless it stands there already, and return its number."""
    found = number(error)
    if found not in _known:
        _known[found] = None
        while len(_known) > MOST_KNOWN:
            _known.pop(next(iter(_known)))
        log.error("%s: an unexpected error", found, exc_info=error)
    return found


def show(error: BaseException) -> None:
    """Say at this place of the page that something is missing here."""
    st.error(f"An error in the program: this part of the page cannot be shown. Everything else goes on. "
             f"In the server's log the error has the number {report(error)}.", icon=":material/error:")  # fmt: skip


@contextmanager
def caught(then: Callable[[BaseException], Any]) -> Iterator[None]:
    """Hand an error inside the block to a function; what only ends a page run passes."""
    try:
        yield
    except CONTROL:
        raise
    except BaseException as error:
        then(error)


def part() -> AbstractContextManager[None]:
    """Draw a part of a page; an error inside is said in its place, and the rest of the page is drawn."""
    return caught(show)


def parts(subject: T, *draws: Callable[[T], object]) -> None:
    """Draw parts of a page one below the other, each a function of the same thing, such as the page's set-up."""
    for draw in draws:
        with part():
            draw(subject)


def guard() -> None:
    """Let no error of a callback, a page or a fragment take the place of a page; called once is enough."""
    catch_errors(_callback, show)


@contextmanager
def _callback() -> Iterator[None]:
    waiting = state.get(WAITING)
    if waiting and waiting["shown"]:
        state.put(WAITING, None)
    with caught(_in_callback):
        yield


def _in_callback(error: BaseException) -> None:
    """Keep the sentence for the page, which is drawn next; where only a part of it would be, ask for all of it."""
    waiting = state.get(WAITING) or {"numbers": []}
    state.put(WAITING, {"shown": False, "numbers": [*waiting["numbers"], report(error)]})
    if is_fragment_run():
        st.rerun()


@contextmanager
def whole_page(page: str) -> Iterator[None]:
    """Draw a page below what callbacks have met, which stays until the visitor does something else.

    A run that does not come to its end, because it leads to another page, may not have been seen.
    """
    waiting = state.get(WAITING)
    if waiting and waiting.get("page", page) != page:
        state.put(WAITING, None)
        waiting = None
    if waiting:
        st.error(f"An error in the program: what you just did was not carried out, or not to its end. The page goes "
                 f"on. In the server's log the error has the number {', '.join(dict.fromkeys(waiting['numbers']))}.",
                 icon=":material/error:")  # fmt: skip
    with part():
        yield
    if waiting:
        state.put(WAITING, {**waiting, "shown": True, "page": page})
