"""Writing character by character: ours against the plain loop that calls `torch.nn.LSTM` once per character.

python -m benchmarks.sampling
"""

import argparse
import statistics
import time
from collections.abc import Callable
from threading import Thread

import torch
from torch import nn

from benchmarks.figures import number, table
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.language import LanguageModel
from rnncore.text.sampling import Reader, Writing, distribution, write

SIZES = ((1, 128), (2, 256))
SYMBOLS = "".join(chr(48 + i) for i in range(65))
GOAL, CLOSE, STREAMS, EACH = 8.0, 1e-5, 30, 100


def model_of(num_layers: int, hidden_size: int) -> LanguageModel:
    """Return a fresh LSTM of this size."""
    config = RunConfig(task="text", cell="lstm", num_layers=num_layers, hidden_size=hidden_size)
    return LanguageModel.build(config, Vocabulary(SYMBOLS), generator(0, "init"))


def own_module(model: LanguageModel) -> nn.LSTM:
    """Return PyTorch's module with the same weights."""
    module = nn.LSTM(len(SYMBOLS), model.config.hidden_size, model.config.num_layers)
    for layer, cells in enumerate(model.model.layers):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(module, f"{name}_l{layer}").data.copy_(getattr(next(cells.children()), name))
    return module


def plain(model: LanguageModel, module: nn.LSTM, characters: int) -> None:
    """Write with the plain loop."""
    eye, state, at = torch.eye(len(SYMBOLS)), None, 0
    draws = generator(0, "sampling")
    with torch.no_grad():
        for _ in range(characters):
            output, state = module(eye[at][None, None], state)
            p = torch.softmax(model.model.readout(output[0, 0]) / 0.8, 0)
            at = int(torch.multinomial(p, 1, generator=draws))


def ours(model: LanguageModel, characters: int) -> None:
    """Write with the engine."""
    for _ in write(model, Writing(prime="0", length=characters)):
        pass


def furthest(model: LanguageModel, module: nn.LSTM) -> float:
    """Return the largest difference between the two loops' probabilities over 100 characters."""
    reader, state, worst = Reader(model), None, 0.0
    with torch.no_grad():
        for i in range(100):
            at = i * 7 % len(SYMBOLS)
            output, state = module(torch.eye(len(SYMBOLS))[at][None, None], state)
            expected = torch.softmax(model.model.readout(output[0, 0]), 0).numpy()
            worst = max(worst, float(abs(distribution(reader.step(at), 1.0) - expected).max()))
    return worst


def rate(task: Callable[[], None], characters: int) -> float:
    """Return characters per second."""
    began = time.perf_counter()
    task()
    return characters / (time.perf_counter() - began)


def together(model: LanguageModel, characters: int) -> float:
    """Return the characters per second of each of 30 streams that are written at once, one thread each."""
    threads = [Thread(target=ours, args=(model, characters)) for _ in range(STREAMS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return characters / (time.perf_counter() - began)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sampling", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=7, help="of each measurement (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for num_layers, hidden_size in SIZES:
        model = model_of(num_layers, hidden_size)
        module = own_module(model)
        pairs = [(rate(lambda: ours(model, 2000), 2000), rate(lambda: plain(model, module, 500), 500))  # noqa: B023
                 for _ in range(options.repeats)]  # fmt: skip
        fast, slow = (statistics.median(values) for values in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        many = together(model, 300)
        met = "met" if ratio >= GOAL and furthest(model, module) <= CLOSE and many > EACH else "MISSED"
        rows.append((f"LSTM {num_layers} x {hidden_size}", number(slow), number(fast), f"{ratio:.1f} x",
                     f"{furthest(model, module):.1e}", number(many), met))  # fmt: skip
    print(
        table(
            (
                "one stream, characters/s",
                "nn.LSTM",
                "ours",
                f"ratio, goal {GOAL:g} x",
                "probabilities apart",
                f"each of {STREAMS}",
                "",
            ),
            rows,
        )
    )


if __name__ == "__main__":
    main()
