"""The number of files that this process may have open, and the connections that leaves for visitors."""

import sys
from dataclasses import replace

from playground.door.settings import DoorSettings

MOST = 65_536  # more is of no use, and some systems name a limit of billions
RESERVED = 500  # for files, and for sessions that are kept for two minutes after their tab has gone: three each
EACH_TAB = 4  # its socket, and the three of an event loop that Streamlit makes for each session


def raise_limit() -> int:
    """Let this process have as many files open as the system allows, and return how many that is."""
    if sys.platform == "win32":
        return MOST
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):  # macOS names a limit that it does not give
            pass
    return MOST if soft == resource.RLIM_INFINITY else soft


def fitted(settings: DoorSettings, descriptors: int) -> DoorSettings:
    """Return settings under which visitors never use up the files that this process may have open."""
    room = max(descriptors - RESERVED, descriptors // 2)
    sockets = max(1, min(settings.sockets, room // (2 * EACH_TAB)))
    connections = max(1, min(settings.connections, room - (EACH_TAB - 1) * sockets))
    return replace(settings, sockets=sockets, connections=connections)
