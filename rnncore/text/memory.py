"""The memory of a model: how strongly each earlier character bears on the next one."""

import torch
from torch.nn import functional as F

from rnncore.cells.fast import Floats
from rnncore.text.language import LanguageModel


def influence(language: LanguageModel, text: str) -> Floats:
    """Return ||d logit / d x_t|| for every character before the last, ``(len(text) - 1,)``.

    The logit is that of the last character, as the model expected it from those before; x_t is the one-hot vector of
    character t. One pass forward and one back give all of them (saliency; Simonyan, Vedaldi and Zisserman, 2014).
    """
    numbers = language.vocabulary.encode(text)
    if len(numbers) < 2:
        return torch.zeros(0).numpy()
    x = F.one_hot(numbers[:-1, None], len(language.vocabulary)).float().requires_grad_()
    logits, _ = language.model.carry(x)
    (gradient,) = torch.autograd.grad(logits[-1, 0, numbers[-1]], x)
    found: Floats = gradient[:, 0].norm(dim=-1).numpy()
    return found
