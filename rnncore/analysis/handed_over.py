"""What the layers that read hand over, cut off from how they made it, and the gradient that arrives there."""

import torch
from torch import Tensor

Ends = list[list[tuple[Tensor, ...]]]
Leaves = tuple[Tensor, Tensor, Ends]


def leaves_of(hidden: Tensor, final: Tensor, ends: Ends) -> Leaves:
    """Return what the layers hand over, cut off from how they made it."""

    def leaf(tensor: Tensor) -> Tensor:
        return tensor.detach().requires_grad_()

    return leaf(hidden), leaf(final), [[tuple(map(leaf, state)) for state in layer] for layer in ends]


def flat(leaves: Leaves) -> list[Tensor]:
    """Return all tensors that the layers hand over, in one list."""
    return [*leaves[:2], *(part for layer in leaves[2] for state in layer for part in state)]


def arriving_at(loss: Tensor, leaves: Leaves) -> Leaves:
    """Return the gradient of a loss by what the layers hand over, in its form."""
    tensors = flat(leaves)
    found = iter(torch.autograd.grad(loss, tensors, retain_graph=True, allow_unused=True, materialize_grads=True))
    hidden, final = next(found), next(found)
    return hidden, final, [[tuple(next(found) for _ in state) for state in layer] for layer in leaves[2]]
