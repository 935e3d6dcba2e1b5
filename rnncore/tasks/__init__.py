"""Sequence tasks: one file each. `TASKS["adding"](seq_len=50)` builds one; iterating gives names."""

import sys

from rnncore.tasks.base import TASKS, Baseline, Batch, Shown, Task, TaskOptions, Track

TASKS.discover(sys.modules[__name__])

__all__ = ["TASKS", "Baseline", "Batch", "Shown", "Task", "TaskOptions", "Track"]
