"""Named entities: who, where, which company, when? Scored on names that were never trained on."""

import math
import re
import string
from functools import cache

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.language.entity_words import NAMES, PARTS, PATTERNS
from rnncore.tasks.language.sentences import Wordings, end_of, expand, vocabulary, wordings
from rnncore.tasks.typed import MOST_STEPS, advice, short

KINDS = {"p": "person", "l": "place", "c": "organisation", "d": "date"}
SHORT = ("PER", "LOC", "ORG", "DATE")
TAGS = ("O", *(f"{place}-{kind}" for kind in KINDS.values() for place in "BI"))
TOKENS = vocabulary([*PATTERNS, *(text for part in PARTS.values() for text in part)])  # words and what they belong to
NUMBER = {token: number for number, token in enumerate(TOKENS)}
HELD_OUT_NAMES = tuple(NAMES[3::7])
OPEN = {  # what stands for many words
    "@": tuple(name for name in NAMES if name not in HELD_OUT_NAMES),
    "00": tuple(map(str, range(1, 32))),
    "000": tuple(map(str, range(2, 1000))),
    "0000": tuple(map(str, range(1850, 2030))),
}
WORDS = tuple(sorted({token.partition("/")[0].lower() for token in TOKENS} - OPEN.keys()))
LETTERS = string.ascii_lowercase + string.digits
SEEN_LETTERS = 4  # of a word not in WORDS: its first letter and its last three
CAPITAL = len(WORDS)
SPELT = CAPITAL + 1  # where the letters begin among what the network sees of a word


def seen(word: str) -> Tensor:
    """Return what the network sees of a word: whether it has a capital, which of WORDS it is, else some letters."""
    found = torch.zeros(SPELT + SEEN_LETTERS * len(LETTERS))
    found[CAPITAL] = float(word[0].isupper())
    if word.lower() in WORDS:
        found[WORDS.index(word.lower())] = 1
        return found
    for place, letter in enumerate((word[:-3][:1], *word[-3:].rjust(3))):
        if letter and letter.lower() in LETTERS:
            found[SPELT + place * len(LETTERS) + LETTERS.index(letter.lower())] = 1
    return found


@cache
def lexicon() -> tuple[tuple[str, ...], Tensor]:
    """Return all words that can occur, the held-out names last, and what is seen of each."""
    words = (*WORDS, *(word.capitalize() for word in WORDS), *(word for more in OPEN.values() for word in more))
    words = (*words, *HELD_OUT_NAMES)
    nothing = torch.zeros(1, SPELT + SEEN_LETTERS * len(LETTERS))  # padding, after the last word
    return words, torch.cat([torch.stack([seen(word) for word in words]), nothing])


@cache
def tokens() -> tuple[Tensor, Tensor, Tensor]:
    """Return per token, the padding last, where its words begin in the lexicon, how many they are, and its tag."""
    first, count, tag = [], [], []
    for token in TOKENS:
        word, _, letter = token.partition("/")
        words = OPEN.get(word, (word,))
        first.append(lexicon()[0].index(words[0]))
        count.append(len(words))
        tag.append(TAGS.index(f"{'B' if letter.isupper() else 'I'}-{KINDS[letter.lower()]}") if letter else 0)
    return torch.tensor([*first, len(lexicon()[0])]), torch.tensor([*count, 1]), torch.tensor([*tag, 0])


@once_for_each(16)
def table(longest: int) -> Wordings:
    """Return all sentences of at most so many words, in tokens."""
    groups = [[text for text in expand(pattern, PARTS) if len(text.split()) <= longest] for pattern in PATTERNS]
    return wordings([group for group in groups if group], NUMBER)


@TASKS.register("entities")
class Entities(Task):
    """Mark the names of persons, places and organisations, and the dates, in a sentence.

    Inputs ``(time, batch, features)``: of each word whether it begins with a capital and which of some 90 known words
    it is; of any other (names, numbers) the first letter and the last three, one-hot. Padded with zeros. Targets
    ``(time, batch)``: nine tags, O for "no entity", and for each of four kinds B on its first word and I on its others
    (BIO). Sentences have at most `seq_len` words; padded steps do not count. The metric is that of CoNLL-2003 (Tjong
    Kim Sang and De Meulder, 2003): F1 of whole entities, exact in both ends and kind; 1 if there is none and none is
    found.

    Every name can be a person's, a place's or an organisation's ("Paris", "Lincoln", "Kent"): the words around it
    decide, those before ("shares in Kent fell") or those after ("Kent , so they say , lies on the coast"). Whoever
    reads forwards only has to guess the latter, so the recommended network reads both ways. Held out are names: a
    sentence has either training names only or held-out names only, and those differ from all training names in the
    letters that the network sees.

    Sentences are ours; the names are common English ones.
    """

    label = "Named entities"
    keywords = "names NER tagging labelling person place organisation company information extraction language"
    order = 55
    question = "“Paris laughed”, “Paris lies on the coast”: who or what is meant by a name never seen before?"
    summary = "A sentence. Say of each word whether it belongs to a person, a place, an organisation or a date."
    sequence_type = SequenceType.ALIGNED
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats per word"
    metric_label = "F1 of whole entities"
    seq_len_label = "Longest sentence"
    seq_len_range = (8, 20)
    recommended = {"seq_len": 20, "bidirectional": True, "lr": 0.005, "steps": 600}
    beats = ("guessing", "seeing the current word only", "seeing both neighbours, too")
    answers = TAGS
    ask = (
        "A sentence in the words of the examples; names may be any, if they begin with a capital, such as "
        "“Priya Patel met Kent in Lake Geneva on 3 March 1987 .”."
    )
    input_size = SPELT + SEEN_LETTERS * len(LETTERS)
    output_size = len(TAGS)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples; one in eight has held-out names."""
        sentences, (words, seen_of) = table(self.seq_len), lexicon()
        short = sentences.draw(torch.randint(0, len(sentences.count), (n,), generator=generator), generator)
        drawn = torch.full((self.seq_len, n), len(TOKENS))
        drawn[: len(short)] = short
        first, count, tag = tokens()
        chance = torch.rand(self.seq_len, n, generator=generator)
        unknown = (torch.rand(n, generator=generator) < 1 / 8) & (first[drawn] == words.index(OPEN["@"][0]))
        chosen = torch.where(
            unknown,
            len(words) - len(HELD_OUT_NAMES) + (chance * len(HELD_OUT_NAMES)).long(),
            first[drawn] + (chance * count[drawn]).long(),
        )
        chosen[0] += len(WORDS) * (chosen[0] < len(WORDS))  # a sentence begins with a capital
        lengths = (drawn < len(TOKENS)).sum(dim=0)
        return Batch(seen_of[chosen], tag[drawn], torch.arange(self.seq_len)[:, None] < lengths, lengths)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which sentences contain a held-out name."""
        names = torch.stack([seen(name)[SPELT:] for name in HELD_OUT_NAMES])
        return (batch.inputs[..., SPELT:] @ names.T == SEEN_LETTERS).flatten(2).any(dim=2).any(dim=0)

    def parse_text(self, text: str) -> Tensor:
        """Return what is seen of the words of a typed sentence; a word may be unknown if it begins with a capital."""
        words = self.typed_steps(text)
        if not 0 < len(words) <= MOST_STEPS:
            raise ConfigError(f"One sentence of 1 to {MOST_STEPS} words can be read, not {len(words):,} words.")
        for word in words:
            if not (word.lower() in WORDS or word[0].isupper() or word.isdecimal()):
                raise ConfigError(
                    f"The network has never seen “{word[:20]}”, and only names (with a capital) and numbers may be "
                    "new: "
                    f"{advice(word.lower(), WORDS, 'words')}."
                )
        return torch.stack([seen(word) for word in words])[:, None]

    def typed_steps(self, text: str) -> tuple[str, ...]:
        """Return the words, of which the network sees some letters only."""
        return tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]", short(text)))

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the words; of a name that is not ours the letters that the network sees."""
        return tuple(_spelt(row) for row in inputs[:, 0])

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return F1 of whole entities, over the whole batch."""
        tags = outputs.argmax(dim=-1)
        return f1(tags if batch.mask is None else tags.where(batch.mask, 0), batch.targets)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the best tag of each word by itself and with its neighbours, and understanding."""
        measured = _by_neighbours(self.seq_len)
        return (
            Baseline("chance", "guessing", math.log(len(TAGS)), measured[0][1], "Random tags, measured.", counted=4000),
            Baseline(
                "memoryless", "seeing the current word only", *measured[1],
                "Measured on 4,000 sentences from a fixed seed: the tag that each word has most often, all names being "
                "one word, and the loss with the frequencies of all nine tags.",
                counted=4000,
            ),
            Baseline(
                "other", "seeing both neighbours, too", *measured[2],
                "Measured likewise, with the most frequent tag of each word between these two neighbours.",
                counted=4000,
            ),
            Baseline("optimum", "understanding", 0.0, 1.0, "Every sentence can be understood in one way only."),
        )  # fmt: skip

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the end of the sentence and its entities in order; in the tracks all words, and each entity whole."""
        length = len(example.inputs) if example.lengths is None else int(example.lengths)
        words = self.steps(example.inputs[:length])
        truth = example.targets[:length, 0]
        meant = _pieces(words, truth)
        tracks = [Track("word", "input", words), Track("names and dates", "truth", tuple(meant.values()) or ("none",))]
        text, right = None, None
        if output is not None:
            answer = output[:length].argmax(dim=-1)
            found = _pieces(words, answer)
            wrong = tuple(i for i, place in enumerate(found) if found[place] != meant.get(place))
            nothing = ((0,) if meant else ()) if not found else wrong
            tracks.append(Track("network", "answer", tuple(found.values()) or ("none",), marked=nothing))
            text, right = _kinds(answer), float(f1(answer[:, None], truth[:, None])) == 1
        return Shown(end_of(words), _kinds(truth), text, right, tuple(tracks))


def f1(found: Tensor, true: Tensor) -> Tensor:
    """Return F1 of the entities in tags ``(time, batch)``: twice the exact matches over all that are found or true."""
    a, b = entities(found), entities(true)
    matches = ((a > 0) & (a == b)).sum()
    total = (a > 0).sum() + (b > 0).sum()
    return torch.where(total > 0, 2 * matches / total.clamp(min=1), 1.0)


def entities(tags: Tensor) -> Tensor:
    """Return, where an entity begins, a number for its kind and length, elsewhere 0: ``(time, batch)``.

    A word tagged I begins an entity, too, if the word before it is not of the same kind.
    """
    kind = (tags + 1) // 2
    goes_on = torch.zeros_like(tags, dtype=torch.bool)
    goes_on[1:] = (tags[1:] > 0) & (tags[1:] % 2 == 0) & (kind[1:] == kind[:-1])
    length = torch.ones_like(tags)
    for step in range(len(tags) - 2, -1, -1):
        length[step] += goes_on[step + 1] * length[step + 1]
    return ((kind > 0) & ~goes_on) * (length * (len(KINDS) + 1) + kind)


def _pieces(words: tuple[str, ...], tags: Tensor) -> dict[int, str]:
    """Return each entity of a sentence as text, by the step at which it begins."""
    pieces = {}
    for begin, code in enumerate(entities(tags[:, None])[:, 0].tolist()):
        if code:
            count, kind = divmod(code, len(KINDS) + 1)
            pieces[begin] = f"{' '.join(words[begin : begin + count])} = {SHORT[kind - 1]}"
    return pieces


def _kinds(tags: Tensor) -> str:
    begins = entities(tags[:, None])[:, 0]
    return end_of([SHORT[int(code) % (len(KINDS) + 1) - 1] for code in begins[begins > 0]]) or "none"


@cache
def _spellings() -> dict[tuple[int, ...], str]:
    words, seen_of = lexicon()
    return {tuple(row.nonzero()[:, 0].tolist()): word for word, row in zip(words, seen_of, strict=False)}


def _spelt(row: Tensor) -> str:
    places = tuple(row.nonzero()[:, 0].tolist())
    letters = "".join(LETTERS[(place - SPELT) % len(LETTERS)] for place in places if place >= SPELT)
    partly = f"{letters[:-3]}…{letters[-3:]}" if len(letters) == SEEN_LETTERS else letters
    return _spellings().get(places) or (partly.capitalize() if row[CAPITAL] else partly) or "?"


@once_for_each(16)
def _by_neighbours(seq_len: int) -> tuple[tuple[float, float], ...]:
    """Return loss and F1 of random tags, of the best tag for each word, and of that between two neighbours."""
    batch = Entities(seq_len).sample(4000, seeded(0, "entities baselines"))
    assert batch.mask is not None  # noqa: S101
    random = torch.randint(0, len(TAGS), batch.targets.shape, generator=seeded(0, "entities random"))
    results = [(math.log(len(TAGS)), float(f1(random.where(batch.mask, 0), batch.targets)))]
    letters = batch.inputs[..., SPELT:].sum(dim=-1).long()
    known = batch.inputs[..., :SPELT] @ torch.arange(1.0, SPELT + 1)  # all different, but for a capital
    word = (known.long() * (SEEN_LETTERS + 1) + letters).where(batch.mask, 0)
    size = int(word.max()) + 1
    around = torch.nn.functional.pad(word, (0, 0, 1, 1))
    for keys in (word, (around[:-2] * size + word) * size + around[2:]):
        which = keys[batch.mask].unique(return_inverse=True)[1]
        counts = torch.zeros(int(which.max()) + 1, len(TAGS), dtype=torch.float64)
        counts.index_put_((which, batch.targets[batch.mask]), torch.ones(len(which)).double(), accumulate=True)
        share = counts / counts.sum(dim=1, keepdim=True)
        best = torch.zeros_like(batch.targets)
        best[batch.mask] = counts.argmax(dim=1)[which]
        results.append((-float(torch.xlogy(counts, share).sum()) / len(which), float(f1(best, batch.targets))))
    return tuple(results)
