"""Bad model files, flipped, cut and crafted: how many are taken in silence, and what it costs to refuse the others.

`python -m benchmarks.hostile_files` prints it.
"""

import contextlib
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rnncore.config import RunConfig
from rnncore.errors import CheckpointError
from rnncore.files import checkpoints, recordings
from rnncore.seeding import generator
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text import language
from rnncore.training.run import Run
from tests.support.crafted_files import Kind, crafted, header_end

SECONDS, MEGABYTES, SENTENCE = 1.0, 100.0, 300


@dataclass
class Figures:
    """What came of it: names of the files that were accepted, of those that raised something else, and the worst cost.

    Seconds are processor time, so that other work on the machine does not count.
    """

    tried: int = 0
    accepted: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    large: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: float = 0.0


def kinds() -> list[Kind]:
    """Return small sound files of the three kinds."""
    config = RunConfig.from_flat({"seq_len": 10, "hidden_size": 4, "batch_size": 4, "steps": 30})
    run = Run(config)
    run.advance()
    model = language.LanguageModel.build(RunConfig(task="text", hidden_size=8), Vocabulary("abc"), generator(0, "init"))
    folder = Path(tempfile.mkdtemp())
    names = itertools.count()

    def from_path(data: bytes) -> language.LanguageModel:
        file = folder / f"{next(names)}.safetensors"
        file.write_bytes(data)
        try:
            return language.load(file)
        finally:
            file.unlink()

    return [
        Kind("race", checkpoints.save([run, run]), _as_on_the_page, "runs", checkpoints.FORMAT),
        Kind("recording", recordings.save([run]), recordings.load, "configs", recordings.FORMAT),
        Kind("language model", model.save(), from_path, "model", language.FORMAT),
    ]


def _as_on_the_page(data: bytes) -> list[Run]:
    checkpoints.check_size(len(data))
    checkpoints.read_configs(data)
    return checkpoints.load(data)


def flipped(kind: Kind, count: int) -> Iterator[tuple[str, bytes]]:
    """Return files with one bit changed, spread over header and numbers."""
    chance = random.Random(kind.name)
    end = header_end(kind.data)
    for i in range(count):
        low, high = (0, end) if i % 2 else (end, len(kind.data))
        place, bit = chance.randrange(low, high), chance.randrange(8)
        yield f"bit {bit} of byte {place}", changed(kind.data, place, bit)


def cut(kind: Kind, count: int) -> Iterator[tuple[str, bytes]]:
    """Return files whose end is missing."""
    chance = random.Random(kind.name)
    for end in [0, 7, 8, len(kind.data) - 1, *(chance.randrange(len(kind.data)) for _ in range(count))][:count]:
        yield f"cut at {end}", kind.data[:end]


def changed(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


def _peak_megabytes() -> float:
    """Return the most memory held since `_forget_peak`, where the system tells; else since the process began."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def _forget_peak() -> float:
    """Begin to measure the most memory anew, and return what is held now."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak_megabytes()


def _try(kind: Kind, name: str, data: bytes, figures: Figures) -> None:
    held, began = _forget_peak(), time.process_time()
    label = f"{kind.name}: {name}"
    try:
        kind.load(data)
        figures.accepted.append(label)
    except CheckpointError as error:
        said = str(error)
        if len(said) > SENTENCE or not said.isprintable() or not said.endswith("."):
            figures.unclear.append(f"{label}: {said[:80]!r}")
    except Exception as error:
        figures.unclear.append(f"{label}: {type(error).__name__}")
    seconds, megabytes = time.process_time() - began, _peak_megabytes() - held
    figures.tried += 1
    figures.seconds, figures.megabytes = max(figures.seconds, seconds), max(figures.megabytes, megabytes)
    if seconds > SECONDS:
        figures.slow.append(f"{label}: {seconds:.1f} s")
    if megabytes > MEGABYTES:
        figures.large.append(f"{label}: {megabytes:.0f} MB")


def measure(flips: int = 200, cuts: int = 50) -> Figures:
    """Try so many flipped and cut files of each kind, and every crafted one."""
    figures = Figures()
    for kind in kinds():
        kind.load(kind.data)  # sound, and what is imported late is there
        for name, data in itertools.chain(flipped(kind, flips), cut(kind, cuts), crafted(kind)):
            _try(kind, name, data, figures)
    return figures
