"""Melodies: a key and a metre in, a tune out."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, Picture, Reported, SequenceType, Shown, Sound, Track
from rnncore.tasks.shown import Role
from rnncore.tasks.typed import short
from rnncore.tasks.writing.base import WritingTask
from rnncore.tasks.writing.notes import (
    END,
    LENGTHS,
    RATE,
    Notes,
    degrees,
    eighths_of,
    name,
    notes_of,
    pitches,
    roll,
    sound,
    spelt,
    symbols,
)
from rnncore.tasks.writing.tunes import BUSIEST, CHORDS, EIGHTHS, KEYS, TONICS, chords, compose

METRES = tuple(EIGHTHS)
FIRST = 12  # notes named in a line
SURER = 2.0
# A key and its relative, which has the same notes and another tonic, in one metre for each pair.
HELD_OUT = {"3/4": ("D minor", "F major"), "4/4": ("A minor", "C major"), "6/8": ("E minor", "G major")}
RULES = ("in_key", "full_bars", "chords", "tonic")


@TASKS.register("melody")
class Melody(WritingTask):
    """Write a tune in a given key and metre.

    Inputs ``(time, batch, 11)``, one step: which of six tonics, major or minor, and which of three metres,
    each as a 1 among zeros. Targets ``(time, batch)``: notes and the end symbol; a note is one of 28 pitches with one
    of six lengths, one to eight eighths. `mask` leaves out what comes after the end. A tune has `seq_len` bars. Held
    out are six of the 36 pairs of key and metre: every key and every metre occurs in training, these pairs do not.

    Tunes come from a grammar of ours with known probabilities. The chords of the bars are fixed: tonic and subdominant
    in turn, dominant in the last but one, tonic at the end. A bar's rhythm is drawn from a short list for its metre.
    The next pitch depends on the last one (steps are likelier than leaps) and on the chord (its notes are likelier,
    and every bar begins with one); the last note is the tonic and fills its bar. So the least possible loss, the
    surprise of a tune for somebody who knows the grammar, can be computed.

    The metric is the share of next symbols, the likeliest after the right ones before it, that keep all rules: in the
    key; no note beyond its bar, and the end after the last bar; a note of the chord where a bar begins; the tonic at
    the end. By itself the network draws from the squares of its probabilities, scaled to 1, so that slips are rare.
    What it wrote is right if every note keeps the rules; it will hardly ever be the tune beside it, one of many.
    """

    label = "Melody"
    keywords = "music song tune notes compose sound generate key chord"
    order = 24
    question = "D minor, three in a bar: can a network write a tune by the rules?"
    summary = "A key and a metre. Write a tune that stays in the key, fills its bars and comes home."
    sequence_type = SequenceType.ONE_TO_MANY
    loss_kind = "cross_entropy"
    reported = {
        "in_key": Reported("tunes in the key", "Tunes it drew by itself in which every note belongs to the key."),
        "full_bars": Reported(
            "tunes of full bars", "No note reaches beyond its bar, and the tune ends after the last one."
        ),
        "chords": Reported("tunes on the chords", "Every bar begins with a note of its chord."),
        "tonic": Reported("tunes that come home", "The last note is the tonic."),
        "all_rules": Reported("tunes without a fault", "All rules at once."),
    }
    loss_label = "cross-entropy in nats per note"
    metric_label = "next notes that keep the rules"
    seq_len_label = "Bars"
    seq_len_range = (2, 8)
    recommended = {"seq_len": 4, "hidden_size": 128, "lr": 0.01, "batch_size": 32, "steps": 2500,
                   "schedule": "cosine", "cell": "gru"}  # fmt: skip
    beats = ("having read nothing", "knowing the last note only")
    fails = {
        "feedforward": "What it read never reaches its writing, and ten notes back it sees nothing: in 600 updates it "
        "reached 3.07 nats per note, and 1 in 100 of its tunes kept all rules.",
    }
    ask = "A key and a metre (3/4, 4/4 or 6/8), such as “D minor 3/4”."
    input_steps = 1
    input_size = len(TONICS) + 2 + len(METRES)
    output_size = feed_size = END + 1

    def setup(self) -> None:
        """Tell how many notes the busiest tune has."""
        self.answer_steps = BUSIEST * (self.seq_len - 1) + 2
        self.chords = torch.tensor(CHORDS)[chords(self.seq_len)]

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        keys = torch.randint(0, len(KEYS), (n,), generator=generator)
        metres = torch.randint(0, len(METRES), (n,), generator=generator)
        tunes = compose(metres, self.seq_len, generator)
        notes = symbols(pitches()[keys[:, None], tunes.steps.T].T, tunes.lengths)
        targets = torch.cat([notes, torch.full((1, n), END)])
        mask = torch.arange(self.answer_steps)[:, None] <= (tunes.lengths > 0).sum(dim=0)
        return Batch(self.asked(keys, metres), targets, mask)

    def asked(self, keys: Tensor, metres: Tensor) -> Tensor:
        """Return the inputs for keys and metres, both ``(batch,)``."""
        parts = (keys // 2, len(TONICS)), (keys % 2, 2), (metres, len(METRES))
        return torch.cat([F.one_hot(number, size) for number, size in parts], dim=-1).float()[None]

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which tunes stand in a key that training never has in this metre."""
        keys, metres = _numbered(batch.inputs)
        return _kept_apart()[keys, metres]

    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Draw a note from what the network holds likely, its probabilities raised to a power and scaled to 1."""
        return torch.multinomial((SURER * outputs).softmax(dim=-1), 1, generator=generator)[:, 0]

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the share of likeliest next symbols that keep all rules, the right ones fed."""
        kept = self.in_key_and_metre(batch.inputs, batch.targets, outputs.argmax(dim=-1)).all(dim=0)
        return (kept if batch.mask is None else kept[batch.mask]).float().mean()

    def in_key_and_metre(self, inputs: Tensor, before: Tensor, notes: Tensor) -> Tensor:
        """Return which `RULES` each of `notes` keeps where it stands after `before`: ``(rules, time, batch)``.

        Both are ``(time, batch)``; the note at a step follows what stands in `before` at earlier steps.
        """
        keys, metres = _numbered(inputs)
        bar = torch.tensor(list(EIGHTHS.values()))[metres]
        end = bar * self.seq_len
        begins = eighths_of(before).cumsum(dim=0) - eighths_of(before)
        stops = begins + eighths_of(notes)
        ends = notes == END
        degree = degrees()[keys, notes // len(LENGTHS)]
        chord = self.chords[(begins // bar).clamp(max=self.seq_len - 1)]
        return torch.stack([
            ends | (degree >= 0),
            torch.where(ends, begins == end, (begins % bar + stops - begins <= bar) & (begins < end)),
            ends | (begins % bar > 0) | (chord == degree[..., None]).any(dim=-1),
            ends | (stops < end) | (degree == 0),
        ])  # fmt: skip

    def rules(self, inputs: Tensor, written: Tensor) -> Tensor:
        """Return which `RULES` tunes ``(time, batch)`` keep throughout: ``(rules, batch)``; a tune needs an end."""
        ends = written == END
        heard = ends.cumsum(dim=0) - ends.long() == 0  # up to the first end
        whole = (self.in_key_and_metre(inputs, written, written) | ~heard).all(dim=1)
        whole[RULES.index("full_bars")] &= ends.any(dim=0)
        return whole

    def report(self, model: nn.Module, held_out: Batch) -> dict[str, float]:
        """Return how many of the tunes that the network draws by itself keep each rule, and all of them."""
        writer: Any = model
        written = writer.write(held_out.inputs, self, seeded(0, "tunes")).targets
        found = self.rules(held_out.inputs, written)
        shares = dict(zip(RULES, found.float().mean(dim=1).tolist(), strict=True))
        return {**shares, "all_rules": found.all(dim=0).float().mean().item()}

    def parse_text(self, text: str) -> Tensor:
        """Return a typed key and metre as inputs."""
        words = short(text).replace(",", " ").split()
        key = " ".join([words[0].upper(), words[1].lower()]) if len(words) == 3 else ""
        if key not in KEYS or words[2] not in METRES:
            raise ConfigError(
                f"Type a key and a metre, such as “D minor 3/4”, not “{text[:20]}”; the keys are {', '.join(KEYS)}, "
                f"the metres {', '.join(METRES)}."
            )
        return self.asked(torch.tensor([list(KEYS).index(key)]), torch.tensor([METRES.index(words[2])]))

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return key and metre, which are read in one step."""
        return (_named(inputs),)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing from the place alone, from the last note alone, and knowing the grammar."""
        place, last = _guesses(self.seq_len)
        return (
            Baseline("memoryless", "having read nothing", *place,
                     "How often each note stands at each place, counted on 5,000 training tunes; measured on 1,000.",
                     counted=1000),
            Baseline("other", "knowing the last note only", *last,
                     "How often each note follows each other one, counted and measured likewise.", counted=1000),
            Baseline("optimum", "knowing the grammar", _surprise(self.seq_len), 1.0,
                     "The mean surprise of 6,000 tunes under the very probabilities from which they were drawn.",
                     counted=6000),
        )  # fmt: skip

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show a tune and what the network wrote, to see and to hear; right if it keeps every rule."""
        truth = notes_of(example.targets[:, 0])
        eighths = self.seq_len * EIGHTHS[METRES[int(_numbered(example.inputs)[1])]]
        asked = _named(example.inputs)
        key = asked.split(",")[0]
        tracks = [Track("read", "input", (asked,)), Track("one tune", "truth", spelt(truth, key))]
        tunes: list[tuple[str, Role, Notes]] = [("one tune", "truth", truth)]
        answer = right = None
        if output is not None:
            written = notes_of(output)
            answer = _names(written, key)
            right = bool(self.rules(example.inputs, output[:, None]).all())
            kept = self.in_key_and_metre(example.inputs, output[:, None], output[:, None]).all(dim=0)
            kept = kept[: len(written) + 1, 0]
            wrong = (~kept).nonzero()[:, 0].tolist()
            tracks.append(Track("network", "answer", spelt(written, key), marked=tuple(wrong)))
            tunes.append(("network", "answer", written))
        return Shown(
            question=asked,
            truth=_names(truth, key),
            answer=answer,
            right=right,
            tracks=tuple(tracks),
            pictures=tuple(Picture(name, roll(notes, eighths), role) for name, role, notes in tunes),
            note="The tune is one of many: an answer is right if it keeps every rule of key, bars and chords.",
            sounds=tuple(Sound(name, sound(notes, eighths), RATE, role) for name, role, notes in tunes),
        )


def _numbered(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return the numbers of key and metre, both ``(batch,)``."""
    tonics, modes, metres = (part.argmax(dim=-1) for part in inputs[0].split([len(TONICS), 2, len(METRES)], dim=-1))
    return 2 * tonics + modes, metres


def _named(inputs: Tensor) -> str:
    keys, metres = _numbered(inputs)
    return f"{list(KEYS)[int(keys)]}, {METRES[int(metres)]}"


def _names(notes: Notes, key: str) -> str:
    """Return the names of the first notes, as many as fit into a line."""
    names = [name(pitch, key) for pitch, _ in notes]
    return " ".join(names[:FIRST]) + " …" * (len(names) > FIRST) or "silence"


@once_for_each(1)
def _kept_apart() -> Tensor:
    """Return which pairs are held out: ``(keys, metres)``."""
    return torch.tensor([[key in HELD_OUT[metre] for metre in METRES] for key in KEYS])


@once_for_each(8)
def _guesses(seq_len: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return loss and metric of each place's own frequencies, and of what follows each symbol."""
    task = Melody(seq_len)
    training, held_out = (
        draw(n, seeded(0, "melody baseline")) for draw, n in ((task.batch, 5000), (task.held_out, 1000))
    )
    found = []
    for context in (_places, _last):
        counts = torch.full((END + 2, END + 1), 0.01)
        assert training.mask is not None  # noqa: S101
        at = context(training.targets)[training.mask], training.targets[training.mask]
        counts.index_put_(at, torch.ones(()), accumulate=True)
        outputs = (counts / counts.sum(dim=-1, keepdim=True)).log()[context(held_out.targets)]
        found.append((task.loss(outputs, held_out).item(), task.metric(outputs, held_out).item()))
    return found[0], found[1]


def _places(targets: Tensor) -> Tensor:
    return torch.arange(len(targets))[:, None].expand_as(targets)


def _last(targets: Tensor) -> Tensor:
    """Return the symbol before each; a number of its own at the beginning."""
    return torch.cat([torch.full_like(targets[:1], END + 1), targets[:-1]])


@once_for_each(8)
def _surprise(seq_len: int) -> float:
    """Return the entropy of the grammar per symbol, the end included, which holds no surprise."""
    asked = Melody(seq_len).held_out(6000, seeded(0, "melody optimum")).inputs
    tunes = compose(_numbered(asked)[1], seq_len, seeded(1, "melody optimum"))
    return float(tunes.nats.sum() / ((tunes.lengths > 0).sum() + asked.shape[1]))
