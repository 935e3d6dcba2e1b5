"""RNN Playground's engine: recurrent cells, sequence tasks and training runs, without a screen.

The public names are imported when they are first used, so that `import rnncore` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnncore.analysis.gradients import GradientFlow as GradientFlow
    from rnncore.analysis.gradients import gradient_flow as gradient_flow
    from rnncore.cells import CELLS as CELLS
    from rnncore.config import RunConfig as RunConfig
    from rnncore.errors import CheckpointError as CheckpointError
    from rnncore.errors import ConfigError as ConfigError
    from rnncore.errors import DownloadError as DownloadError
    from rnncore.errors import LimitError as LimitError
    from rnncore.errors import PlaygroundError as PlaygroundError
    from rnncore.errors import RunError as RunError
    from rnncore.files.checkpoints import load as load
    from rnncore.files.checkpoints import save as save
    from rnncore.tasks import TASKS as TASKS
    from rnncore.text.language import LanguageModel as LanguageModel
    from rnncore.training.race import Race as Race
    from rnncore.training.run import Run as Run

_MODULES = {
    "rnncore.cells": ("CELLS",),
    "rnncore.files.checkpoints": ("load", "save"),
    "rnncore.config": ("RunConfig",),
    "rnncore.errors": ("CheckpointError", "ConfigError", "DownloadError", "LimitError", "PlaygroundError", "RunError"),
    "rnncore.analysis.gradients": ("GradientFlow", "gradient_flow"),
    "rnncore.training.race": ("Race",),
    "rnncore.training.run": ("Run",),
    "rnncore.tasks": ("TASKS",),
    "rnncore.text.language": ("LanguageModel",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'rnncore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
