"""An entry of the tables that say what is used, why, and what would take its place."""

from typing import NamedTuple


class Used(NamedTuple):
    """A private member: why it is needed, and what would take its place."""

    reason: str
    replacement: str
