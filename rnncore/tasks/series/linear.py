"""Least squares: the straight-line rival that a network on real-valued series has to beat."""

import torch
from torch import Tensor


def least_squares(past: Tensor, following: Tensor, new_past: Tensor) -> Tensor:
    """Fit ``following = past w + b`` by least squares and return the fit's answers for `new_past`.

    Shapes: `past` ``(examples, lags)``, `following` ``(examples,)``, `new_past` ``(others, lags)``, the
    answers ``(others,)``; computed in double precision, returned so.
    """

    def with_one(x: Tensor) -> Tensor:
        return torch.cat([x.double(), x.new_ones(len(x), 1).double()], dim=1)

    weights = torch.linalg.lstsq(with_one(past), following.double()[:, None]).solution
    return (with_one(new_past) @ weights)[:, 0]
