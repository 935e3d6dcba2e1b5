"""The thing to remember of each example: the input at the first step that its task marks, else the first input."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Remembered:
    """The thing to remember of each example of a batch.

    Attributes
    ----------
    name
        In a few words.
    steps
        ``(batch,)`` int64, at which step it is read, counted from 0.
    values
        ``(batch,)``: int64, the number of its class; or float32, the number itself.
    classes
        What each class is called; empty for numbers.
    """

    name: str
    steps: Tensor
    values: Tensor
    classes: tuple[str, ...] = ()


def first_marked(marks: Tensor) -> Tensor:
    """Return the first marked step of each example of ``marks (time, batch)``, 0 where there is none."""
    return marks.byte().argmax(dim=0)


def inputs_at(name: str, inputs: Tensor, steps: Tensor, texts: Callable[[Tensor], tuple[str, ...]]) -> Remembered:
    """Return what is read at one step of each example: a symbol as a class, real numbers as their mean.

    `texts` writes the inputs of one example step by step; where all that there is to read is one step of real numbers,
    different texts are different classes.
    """
    each = torch.arange(inputs.shape[1])
    read = inputs[steps, each]
    if not inputs.is_floating_point():
        found = read.unique()
        first = [int((read == value).nonzero()[0]) for value in found]
        classes = tuple(texts(inputs[steps[i] : steps[i] + 1, i : i + 1])[0] for i in first)
        return Remembered(name, steps, torch.searchsorted(found, read), classes)
    if len(inputs) == 1:
        said = [texts(inputs[:, i : i + 1])[0] for i in each.tolist()]
        classes = tuple(dict.fromkeys(said))
        if len(classes) > 1:
            return Remembered(name, steps, torch.tensor([classes.index(text) for text in said]), classes)
    mean = f"the mean of the {read.shape[-1]} numbers at step 1" if read.shape[-1] > 1 else name
    return Remembered(mean, steps, read.float().mean(dim=-1))
