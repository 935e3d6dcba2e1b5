"""Which network a task needs."""

import torch

from rnncore.config import RunConfig
from rnncore.model import SequenceModel
from rnncore.tasks import Task
from rnncore.tasks.writing import WritingTask
from rnncore.writing import WritingModel


def build_network(config: RunConfig, task: Task, generator: torch.Generator | None = None) -> SequenceModel:
    """Return a fresh network for a task: one that writes if the task asks for it, else one that answers in place."""
    if isinstance(task, WritingTask):
        return WritingModel(config, task, generator)
    return SequenceModel(config, task, generator)
