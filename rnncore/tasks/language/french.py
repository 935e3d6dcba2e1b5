"""English to French: sentences of a small grammar, in which words change places and agree with one another."""

import math
from collections.abc import Callable
from itertools import chain

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, Remembered
from rnncore.tasks.language.pairs import POSITIONS, PairsTask, position_losses
from rnncore.tasks.remembered import first_marked

# All nouns, and all adjectives before them, begin with a consonant in French: "le", "ce" and "beau" stay as they are.
# Nouns, masculine and feminine: one and many | one and many.
ANIMALS = (
    ("cat cats | chat chats", "dog dogs | chien chiens", "horse horses | cheval chevaux",
     "rabbit rabbits | lapin lapins", "wolf wolves | loup loups", "duck ducks | canard canards"),
    ("mouse mice | souris souris", "cow cows | vache vaches", "goat goats | chèvre chèvres",
     "giraffe giraffes | girafe girafes", "hen hens | poule poules", "turtle turtles | tortue tortues"),
)  # fmt: skip
THINGS = (
    ("boat boats | bateau bateaux", "castle castles | château châteaux", "garden gardens | jardin jardins",
     "hat hats | chapeau chapeaux", "book books | livre livres", "bicycle bicycles | vélo vélos"),
    ("car cars | voiture voitures", "house houses | maison maisons", "table tables | table tables",
     "shirt shirts | chemise chemises", "flower flowers | fleur fleurs", "key keys | clé clés"),
)  # fmt: skip
# Adjectives: English | masculine, feminine, masculine and many, feminine and many.
BEFORE = (
    "big | grand grande grands grandes", "small | petit petite petits petites", "old | vieux vieille vieux vieilles",
    "beautiful | beau belle beaux belles", "new | nouveau nouvelle nouveaux nouvelles", "good | bon bonne bons bonnes",
)  # fmt: skip
AFTER = (
    "black | noir noire noirs noires", "white | blanc blanche blancs blanches", "red | rouge rouge rouges rouges",
    "green | vert verte verts vertes", "grey | gris grise gris grises", "yellow | jaune jaune jaunes jaunes",
    "blue | bleu bleue bleus bleues", "brown | marron marron marron marron",
)  # fmt: skip
# Determiners: English | masculine, feminine.
DETERMINERS = (
    ("a an | un une", "the | le la", "my | mon ma", "this | ce cette"),
    ("the | les les", "my | mes mes", "these | ces ces", "two | deux deux", "three | trois trois",
     "four | quatre quatre", "five | cinq cinq", "seven | sept sept"),
)  # fmt: skip
# Verbs without and with an object: one and many | one and many.
ACTS = (
    "sleeps sleep | dort dorment", "runs run | court courent", "jumps jump | saute sautent",
    "dances dance | danse dansent", "falls fall | tombe tombent", "sings sing | chante chantent",
    "swims swim | nage nagent", "comes come | vient viennent", "eats eat | mange mangent",
    "drinks drink | boit boivent",
)  # fmt: skip
ACTS_ON = (
    "sees see | voit voient", "wants want | veut veulent", "finds find | trouve trouvent",
    "follows follow | suit suivent", "loses lose | perd perdent", "takes take | prend prennent",
    "draws draw | dessine dessinent", "looks-for look-for | cherche cherchent",
)  # fmt: skip
IS = ("is are | est sont",)
NOT = ("does do not | ne pas",)
ROWS = tuple(chain(*ANIMALS, *THINGS, BEFORE, AFTER, *DETERMINERS, ACTS, ACTS_ON, IS, NOT))
NOUNS = tuple(row.split(" | ")[0].split() for row in chain(*ANIMALS, *THINGS))
LONGEST = 8
KINDS = 5
DECISIONS = 16  # the most that a sentence needs

Pick = Callable[[int], int]


def words(row: str) -> tuple[list[str], list[str]]:
    """Return the English and the French words of one row of the tables above."""
    english, french = row.split(" | ")
    return english.split(), french.split()


def vocabulary(side: int) -> tuple[str, ...]:
    """Return all English words (0) or all French ones (1), by the alphabet."""
    return tuple(sorted({part for row in ROWS for word in words(row)[side] for part in word.split("-")}))


def sentence(pick: Pick) -> tuple[str, str]:
    """Return a phrase or a sentence in English and in French; `pick(n)` decides between n possibilities."""
    kind = pick(KINDS)
    nouns = (ANIMALS, THINGS)[pick(2)] if kind in (0, 1) else ANIMALS
    english, french, feminine, many = _noun_phrase(pick, nouns, most=1 if kind == 4 else 2)
    if kind == 1:  # the house is white
        (isnt, est), (adjective, agreeing) = words(IS[0]), _one(pick, BEFORE + AFTER)
        english += [isnt[many], *adjective]
        french += [est[many], agreeing[feminine + 2 * many]]
    elif kind in (2, 3):  # the cat sleeps, the cat does not sleep
        (act, acte), (no, non) = _one(pick, ACTS), words(NOT[0])
        english += [act[many]] if kind == 2 else [no[many], no[2], act[1]]
        french += [acte[many]] if kind == 2 else [non[0], acte[many], non[1]]
    elif kind == 4:  # the cat sees a mouse
        act, acte = _one(pick, ACTS_ON)
        seen, vu, *_ = _noun_phrase(pick, (ANIMALS, THINGS)[pick(2)], most=1)
        english += [*act[many].split("-"), *seen]
        french += [acte[many], *vu]
    return " ".join(english), " ".join(french)


def _decided(numbers: list[int]) -> tuple[str, str]:
    rest = iter(numbers)
    return sentence(lambda options: next(rest) % options)


def _noun_phrase(pick: Pick, nouns: tuple[tuple[str, ...], ...], most: int) -> tuple[list[str], list[str], int, int]:
    """Return a noun and what goes with it, at most so many adjectives; whether it is feminine and whether many."""
    feminine, many = pick(2), pick(2)
    noun, nom = _one(pick, nouns[feminine])
    determiner, article = _one(pick, DETERMINERS[many])
    described = pick(2 + most)  # not at all, before it, after it, both
    before = [_one(pick, BEFORE)] if described in (1, 3) else []
    after = [_one(pick, AFTER)] if described in (2, 3) else []
    adjectives = [adjective for (adjective,), _ in before + after]
    an = determiner[0] == "a" and adjectives[:1] == ["old"]
    form = feminine + 2 * many
    english = [determiner[an], *adjectives, noun[many]]
    french = [article[feminine], *(forms[form] for _, forms in before), nom[many], *(forms[form] for _, forms in after)]
    return english, french, feminine, many


def _one(pick: Pick, rows: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return words(rows[pick(len(rows))])


@TASKS.register("french")
class French(PairsTask):
    """Translate an English sentence into French.

    Inputs ``(time, batch)``: the words of the sentence, at most `seq_len`, with blanks in front. Targets ``(seq_len +
    1, batch)``: its words in French and the end symbol. Five kinds alike often, as far as they fit: a noun and what
    goes with it ("a small black cat"), said of it how it is ("the house is white"), what it does ("three cats sleep")
    or not ("my dog does not dance"), and what it does with another ("the hen looks for a red car"). 24 nouns, 14
    adjectives, 18 verbs, articles and numbers.

    French has genders: articles and adjectives agree with their noun, verbs with its number. Colours stand behind the
    noun, big and small before it; "does not sleep" becomes "ne dort pas". 10,000 training pairs; held-out sentences
    are in none of them, though their words are.

    Sutskever, Vinyals and Le (2014) and Bahdanau, Cho and Bengio (2015) translated from English to French; the
    grammar and the words are ours.
    """

    label = "English to French"
    keywords = "translation translate machine language English French attention sentence"
    data = "Made here by a grammar: a table of 10,000 pairs."
    order = 91
    question = "“a black cat” → “un chat noir”: can a network learn to translate?"
    summary = "An English sentence of a small grammar. Write it in French, with the right order and endings."
    seq_len_label = "Words per sentence, at most"
    seq_len_range = (4, LONGEST)
    recommended = {"seq_len": LONGEST, "hidden_size": 128, "lr": 0.005, "batch_size": 64, "steps": 2500,
                   "schedule": "cosine"}  # fmt: skip
    beats = ("guessing", "having read nothing", "word by word")
    fails = {
        "rnn": "Fed with its own words it wrote 47 % of them right, and 7 of 256 sentences without a fault.",
        "feedforward": "Without attention it has no state to hand over: it wrote one sentence for all, none right.",
    }
    ask = "A sentence in the words of the examples, such as “a black cat sleeps” or “my old houses are white”."
    held_out_size = 256
    between = " "
    source = vocabulary(0)
    target = vocabulary(1)

    def longest(self) -> tuple[int, int]:
        """Return the most words; French never needs more of them here, and the end."""
        return self.seq_len, self.seq_len + 1

    def pairs(self, n: int, generator: torch.Generator) -> list[tuple[str, str]]:
        """Draw `n` sentences that are short enough."""
        found: list[tuple[str, str]] = []
        while len(found) < n:
            rows = torch.randint(0, 2**31, (n, DECISIONS), generator=generator).tolist()
            found += [pair for pair in map(_decided, rows) if len(pair[0].split()) <= self.seq_len]
        return found[:n]

    def remembered(self, batch: Batch) -> Remembered:
        """Return the number of the subject, which is told by the first noun."""
        one, many = (torch.tensor([self.number[noun[i]] for noun in NOUNS]) for i in (0, 1))
        steps = first_marked(torch.isin(batch.inputs, torch.cat([one, many])))
        nouns = batch.inputs[steps, torch.arange(batch.size)]
        return Remembered("the subject's number", steps, torch.isin(nouns, many).long(), ("one", "many"))

    def parse_text(self, text: str) -> Tensor:
        """Return the words of a typed sentence, with blanks in front."""
        return self.typed(text)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, having read nothing, translating word by word, and translating without fault."""
        unread, each = _measured(self.seq_len)
        return (
            Baseline("chance", "guessing", math.log(self.output_size), 0.0,
                     f"{self.output_size} symbols at each place: hardly ever all right."),
            Baseline("memoryless", "having read nothing", *unread,
                     "How often each word stands at each place, counted on training sentences.", counted=POSITIONS),
            Baseline("other", "word by word", *each,
                     "Each English word as the French word most often found at its place, whatever is around it.",
                     counted=1000),
            Baseline("optimum", "exact", 0.0, 1.0, "Each sentence has one translation here."),
        )  # fmt: skip


@once_for_each(8)
def _measured(seq_len: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return loss and metric without reading and word by word: counted on training, measured on held-out sentences."""
    task = French(seq_len)
    training = task.batch(5000, seeded(0, "word baseline"))
    held_out = task.held_out(1000, seeded(0, "word baseline"))
    counts = torch.full((task.input_size, task.output_size), 0.01, dtype=torch.float64)
    seen = _in_place(training)[training.mask], training.targets[training.mask]
    counts.index_put_(seen, torch.ones(1).double(), accumulate=True)
    outputs = counts.log()[_in_place(held_out)]
    return position_losses(task), (task.loss(outputs, held_out).item(), task.metric(outputs, held_out).item())


def _in_place(batch: Batch) -> Tensor:
    """Return the words read, the first in front and blanks behind, one more than the longest sentence has."""
    order = (batch.inputs == 0).long().argsort(dim=0, stable=True)
    return torch.cat([batch.inputs.gather(0, order), torch.zeros_like(batch.inputs[:1])])
