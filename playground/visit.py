"""One page's set-up during a visit: it comes from the address, lies in the session, and stands in the address again."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from playground import link, state
from rnncore.settings import Setting

ECHO_SECONDS = 15.0  # a full hall makes a click wait for some seconds
MOST_ECHOES = 20


class Flat(Protocol):
    """A set-up: anything that can name all its values."""

    def flat(self) -> dict[str, Any]:
        """Return every setting by name."""


S = TypeVar("S", bound=Flat)


class Visit(Generic[S]):
    """The set-up of one page in the session that is running.

    Parameters
    ----------
    page
        Name of the page, under which the session keeps its values.
    read
        Turns untrusted values into a set-up, and says what had to be changed.
    known
        Describes the settings that there are beside these values.
    """

    def __init__(
        self,
        page: str,
        read: Callable[[dict[str, Any]], tuple[S, list[str]]],
        known: Callable[[dict[str, Any]], Mapping[str, Setting]],
    ) -> None:
        self.page, self._read, self._known = page, read, known

    def open(self) -> bool:
        """Take a set-up from the address if a new one stands there; write the present one into it.

        Returns whether the address had replaced an earlier set-up.
        """
        query, known = link.read(), self._get("link")
        replaced = False
        if query and query != known and not self._is_echo(query):
            self.lay(query)
            replaced = known is not None
        elif self._get("setup") is None:
            self.lay({})
        written = link.write(self.setup().flat())
        if known is not None and written != known:
            self._put("links", [*self._get("links", [])[-MOST_ECHOES:], (known, time.monotonic())])
        self._put("link", written)
        return replaced

    def setup(self) -> S:
        """Return the present set-up."""
        return self._read(self._get("setup", {}))[0]

    def lay(self, raw: dict[str, Any]) -> None:
        """Put another set-up in its place, checked, and keep what had to be said about it."""
        laid, said = self._read(raw)
        self._put("setup", laid.flat())
        self.notices = said

    @property
    def notices(self) -> list[str]:
        """What had to be changed or could not be done, in sentences."""
        found: list[str] = self._get("notices", [])
        return found

    @notices.setter
    def notices(self, sentences: list[str]) -> None:
        """Keep sentences to be shown until the next set-up is laid."""
        self._put("notices", sentences)

    def chosen(self, name: str) -> dict[str, Any] | None:
        """Return the set-up with the new value of a control in it, raw; None if nobody has given it one."""
        if state.is_echo(f"{self.page}.{name}"):
            return None
        value, raw = state.get(f"{self.page}.{name}"), self.setup().flat()
        if isinstance(value, list):
            value = ",".join(value) or raw[name]
        emptied = value is None and not self._known(raw)[name].optional
        return None if emptied else {**raw, name: value}

    def _is_echo(self, query: dict[str, str]) -> bool:
        """Return whether this address stood here a moment ago.

        A click that leaves the browser before the answer to the one before has come still carries the address from
        before both. Taken for a new one, it would undo the first change and throw the race away.
        """
        now = time.monotonic()
        return any(query == old and now - replaced < ECHO_SECONDS for old, replaced in self._get("links", []))

    def _get(self, name: str, default: Any = None) -> Any:
        return state.get(f"{self.page}.{name}", default)

    def _put(self, name: str, value: Any) -> None:
        state.put(f"{self.page}.{name}", value)
