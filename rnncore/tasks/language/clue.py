"""A clue from long ago: a sentence whose last word was decided many words before."""

import math
from collections.abc import Sequence

import torch

from rnncore.tasks.base import TASKS, Baseline, Batch
from rnncore.tasks.language.sentences import SentenceTask

LIVED = {
    "canada": "english", "france": "french", "spain": "spanish", "japan": "japanese",
    "italy": "italian", "poland": "polish", "greece": "greek", "turkey": "turkish",
}  # fmt: skip
LOOKED = {
    "clouds": "sky", "fish": "sea", "cows": "field", "books": "library",
    "trains": "station", "actors": "theatre", "loaves": "bakery", "boats": "harbour",
}  # fmt: skip
OPENINGS = ("as a child i lived in {} ,", "yesterday we all looked for the {} ,")
QUESTIONS = ("so today i speak fluent", "and they were in the")
FILLER = (
    ("the", "my", "our", "a", "one"),
    ("old", "small", "busy", "quiet", "green", "happy"),
    ("neighbour", "teacher", "cat", "doctor", "sister", "gardener"),
    ("sang", "waited", "laughed", "cooked", "painted", "slept"),
    ("slowly", "often", "again", "outside", "alone", "today"),
    (",", "and", "while", "then"),
)
CLUES = (*LIVED, *LOOKED)
ANSWERS = (*LIVED.values(), *LOOKED.values())
_FRAME = " ".join((*OPENINGS, *QUESTIONS)).replace("{} ", "").split()
WORDS = tuple(sorted({*CLUES, *_FRAME, *(word for part in FILLER for word in part)}))
NUMBER = {word: number for number, word in enumerate(WORDS)}
PLACE = (OPENINGS[0].split().index("{}"), OPENINGS[1].split().index("{}"))
FAMILY = len(LIVED)  # clues of the first kind; as many of the second


@TASKS.register("clue")
class Clue(SentenceTask):
    """Complete a sentence whose clue stands `seq_len` words back.

    Inputs ``(time, batch)``: numbers of words. A sentence has three parts: an opening that names one of sixteen clues
    ("as a child i lived in canada ,"), `seq_len` words that say nothing about it, and a question of five words ("so
    today i speak fluent"). Target ``(batch,)``: which of sixteen words completes it; the question tells only of which
    kind it is, a language or a place, eight of each. The words between follow a small grammar and may be cut anywhere.
    Held-out sentences are combinations of clue and words between that never occur in training.

    The LSTM begins with a forget bias of 3: with 1 it stayed at "last word only" for the first 700 updates and reached
    94 to 96 % after 1,500; with 3 it is right in all after 300, as the GRU is (ten words between, seeds 0 to 2).

    The sentences of lecture notes on long-term dependencies ("the clouds are in the ...", "I grew up in ... I speak
    fluent ...", after Olah, 2015), as a task; the words are ours.
    """

    label = "Clue from long ago"
    keywords = "memory long-term dependency language sentence cloze gap context words"
    order = 35
    question = "“I lived in France … so today I speak fluent ___”: how many words may stand between?"
    summary = "A sentence with a clue at its beginning, words that do not matter, and a last word to fill in."
    metric_label = "right words"
    seq_len_label = "Words between"
    seq_len_range = (2, 60)
    recommended = {"seq_len": 10, "lr": 0.005, "hidden_size": 64, "batch_size": 64, "forget_bias": 3.0, "steps": 600}
    beats = ("guessing", "seeing the last word only")
    fails = {"feedforward": "It sees the last few words only and never gets beyond the kind of the answer, 1 in 8."}
    answers = ANSWERS
    ask = (
        "A sentence in the words of the examples, such as “as a child i lived in japan , the old cat sang often , "
        "and my happy doctor waited so today i speak fluent”."
    )
    words = WORDS
    telling = CLUES
    input_size = len(WORDS)
    output_size = len(ANSWERS)

    @property
    def total_steps(self) -> int:
        """Words of the whole sentence."""
        return len(OPENINGS[0].split()) + self.seq_len + len(QUESTIONS[0].split())

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        clues = torch.randint(0, len(CLUES), (n,), generator=generator)
        kind = (clues >= FAMILY).long()
        openings = torch.tensor([[NUMBER.get(word, 0) for word in text.split()] for text in OPENINGS])[kind].T.clone()
        openings[torch.tensor(PLACE)[kind], torch.arange(n)] = torch.tensor([NUMBER[word] for word in CLUES])[clues]
        between = torch.empty(self.seq_len, n, dtype=torch.int64)
        for step in range(self.seq_len):
            part = FILLER[step % len(FILLER)]
            drawn = torch.randint(0, len(part), (n,), generator=generator)
            between[step] = torch.tensor([NUMBER[word] for word in part])[drawn]
        questions = torch.tensor([[NUMBER[word] for word in text.split()] for text in QUESTIONS])[kind].T
        return Batch(torch.cat([openings, between, questions]), clues)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, guessing with the last word in sight, and remembering."""
        return (
            Baseline("chance", "guessing", math.log(16), 1 / 16, "Sixteen words complete a sentence equally often."),
            Baseline(
                "memoryless", "seeing the last word only", math.log(8), 1 / 8,
                "“fluent” asks for a language, “the” for a place: eight words each, equally often.",
            ),
            Baseline("optimum", "exact", 0.0, 1.0, "The clue decides the answer."),
        )  # fmt: skip

    def brief(self, words: Sequence[str]) -> str:
        """Return the clue and the last word."""
        return f"{next(word for word in words if word in CLUES)} … {words[-1]}"
