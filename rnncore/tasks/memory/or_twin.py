"""The twin of the truth table: the same records, but each answer is about the record before."""

from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.memory.or_table import ALWAYS_ONE, COIN, EXACT, OrTable


@TASKS.register("or_twin")
class OrTwin(OrTable):
    """Say after each record of two bits whether at least one bit of the record before was 1.

    Inputs ``(time, batch, 2)``: the bits a and b of `seq_len` records, fair coins. Targets ``(time, batch)``: 1 where
    a OR b of the record one step before, else 0; the first step has no record before it and does not count. Laid out
    like `OrTable` and listed beside it as one-to-one, though it is not: records answered one by one would never do
    here, since each answer needs a memory of one record. Held out as in `OrTable`.
    """

    label = "Truth table, one late"
    keywords = "logic gate Boolean truth OR bits toy delay memory"
    order = 11
    question = "a or b, but of the record before: what changes when the answer comes one step late?"
    summary = "The records of the truth table, but each answer is about the record before: this needs a memory."
    fails = {
        "feedforward": "Seeing one record at a time it was right in 75 to 77 % of cases, no better than always "
        "saying 1; every cell with a memory was right in all."
    }
    behind = 1

    def baselines(self) -> tuple[Baseline, ...]:
        """Return a coin, always saying 1, and remembering one record."""
        reason = (
            "The record in sight says nothing about the one before, which holds a 1 in three of four cases; "
            "loss: ln 4 - 3/4 ln 3."
        )
        return COIN, Baseline("memoryless", "always saying 1", ALWAYS_ONE, 0.75, reason), EXACT
