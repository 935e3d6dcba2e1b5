"""Intent: what does somebody want who talks to an assistant? Scored on wordings that were never trained on."""

import math
from functools import cache

import torch
from torch import Tensor

from rnncore.tasks.base import TASKS, Baseline, Batch
from rnncore.tasks.language.intent_words import HELD_OUT, patterns
from rnncore.tasks.language.sentences import (
    CHAT_WORDS,
    COUNTED,
    SentenceTask,
    Wordings,
    amid_chat,
    bag_of_words,
    expand,
    last_word,
    vocabulary,
    wordings,
)

PATTERNS, PARTS = patterns()
INTENTS = tuple(PATTERNS)
WORDS = vocabulary([*CHAT_WORDS, *(text for own in (*PATTERNS.values(), *PARTS.values()) for text in own)])
NUMBER = {word: number for number, word in enumerate(WORDS)}
COUNT = torch.tensor([len(own) for own in PATTERNS.values()])
COMBINED = torch.zeros(len(HELD_OUT), len(WORDS) + 1)
for row, combination in zip(COMBINED, HELD_OUT, strict=True):
    row[[NUMBER[word] for word in combination.split()]] = 1


@cache
def requests() -> tuple[list[str], ...]:
    """Return all wordings of every pattern, pattern by pattern, intent by intent."""
    return tuple(expand(pattern, PARTS) for own in PATTERNS.values() for pattern in own)


@cache
def table() -> Wordings:
    """Return all requests in numbers."""
    return wordings(requests(), NUMBER)


@TASKS.register("intent")
class Intent(SentenceTask):
    """Say what a request is about: the time, the weather, an alarm, ... or nothing but good manners.

    Inputs ``(time, batch)``: numbers of words, padded at the end with a number of its own. A request is one wording
    of some 220 patterns for nine intents ("wake me up tomorrow", "what is the weather like today ?"), with or without
    polite words ("could you", "by the way ,"); at most `seq_len` words of small talk stand around it. Target
    ``(batch,)``: the intent, all nine equally often, and within an intent all patterns. Hardly any word decides alone:
    one sets an alarm or the volume, is told the way or a joke, "time to go" is a goodbye, and in "give me the time
    instead of a joke" the order decides.

    Held out are wordings, not just copies: whole patterns, two to six of each intent, recognised by a combination of
    words that no training request contains ("tell" with "time"). Each of the words does occur in training with others.

    The patterns are ours; the problem is that of assistants (ATIS, Hemphill et al., 1990; SNIPS, Coucke et al., 2018).
    """

    label = "Intent"
    keywords = "chatbot assistant voice command language sentence classification request Siri Alexa"
    order = 36
    question = "“Could you tell me the time?”: what does somebody want who says it in words never trained on?"
    summary = "A request to an assistant amid small talk, in one of many wordings. Say which of nine things it wants."
    metric_label = "right intents"
    seq_len_label = "Most words of small talk"
    seq_len_range = (2, 60)
    recommended = {"seq_len": 6, "lr": 0.005, "hidden_size": 64, "batch_size": 64, "steps": 600}
    beats = ("guessing", "seeing the last word only", "a vote of all words")
    fails = {
        "feedforward": "A window of ten words loses sight of a request that is followed by small talk: "
        "88 to 89 % of held-out wordings with three seeds, where a GRU gets 99.7 % or more.",
    }
    answers = INTENTS
    ask = "A request in the words of the examples, such as “could you tell me what time it is”."
    words = WORDS
    input_size = len(WORDS) + 1
    output_size = len(INTENTS)

    @property
    def total_steps(self) -> int:
        """The longest request and the small talk around it."""
        return self.seq_len + table().rows.shape[1]

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        intents = torch.randint(0, len(INTENTS), (n,), generator=generator)
        pattern = (torch.rand(n, generator=generator) * COUNT[intents]).long()
        said = table().draw((COUNT.cumsum(0) - COUNT)[intents] + pattern, generator)
        inputs, lengths = amid_chat(said, self.seq_len, NUMBER, generator)
        return Batch(inputs, intents, lengths=lengths)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which requests contain a combination of words that is kept out of training."""
        occurs = torch.zeros(batch.size, self.input_size).scatter_(1, batch.inputs.T, 1.0)
        return (occurs @ COMBINED.T == COMBINED.sum(dim=1)).any(dim=1)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the last word, a vote of all words whatever their order, and understanding."""
        return (
            Baseline("chance", "guessing", math.log(9), 1 / 9, "Nine intents, one of them right."),
            Baseline(
                "memoryless", "seeing the last word only", *last_word(type(self), self.seq_len),
                "Measured on 4,000 requests from a fixed seed: for each last word the intent that it most often ends, "
                "and the loss with the frequencies of all nine.",
                counted=2 * COUNTED,
            ),
            Baseline(
                "other", "a vote of all words", *bag_of_words(type(self), self.seq_len),
                "Measured: one weight per word and intent, fitted to 2,000 training requests (logistic regression), "
                "scored on 2,000 in wordings held out. It does not know in which order the words stand.",
                counted=COUNTED,
            ),
            Baseline("optimum", "understanding", 0.0, 1.0, "No request has two intents."),
        )  # fmt: skip
