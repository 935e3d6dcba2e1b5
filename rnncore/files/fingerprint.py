"""A text's fingerprint: what stands for a text that is too long to be passed on with its set-up."""

import hashlib
import re

from rnncore.caching.by_text import CacheByText

_FORM = re.compile(r"sha256:[0-9a-f]{16}")
_CACHE: CacheByText[str] = CacheByText(64)


def fingerprint(text: str) -> str:
    """Return "sha256:" and the first 16 hexadecimal digits of the SHA-256 of a text in UTF-8."""

    def make() -> str:
        return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    return _CACHE.get(text, None, make)


def is_fingerprint(value: object) -> bool:
    """Return whether a value is a fingerprint and no text of its own."""
    return isinstance(value, str) and len(value) == 23 and _FORM.fullmatch(value) is not None
