"""Sentiment: did somebody like it? With "not" and "but", so that no single word can tell."""

import math

import torch
from torch import Tensor

from rnncore.tasks.base import TASKS, Baseline, Batch
from rnncore.tasks.language.sentences import (
    CHAT_WORDS,
    COUNTED,
    SentenceTask,
    amid_chat,
    bag_of_words,
    expand,
    joined,
    last_word,
    vocabulary,
    wordings,
)

ANSWERS = ("negative", "positive")
SAID = {  # {good}, {like}: an opinion as it is said; {bad}, {hate}: the opposite one
    "plain": (
        "the {thing} was {good}", "the {thing} was {very} {good}", "what a {good} {thing}", "i {like} the {thing}",
        "i {really} {like} the {thing}", "we all {like} the {thing}",
    ),
    "negated": (
        "the {thing} was not {bad}", "the {thing} was not {bad} at all", "the {thing} was never {bad}",
        "the {thing} was hardly {bad}", "the {thing} was not {very} {bad}", "nobody found the {thing} {bad}",
        "i did not {hate} the {thing}", "i did not {hate} the {thing} at all", "nobody could {hate} the {thing}",
    ),
}  # fmt: skip
GOOD = ("good", "funny", "clever", "brilliant", "touching", "lovely", "exciting", "fresh")
BAD = ("bad", "boring", "stupid", "dreadful", "silly", "ugly", "tedious", "stale")
LIKE, HATE = ("like", "love", "enjoy", "admire"), ("hate", "dislike", "regret", "despise")
SHARED = {
    "thing": ("acting", "plot", "music", "end", "beginning", "film", "story", "cast"),
    "very": ("very", "really", "quite", "so"),
    "really": ("really", "truly"),
}
PARTS = (
    {**SHARED, "good": BAD, "bad": GOOD, "like": HATE, "hate": LIKE},
    {**SHARED, "good": GOOD, "bad": BAD, "like": LIKE, "hate": HATE},
)
CLAUSES = [expand(pattern, parts) for parts in PARTS for own in SAID.values() for pattern in own]
PLAIN, PATTERNS = len(SAID["plain"]), len(CLAUSES) // 2  # of each side; the plain ones come first
JOINTS = (("", ""), ("", "and"), ("", ", but"), ("although", ","), ("", ", although"))  # before, between two clauses
SIDES = torch.tensor([[1, 1, 0, 0, 1], [1, 1, 1, 1, 0]])  # per clause and joint: 1 if it says what the review does
WORDS = vocabulary(
    [*CHAT_WORDS, *(text for own in CLAUSES for text in own), *(word for both in JOINTS for word in both)]
)
NUMBER = {word: number for number, word in enumerate(WORDS)}
PADDING = len(WORDS)
TABLE = wordings(CLAUSES, NUMBER)
LINKS = wordings([[word] for place in (0, 1) for word in (both[place] for both in JOINTS)], NUMBER)
OPINIONS = (*GOOD, *BAD, *LIKE, *HATE)
HELD_OUT = torch.zeros(PADDING + 1, PADDING + 1, dtype=torch.bool)  # word before, opinion
for place, opinion in enumerate(OPINIONS):
    HELD_OUT[place % 7 : PADDING : 7, NUMBER[opinion]] = True


@TASKS.register("sentiment")
class Sentiment(SentenceTask):
    """Say whether a short review is positive or negative.

    Inputs ``(time, batch)``: numbers of words, padded at the end with a number of its own. A review has one clause
    ("the plot was not boring at all") or two, joined by "and" (both say the same), "but" (the second decides) or
    "although" (the other one decides). One clause in three is negated. At most `seq_len` words of small talk
    stand around the review. Target ``(batch,)``: 0 negative, 1 positive, equally often.

    Held out are combinations of an opinion with the word before it ("never boring", "very boring"), one in seven:
    reviews that contain such a pair of words are kept out of training, where both words occur in other pairs.

    Reviews are ours; why negation needs more than a count of words is shown by Pang et al. (2002) and Socher et al.
    (2013).
    """

    label = "Sentiment"
    keywords = "opinion review film movie positive negative mood language classification negation"
    order = 38
    question = "“The acting was good, but the end was not”: did somebody like it? No single word can tell."
    summary = "A short review with “not” and “but” amid small talk. Say whether its writer liked the film."
    metric_label = "right reviews"
    seq_len_label = "Most words of small talk"
    seq_len_range = (2, 60)
    recommended = {"seq_len": 6, "lr": 0.005, "hidden_size": 64, "batch_size": 64, "steps": 600}
    beats = ("guessing", "seeing the last word only", "a vote of all words")
    fails = {
        "feedforward": "A window of ten words does not reach the clause that decides, or the word that turns it round: "
        "59 to 60 % of held-out reviews with two seeds, where a GRU gets all right.",
    }
    answers = ANSWERS
    ask = "A review in the words of the examples, such as “the acting was not bad at all , but the end was boring”."
    words = WORDS
    telling = OPINIONS
    input_size = PADDING + 1
    output_size = 2

    @property
    def total_steps(self) -> int:
        """Two of the longest clauses, what joins them, and the small talk."""
        return self.seq_len + 2 * TABLE.rows.shape[1] + LINKS.rows.shape[1]

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        positive = torch.randint(0, 2, (n,), generator=generator)
        joint = torch.randint(0, len(JOINTS), (n,), generator=generator)
        sides = 1 - (SIDES[:, joint] ^ positive)  # (clauses, n)
        negated = torch.rand(2, n, generator=generator) < 1 / 3
        plain = torch.randint(0, PLAIN, (2, n), generator=generator)
        pattern = torch.where(negated, torch.randint(PLAIN, PATTERNS, (2, n), generator=generator), plain)
        first, second = (TABLE.draw(PATTERNS * sides[i] + pattern[i], generator) for i in (0, 1))
        before, between = (LINKS.draw(joint + len(JOINTS) * i, generator) for i in (0, 1))
        second = second.where(joint > 0, PADDING)
        longest = self.total_steps - self.seq_len
        said, _ = joined([before, first, between, second], PADDING, longest)
        inputs, lengths = amid_chat(said, self.seq_len, NUMBER, generator)
        return Batch(inputs, positive, lengths=lengths)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which reviews contain a pair of words that is kept out of training."""
        return HELD_OUT[batch.inputs[:-1], batch.inputs[1:]].any(dim=0)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the last word, a vote of all words whatever their order, and understanding."""
        return (
            Baseline("chance", "guessing", math.log(2), 1 / 2, "As many reviews are positive as negative."),
            Baseline(
                "memoryless", "seeing the last word only", *last_word(type(self), self.seq_len),
                "Measured on 4,000 reviews from a fixed seed: for each last word the side that it ends more often, and "
                "the loss with the frequencies of both.",
                counted=2 * COUNTED,
            ),
            Baseline(
                "other", "a vote of all words", *bag_of_words(type(self), self.seq_len),
                "Measured: one weight per word, fitted to 2,000 training reviews (logistic regression), scored on "
                "2,000 held out. It does not know which word “not” stands before, nor what comes after “but”.",
                counted=COUNTED,
            ),
            Baseline("optimum", "understanding", 0.0, 1.0, "The rules leave no review open."),
        )  # fmt: skip
