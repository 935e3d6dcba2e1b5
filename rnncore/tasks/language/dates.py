"""Dates: from the many ways in which people write them to one that sorts."""

import math
from datetime import date, timedelta

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.language.pairs import BLANK, POSITIONS, PairsTask, position_losses
from rnncore.tasks.typed import short

FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
MONTHS = ("january", "february", "march", "april", "may", "june",
          "july", "august", "september", "october", "november", "december")  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WAYS = (
    "{month} {day}, {year}",
    "{day} {month} {year}",
    "{short} {day}, {year}",
    "{day} {short} {year}",
    "{day}. {month} {year}",
    "{weekday}, {month} {day}, {year}",
    "{weekday} {day} {month} {year}",
    "{month_number}/{day}/{year}",
    "{year}/{month_number}/{day}",
    "{day}.{month_number}.{year}",
)
LONGEST = len("wednesday, september 30, 2049")


def written(day: date, way: str) -> str:
    """Return a date in one of the `WAYS`, in small letters."""
    month = MONTHS[day.month - 1]
    return way.format(
        month=month, short=month[:3], month_number=day.month, day=day.day, year=day.year, weekday=DAYS[day.weekday()]
    )


@TASKS.register("dates")
class Dates(PairsTask):
    """Turn a date as people write it into year-month-day.

    Inputs ``(time, batch)``: "wednesday, april 22, 2019", "22 apr 2019", "4/22/2019" (month first), "22.4.2019" (day
    first) and six more ways, in small letters, with blanks in front up to `seq_len` characters. Targets ``(11,
    batch)``: "2019-04-22" and the end symbol. Days from 1950 to 2049, all alike often, ten ways alike often; 10,000
    training pairs. Held-out questions occur in no training pair; the same day written in another way may.

    A common exercise for encoder-decoders; the ways of writing and the generator are ours.
    """

    label = "Dates"
    keywords = "translation normalise format calendar day month year attention text"
    data = "Made here by a generator: a table of 10,000 pairs."
    order = 90
    question = "“april 22, 2019” → 2019-04-22: can a network learn to tidy up dates?"
    summary = "A date in one of ten ways of writing. Write it as year-month-day."
    seq_len_label = "Characters read"
    seq_len_range = (LONGEST, 2 * LONGEST)
    longer = "same"  # blanks in front
    recommended = {"seq_len": LONGEST, "hidden_size": 128, "lr": 0.005, "batch_size": 64, "steps": 2500,
                   "schedule": "cosine"}  # fmt: skip
    beats = ("guessing", "having read nothing")
    fails = {
        "rnn": "It wrote 79 % of the characters right, but only 5 of 512 dates without a fault.",
        "feedforward": "Without attention it has no state to hand over: it wrote one date for all, none right.",
    }
    held_out_size = 512
    ask = "A date in small letters from 1950 to 2049, such as “april 22, 2019” or “22.4.2019”."
    source = tuple(sorted(set("".join((*MONTHS, *DAYS, "0123456789 ,./"))) - {BLANK}))
    target = tuple("0123456789-")

    def longest(self) -> tuple[int, int]:
        """Return the width of the question, and ten characters and the end."""
        return self.seq_len, 11

    def pairs(self, n: int, generator: torch.Generator) -> list[tuple[str, str]]:
        """Draw `n` dates and ways of writing them."""
        days = torch.randint(0, (LAST - FIRST).days + 1, (n,), generator=generator).tolist()
        ways = torch.randint(0, len(WAYS), (n,), generator=generator).tolist()
        drawn = [FIRST + timedelta(days=day) for day in days]
        return [(written(day, WAYS[way]), day.isoformat()) for day, way in zip(drawn, ways, strict=True)]

    def parse_text(self, text: str) -> Tensor:
        """Return a typed date, with blanks in front."""
        return self.typed(" ".join(short(text).lower().split()))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the best guess that has read nothing, and writing without fault."""
        loss, metric = _unread(self.seq_len)
        return (
            Baseline("chance", "guessing", math.log(12), 0.0, "Twelve symbols, eleven times: hardly ever all right."),
            Baseline("memoryless", "having read nothing", loss, metric,
                     "How often each character stands at each place, counted on training dates.", counted=POSITIONS),
            Baseline("optimum", "exact", 0.0, 1.0, "The question says which day it is."),
        )  # fmt: skip


@once_for_each(8)
def _unread(seq_len: int) -> tuple[float, float]:
    return position_losses(Dates(seq_len))
