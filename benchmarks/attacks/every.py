"""All attacks by name."""

from collections.abc import Callable

from benchmarks.attacks import frames, sockets, web
from benchmarks.attacks.attempts import Attempt

ATTACKS: dict[str, Callable[[str, float], Attempt]] = {
    "flood": frames.flood,
    "steady": frames.steady,
    "new_tabs": frames.new_tabs,
    "pings": frames.pings,
    "file_names": frames.file_names,
    "widgets": frames.widgets,
    "other_kinds": frames.other_kinds,
    "garbage": frames.garbage,
    "files": web.files,
    "paths": web.paths,
    "many_tabs": sockets.many_tabs,
    "unfinished": sockets.unfinished,
    "foreign_pages": sockets.foreign_pages,
}
