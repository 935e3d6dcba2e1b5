"""By which names this server may be called, and which sites' pages may connect to it."""

import ipaddress
import socket
from functools import cache
from urllib.parse import urlsplit

from playground.door.settings import DoorSettings

# No public name ends like this, so nobody elsewhere can have it lead to a machine in this network.
PRIVATE = ("localhost", "local", "lan", "internal", "home.arpa")


def known_host(host: str | None, settings: DoorSettings) -> bool:
    """Return whether a request may name its server so.

    A page elsewhere can give a name of its own this machine's address ("DNS rebinding") and would then count as a
    page of this server. An address in figures, a name without a dot and one that is only valid in a local network
    cannot be got in this way; any other must be one of this machine or of the settings.
    """
    name = _name(f"//{host}") if host else None
    if name is None:
        return False
    if _is_address(name) or "." not in name or any(name.endswith(f".{ending}") for ending in PRIVATE):
        return True
    return any(_matches(name, pattern) for pattern in (*_listed(settings.hosts), *_names_of_this_machine()))


def known_origin(origin: str | None, host: str | None, settings: DoorSettings) -> bool:
    """Return whether a page of this origin may open a socket: one of this server, or of the settings."""
    if origin is None:
        return True  # no browser: those always say
    if origin.rstrip("/").lower() in _listed(settings.origins):
        return True
    here, there = _name(f"//{host}"), _name(origin)
    if here is None or here != there:
        return False
    usual = {"http": 80, "https": 443}.get(urlsplit(origin).scheme)
    return (urlsplit(f"//{host}").port or usual) == (urlsplit(origin).port or usual)


def _name(url: str) -> str | None:
    try:
        split = urlsplit(url)
        _ = split.port  # raises for one that is none
    except ValueError:
        return None
    if split.username is not None or split.path.strip("/") or split.query or split.fragment or not split.hostname:
        return None
    return split.hostname.rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _listed(text: str) -> list[str]:
    return [part.strip().rstrip("/").lower() for part in text.split(",") if part.strip()]


def _matches(name: str, pattern: str) -> bool:
    return pattern == "*" or name == pattern or (pattern.startswith("*.") and name.endswith(pattern[1:]))


@cache
def _names_of_this_machine() -> tuple[str, ...]:
    return (socket.gethostname().lower(),)
