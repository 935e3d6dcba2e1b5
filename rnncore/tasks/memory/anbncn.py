"""Counting twice: words of as many b as a, and as many c."""

from rnncore.tasks.base import TASKS
from rnncore.tasks.memory.anbn import AnBn


@TASKS.register("anbncn")
class AnBnCn(AnBn):
    """Predict the set of symbols that may come next in a word of n times a, n times b, then n times c.

    Inputs ``(time, batch)``: symbol 3 is the start, then 0, 1, 2 for a, b, c; after a word's end 3 again, as padding.
    Targets ``(time, batch, 4)``: 1 for each of a, b, c, end that is legal next. All else as in `AnBn`, with words of
    3 n letters. No stack can tell these words from others: it takes two counters. Gers and Schmidhuber (2001) showed
    that an LSTM learns it.
    """

    label = "Counting a, b and c"
    keywords = "counting counter language grammar automaton context-sensitive generalisation longer"
    order = 53
    question = "As many b as a, and as many c: trained on words up to ten, how far does the network count?"
    summary = "A row of a, as many b, as many c. After each symbol, name all symbols that may legally follow."
    recommended = {
        "seq_len": 10, "hidden_size": 16, "batch_size": 2, "forget_bias": 10.0,
        "lr": 0.1, "schedule": "cosine", "steps": 2500,
    }  # fmt: skip
    fails = {
        "gru": "With the learning rate that suits the LSTM it was right up to n = 9 only; the LSTM was right up to 52, "
        "68 and 183 with three seeds.",
        "rnn": "It did not even learn the words of training: right at n = 1 only.",
        "feedforward": "Seeing ten steps it was right up to n = 4 only.",
    }
    ask = "A word of a, b and c or its beginning, such as “aabbcc”."
    answers = ("a", "b", "c", "end")
    letters = "abc"
