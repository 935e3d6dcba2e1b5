"""Goals and what was measured: the rows of a table, and the page of documentation that is written from them."""

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.figures import table

HEAD = ("row", "load or fault", "goal", "measured", "")
SAID = {True: "met", False: "MISSED"}


@dataclass(frozen=True)
class Row:
    """One goal.

    Attributes
    ----------
    number
        Of the goal in the list of all that the app must survive.
    what, goal, measured
        In words, with figures.
    met
        Whether the goal is reached.
    """

    number: int
    what: str
    goal: str
    measured: str
    met: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        return str(self.number), self.what, self.goal, self.measured, SAID[self.met]


def as_text(rows: Sequence[Row]) -> str:
    """Lay out the rows for a terminal."""
    return table(HEAD, [row.cells for row in rows])


def as_markdown(rows: Sequence[Row]) -> str:
    """Lay out the rows as a table of Markdown; a bar inside of a cell does not end it."""
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(rows: Sequence[Row], command: str, day: date, machine: str, reasons: Mapping[str, str]) -> str:
    """Return the page of documentation: what was measured, where and how, and a sentence for each goal that was missed.

    Parameters
    ----------
    rows
        In the order of the table.
    command
        What was typed to measure them.
    day, machine
        When and on what.
    reasons
        Why a goal is missed, by what the row says of itself.
    """
    missed = [row for row in rows if not row.met]
    said = [f"- **{row.what}** ({row.measured}): {reasons.get(row.what, 'not explained yet.')}" for row in missed]
    ends = ["## Goals that are missed", "\n".join(said)] if missed else ["Every goal of the table is met."]
    return "\n\n".join([
        "# Resilience",
        "What greedy visitors, attacks, bad files and a killed server cost the others, measured on the app as it is "
        "served (`python -m playground`) by clients that speak its own protocol on the same machine. The rows have the "
        "numbers of the project's list of goals. Figures depend on the machine, ratios much less; where repetitions "
        "differ, the median stands here.",
        f"Measured on {day.isoformat()} by `{command}` on {machine}.",
        as_markdown(rows),
        *ends,
    ]) + "\n"  # fmt: skip


def machine() -> str:
    """Return this machine and the versions that matter, in words."""
    memory = psutil.virtual_memory().total / 2**30
    cores = psutil.cpu_count() or 1
    versions = ", ".join(f"{name} {version(package)}" for name, package in
                         (("PyTorch", "torch"), ("Streamlit", "streamlit")))  # fmt: skip
    return (f"{cores} core{'s' if cores > 1 else ''} ({_model()}), {memory:.0f} GB of memory, {platform.system()}, "
            f"Python {platform.python_version()}, {versions}")  # fmt: skip


def _model() -> str:
    """Return the processor's name, as far as the system tells it."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text()) if told.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()
