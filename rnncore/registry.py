"""A mapping from names to classes, filled by a decorator in every file of a folder.

Dropping a file into `cells/` or `tasks/` is all it takes to be in every menu, link, contract test and table.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Generic, TypeVar

from rnncore.errors import ConfigError

T = TypeVar("T")


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
        """Import every module of `package`, so that its decorators run."""
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        self._members = dict(sorted(self._members.items(), key=lambda item: (getattr(item[1], "order", 100), item[0])))

    def __getitem__(self, name: str) -> type[T]:
        try:
            return self._members[name]
        except KeyError:
            known = ", ".join(self._members)
            raise ConfigError(f"There is no {self.what} called {str(name)[:40]!r}: choose one of {known}.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
