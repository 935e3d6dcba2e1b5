"""What a trained network does, measured further than its loss: for the end of a run, or when somebody asks."""

import torch

from rnncore.randomness import generator
from rnncore.run import Run
from rnncore.tasks.writing import WritingTask
from rnncore.writing import WritingModel


@torch.no_grad()
def report(run: Run) -> dict[str, float]:
    """Return the task's further measures of the network, by name.

    Where it writes symbols: ``characters``, the share right with the right ones fed; ``characters_free``, the share
    right when it is fed what it wrote itself, so that a slip shifts what follows; ``exact_free``, flawless answers.
    """
    task, held_out, model = run.task, run.held_out, run.model
    found = task.report(model, held_out)
    if isinstance(task, WritingTask) and isinstance(model, WritingModel) and task.loss_kind == "cross_entropy":
        outputs, _ = model.answer(held_out)
        written = model.write(held_out.inputs, task, generator(run.config.seed, "writing")).targets
        right = held_out.targets
        counts = held_out.mask if held_out.mask is not None else torch.ones_like(right, dtype=torch.bool)
        fed, free = outputs.argmax(dim=-1) == right, written == right
        found["characters"] = fed[counts].float().mean().item()
        found["characters_free"] = free[counts].float().mean().item()
        found["exact_free"] = (free | ~counts).all(dim=0).float().mean().item()
    return found
