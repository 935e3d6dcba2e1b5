"""A mapping from names to classes, filled by a decorator in every file of a folder and of the folders in it.

Dropping a file into `cells/` or below `tasks/` is all it takes to be in every menu, link, contract test and table.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Generic, TypeVar

from rnncore.errors import ConfigError

T = TypeVar("T")
LISTED = 12  # so many names are all told to somebody who gave a wrong one


class Registry(Mapping[str, type[T]], Generic[T]):
    """Classes by name, in the order of their `order` attribute, then of their names.

    A broken file is not swallowed: its import error reaches whoever imports the package.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._members: dict[str, type[T]] = {}

    def register(self, name: str) -> Callable[[type[T]], type[T]]:
        """Class decorator: file the class under `name` and set its `name` attribute."""

        def add(member: type[T]) -> type[T]:
            if name in self._members:
                raise ValueError(f"two {self.what}s are called '{name}'")
            member.name = name  # type: ignore[attr-defined]
            self._members[name] = member
            return member

        return add

    def discover(self, package: ModuleType) -> None:
        """Import every module below `package`, so that its decorators run."""
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=_raise):
            importlib.import_module(module.name)
        self._members = dict(sorted(self._members.items(), key=lambda item: (getattr(item[1], "order", 100), item[0])))

    def __getitem__(self, name: str) -> type[T]:
        try:
            return self._members[name]
        except KeyError:
            asked = str(name)[:40]
            raise ConfigError(f"There is no {self.what} called {asked!r}: {self._advice(asked)}") from None

    def _advice(self, asked: str) -> str:
        """Return which names there are; of many those that look like the wrong one, if any does."""
        if len(self) <= LISTED:
            return f"choose one of {', '.join(self)}."
        if close := get_close_matches(asked.lower(), self):
            return f"did you mean {' or '.join(close)}?"
        return f"`python -m rnncore {self.what}s` lists all {len(self)}."

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def _raise(name: str) -> None:
    """Let the error of a package that cannot be imported through, which the walk would swallow."""
    raise
