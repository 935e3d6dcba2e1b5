"""Networks whose memory is planted by hand: one keeps the clue of a sentence for ever, one forgets it at once."""

import torch

from rnncore.analysis.states import Network
from rnncore.config import RunConfig
from rnncore.tasks.language.clue import CLUES, NUMBER

CONFIG = RunConfig(task="clue", cell="rnn_relu", hidden_size=len(CLUES), seq_len=12)


def planted(kept: float) -> Network:
    """Return a network whose unit k is 1 where clue k is read, and keeps so much of itself at each step.

    It answers with the word that belongs to its largest unit.
    """
    model = Network(CONFIG).build()
    units = len(CLUES)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        cell = model.layers[0][0]
        cell.weight_hh.copy_(kept * torch.eye(units))
        cell.weight_ih[torch.arange(units), torch.tensor([NUMBER[word] for word in CLUES])] = 1.0
        model.readout.weight.copy_(10 * torch.eye(units))
    return Network(CONFIG, [parameter.detach() for parameter in model.parameters()])
