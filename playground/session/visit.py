"""One page's set-up during a visit: it comes from the address, lies in the session, and stands in the address again."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from playground.session import address, state
from playground.streamlit_internals.sessions import is_back_or_forward
from rnncore.files.fingerprint import fingerprint, is_fingerprint
from rnncore.settings import Setting

ECHO_SECONDS = 15.0  # a full hall makes a click wait for some seconds
MOST_ECHOES = 20
ARRIVALS, MOST_ARRIVALS = "visit.arrivals", 40
INSTEAD = "This link was made with a file that is too long for a link: the built-in one is used instead."


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
    asks_for_files
        Whether the page asks for a text that the address only names; else it says that the built-in one is used.
    """

    def __init__(
        self,
        page: str,
        read: Callable[[dict[str, Any]], tuple[S, list[str]]],
        known: Callable[[dict[str, Any]], Mapping[str, Setting]],
        *,
        asks_for_files: bool = False,
    ) -> None:
        self.page, self._read, self._known, self._asks = page, read, known, asks_for_files

    def open(self) -> bool:
        """Take a set-up from the address if a new one stands there; write the present one into it.

        Returns whether the address had replaced an earlier set-up.
        """
        query, known = address.parameters(), self._get("link")
        replaced = False
        foreign = self._is_of_another_page(query)
        if query and query != known and not foreign and not self._is_echo(query):
            self._open(query)
            replaced = known is not None
        elif self._get("setup") is None:
            self.apply_settings({})
        written = address.write(self._asked() or self.setup().flat())
        if known is not None and written != known:
            self._put("links", [*self._get("links", [])[-MOST_ECHOES:], (known, time.monotonic())])
        self._put("link", written)
        self._arrive(written, *([query] if query and not foreign else []))
        return replaced

    def setup(self) -> S:
        """Return the present set-up, as it was checked when it was laid."""
        laid: S | None = self._get("laid")
        return self._read({})[0] if laid is None else laid

    def apply_settings(self, raw: dict[str, Any]) -> None:
        """Put another set-up in its place, checked, and keep what had to be said about it.

        Where the address named a text by its fingerprint, the text that is handed over now is compared with it: the
        same one brings back all settings of the link.
        """
        raw, about_file = self._with_needed(raw)
        laid, said = self._read(raw)
        said = [*about_file, *said]
        self._put("laid", laid)
        self._put("setup", laid.flat())
        self.notices = said

    @property
    def notices(self) -> list[str]:
        """Sentences on what had to be changed or could not be done."""
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
        known = self._known(raw).get(name)
        emptied = value is None and not (known and known.optional)
        return None if emptied else {**raw, name: value}

    @property
    def needed(self) -> dict[str, str]:
        """Fingerprints of the texts that the address named and nobody has handed over yet, by setting."""
        found: dict[str, str] = self._get("needed", {})
        return found

    def _open(self, query: dict[str, Any]) -> None:
        """Take a set-up from an address; texts that it only names are found here, or needed from now on."""
        before = self._get("setup", {})
        named = {name: mark for name, mark in query.items() if is_fingerprint(mark)}
        raw = {name: value for name, value in query.items() if name not in named}
        self._put("needed", {})
        self.apply_settings(raw)
        if not named:
            return
        known = self._known(self.setup().flat())
        named = {
            name: mark
            for name, mark in named.items()
            if name in known and (known[name].max_length or 0) > address.LONGEST
        }
        for name, mark in list(named.items()):
            for text in (known[name].default, before.get(name)):
                if isinstance(text, str) and fingerprint(text) == mark:
                    raw[name] = text
                    del named[name]
                    break
        self.apply_settings(raw)
        if named:
            asked = {name: str(value) for name, value in raw.items() if name in known}
            self._put("needed", named)
            self._put("asked", asked)
            # what does not fit the built-in text may well fit the one that is missing
            self.notices = [] if self._asks else [INSTEAD]

    def _asked(self) -> dict[str, Any]:
        """Return what the address asked for, while a text is missing for it; else nothing."""
        return {**self.setup().flat(), **self._get("asked", {}), **self.needed} if self.needed else {}

    def _with_needed(self, raw: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return a set-up with all that the address had asked for if it brings the text that was missing."""
        needed, asked, present = self.needed, self._get("asked", {}), self._get("setup", {})
        if not needed:
            return raw, []
        if str(raw.get("task", "")) != str(present.get("task", "")):
            self._put("needed", {})
            return raw, []
        handed = {name: raw[name] for name in needed if raw.get(name) not in (None, present.get(name))}
        if not handed:
            changed = {name: value for name, value in raw.items() if value != present.get(name)}
            self._put("asked", {**asked, **changed})
            return raw, []
        self._put("needed", {})
        other = [mark for name, mark in needed.items() if name in handed and fingerprint(str(handed[name])) != mark]
        if other:
            return raw, [
                f"This is not the file that the link was made with ({other[0].removeprefix('sha256:')} is its "
                "fingerprint), so the losses will be others. Open the link again to hand over the right one."
            ]
        return {**present, **asked, **handed}, ["This is the file that the link was made with: all its settings hold."]

    def _is_echo(self, query: dict[str, str]) -> bool:
        """Return whether this address stood here a moment ago.

        A click that leaves the browser before the answer to the one before has come still carries the address from
        before both. Taken for a new one, it would undo the first change. The browser's Back and Forward are meant.
        """
        if is_back_or_forward():
            return False
        now = time.monotonic()
        return any(query == old and now - replaced < ECHO_SECONDS for old, replaced in self._get("links", []))

    def _is_of_another_page(self, query: dict[str, str]) -> bool:
        """Return whether Back or Forward came to an address with which another page was opened.

        A browser hears of a new page's address before it hears of the page, so among the entries of its history is one
        with the path of the page before and the settings of this one.
        """
        return is_back_or_forward() and any(
            query == link and page != self.page for page, link in state.get(ARRIVALS, [])
        )

    def _arrive(self, *links: dict[str, str]) -> None:
        """Keep the addresses with which this page was opened, if the visit comes from another one."""
        found: list[tuple[str, dict[str, str]]] = state.get(ARRIVALS, [])
        if not found or found[-1][0] != self.page:
            state.put(ARRIVALS, [*found, *((self.page, link) for link in links)][-MOST_ARRIVALS:])

    def _get(self, name: str, default: Any = None) -> Any:
        return state.get(f"{self.page}.{name}", default)

    def _put(self, name: str, value: Any) -> None:
        state.put(f"{self.page}.{name}", value)
