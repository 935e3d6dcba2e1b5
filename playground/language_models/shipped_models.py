"""The shipped language models: read once for all, and what each is called."""

import logging
from functools import cache, lru_cache
from pathlib import Path

from rnncore.cells import CELLS
from rnncore.errors import CheckpointError
from rnncore.text import language as files
from rnncore.text.language import LanguageModel

log = logging.getLogger(__name__)

PREFERRED = "shakespeare-gru"


@cache
def models() -> dict[str, Path]:
    """Return the shipped models that can be read, by name; says in the log which cannot."""
    sound = {}
    for name, path in files.shipped().items():
        try:
            language(name)
        except CheckpointError as error:
            log.error("a shipped model is left out: %s", error)
        else:
            sound[name] = path
    return sound


@lru_cache(maxsize=8)
def language(name: str) -> LanguageModel:
    """Return a shipped model; read once, for all."""
    return files.load(files.shipped()[name])


def preferred() -> str:
    """Return the model that writes if nothing else is asked for."""
    return PREFERRED if PREFERRED in models() else next(iter(models()))


def label(name: str) -> str:
    """Return how a model is called on the page."""
    return "Best" if name.endswith("best") else CELLS[language(name).config.cell].label
