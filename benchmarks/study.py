"""Learning a text live: a `Study` against a bare PyTorch loop on the same module and the same text.

python -m benchmarks.study
"""

import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.figures import table
from rnncore.config import RunConfig
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.corpora import play
from rnncore.text.language import LanguageModel
from rnncore.text.learning import Learner, streams
from rnncore.text.sampling import Writing
from rnncore.text.study import Study

CELLS, SIZES = ("rnn", "lstm", "gru"), ((1, 128), (2, 256))
UPDATES, GOAL, LOADING = 100, 0.95, 0.01


def bare(model: nn.Module, data: torch.Tensor, config: RunConfig, updates: int) -> float:
    """Return the seconds of so many updates written as a plain loop."""
    optimizer, states = torch.optim.Adam(model.parameters(), lr=config.lr, fused=True), None
    pieces = (len(data) - 1) // config.seq_len
    began = time.perf_counter()
    for step in range(updates):
        start = step % pieces * config.seq_len
        logits, states = model.carry(data[start : start + config.seq_len], states)  # type: ignore[operator]
        states = [tuple(part.detach() for part in state) for state in states]
        loss = F.cross_entropy(logits.float().flatten(0, 1), data[start + 1 : start + config.seq_len + 1].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        optimizer.step()
        loss.item()
    return time.perf_counter() - began


def live(study: Study, updates: int) -> float:
    """Return the seconds of so many updates of a study, held-out loss and samples included."""
    study.start()
    began = time.perf_counter()
    for _ in range(updates):
        study.advance_one()
    return time.perf_counter() - began


def loading(learner: Learner, updates: int) -> float:
    """Return the seconds that it takes to get the pieces of so many updates."""
    began = time.perf_counter()
    for _ in range(updates):
        learner._next()  # the only way to time it apart
    return time.perf_counter() - began


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.study", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=5, help="of each measurement (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for cell in CELLS:
        for num_layers, hidden_size in SIZES:
            config = RunConfig(task="text", cell=cell, num_layers=num_layers, hidden_size=hidden_size, batch_size=16,
                               seq_len=64, lr=1e-3, clip_norm=1.0)  # fmt: skip
            study = Study(config, play(), Writing(prime="A", length=400))
            live(study, 300)  # past the first hundreds, in which held-out loss is measured often
            module = LanguageModel.build(config, Vocabulary(play())).model
            data = streams(study.language.vocabulary.encode(study.training), config.batch_size)
            bare(module, data, config, 10)
            pairs = [(bare(module, data, config, UPDATES), live(study, UPDATES)) for _ in range(options.repeats)]
            ratio = statistics.median(a / b for a, b in pairs)
            plain, ours = (statistics.median(values) / UPDATES for values in zip(*pairs, strict=True))
            share = loading(Learner(study.language, study.training, config), UPDATES) / UPDATES / ours
            rows.append((f"{cell} {num_layers} x {hidden_size}", f"{plain * 1000:.1f} ms", f"{ours * 1000:.1f} ms",
                         f"{ratio:.3f} x", "met" if ratio >= GOAL else "MISSED", f"{share:.2%}",
                         "met" if share < LOADING else "MISSED"))  # fmt: skip
    heads = ("one update", "bare loop", "live", "throughput", f">= {GOAL} x", "getting the data", f"< {LOADING:.0%}")
    print(table(heads, rows))


if __name__ == "__main__":
    main()
