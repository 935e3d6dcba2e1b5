"""From text to a grid of cells: sizes first, then what separates them, then the names of the columns."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnncore.errors import ConfigError
from rnncore.tables.cells import is_missing, is_value, tidy
from rnncore.tables.header import is_header, unique_names
from rnncore.tables.reading import (
    AUTO,
    LONGEST_LINE,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    Reading,
    Separator,
    counted,
    lines_said,
)
from rnncore.tables.separator import MARKS, NONE, find_separator

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 100  # so many rows in a row are looked at where all would take too long
_FOOTER = re.compile(r"(?:grand )?(?:totals?|sum|summe|gesamt|average|mean|mittelwert|durchschnitt)\b|"
                     r"(?:source|quelle|notes?|hinweis)\b.?:")  # fmt: skip
WORDS = {"comma": "commas", "semicolon": "semicolons", "tab": "tabs", "bar": "bars", "spaces": "spaces"}


@dataclass(frozen=True)
class Table:
    """A grid of cells as text.

    Attributes
    ----------
    names
        What the columns are called; all different.
    cells
        One column of text per name, a row per line of the table; as it stands in the file.
    lines
        In which line of the file each row begins.
    broken
        Places of the rows with more cells than there are columns; none of their cells can be trusted.
    separator
        What stood between the cells.
    notes
        Sentences on what was left out and what was taken for the names.
    """

    names: tuple[str, ...]
    cells: "pd.DataFrame"
    lines: list[int]
    broken: list[int]
    separator: Separator
    notes: tuple[str, ...]

    def column(self, at: int) -> list[str]:
        """Return the cells of a column, tidy; those of broken rows are empty."""
        found = [tidy(cell) for cell in self.cells.iloc[:, at].tolist()]
        for place in self.broken:
            found[place] = ""
        return found

    def sample(self, at: int) -> list[list[str]]:
        """Return up to three blocks of neighbouring rows, tidy: from the beginning, the middle and the end."""
        column, rows = self.cells.iloc[:, at], len(self.lines)
        if rows <= 3 * BLOCK:
            return [[tidy(cell) for cell in column.tolist()]]
        middle = rows // 2
        starts = (0, middle, rows - BLOCK)
        return [[tidy(cell) for cell in column.iloc[start : start + BLOCK].tolist()] for start in starts]


def read_table(text: str, reading: Reading = AUTO) -> Table:
    """Read text as a table.

    Raises
    ------
    ConfigError
        It is too long, has too many lines or columns, no row, or a quotation mark that is never closed.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConfigError(f"'data' must have at most {MOST_CHARACTERS:,} characters, not {len(text):,}: cut the table.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > 2 * MOST_ROWS:
        raise ConfigError(f"'data' must have at most {MOST_ROWS:,} rows, not {text.count(chr(10)):,}: cut the table.")
    if "\0" in text or NONE in text:
        raise ConfigError("'data' holds control characters, so it is not a table: choose another file.")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no character
    lines = text.split("\n")
    if len(longest := max(lines, key=len)) > LONGEST_LINE:
        raise ConfigError(
            f"Line {lines.index(longest) + 1:,} of 'data' has {len(longest):,} characters, and a row may have "
            f"{LONGEST_LINE:,}: put each row on a line of its own."
        )
    first, separator, notes = _start(lines, reading.separator)
    lines = lines[first:]
    comments, inside = _without_comments(lines)
    if comments:
        notes.append(f"{counted(comments, 'line')} of comment in or below the table left out.")
    chosen = find_separator([line for line in lines if line.strip()]) if separator == "auto" else separator
    rows, width = _rows(lines or [""], chosen)
    return _name(rows, width, first, chosen, reading, notes, inside)


def _start(lines: list[str], separator: Separator) -> tuple[int, Separator, list[str]]:
    """Return the first line of the table, a separator that the file itself names, and notes on lines left out."""
    named = lines[0].strip().strip('"').casefold()
    if len(named) in (4, 5) and named.startswith("sep="):
        mark = lines[0].strip().strip('"')[4:] or "\t"
        found = next((name for name, each in MARKS.items() if each == mark), separator)
        return 1, found if separator == "auto" else separator, []
    first = 0
    while first < len(lines) - 1 and lines[first].startswith("#") and _names_follow(lines[first + 1]):
        first += 1
    return first, separator, [f"{counted(first, 'line')} of comment above the table left out."] if first else []


def _names_follow(line: str) -> bool:
    """Return whether a line after one of comment begins with # too, or has words only: the one before names nothing."""
    return line.startswith("#") or (line.strip() != "" and not any(c.isdecimal() for c in line))


def _without_comments(lines: list[str]) -> tuple[int, int]:
    """Blank lines that begin with # below the first line, where few do; return how many, and how many inside."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    found = [at for at in range(first + 1, len(lines)) if lines[at].startswith("#")]
    if 10 * len(found) > len(lines) or (found and any(line.count('"') % 2 for line in lines)):
        return 0, 0  # they are rows, or lines of a cell
    for at in found:
        lines[at] = ""
    while lines and not lines[-1].strip():
        lines.pop()
    return len(found), sum(at < len(lines) for at in found)


def _rows(lines: list[str], separator: Separator) -> tuple["pd.DataFrame", int]:
    """Return all cells, blank lines included, and how many cells the widest line could have."""
    import pandas as pd  # costs a second, and few pages need it

    mark = MARKS.get(separator, NONE)
    if mark == " ":
        lines = [" ".join(line.split()) for line in lines]
    width = max(line.count(mark) for line in lines) + 1
    if width > 4 * MOST_COLUMNS:
        raise ConfigError(
            f"'data' must be a table of 1 to {MOST_COLUMNS} columns, not {width:,}: use fewer, a row for each step."
        )
    try:
        cells = pd.read_csv(
            io.StringIO("\n".join(lines)), sep=mark, header=None, names=range(width), index_col=False, dtype=str,
            na_filter=False, skip_blank_lines=False, skipinitialspace=True,
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        return pd.DataFrame(), 0
    except pd.errors.ParserError:
        raise ConfigError(
            "'data' cannot be read as a table: a quotation mark is never closed, or a line has too many cells; mend it."
        ) from None
    return cells, width


def _name(
    cells: "pd.DataFrame",
    width: int,
    skipped: int,
    separator: Separator,
    reading: Reading,
    notes: list[str],
    inside: int,
) -> Table:
    """Leave out what is no row of the table, and give the columns their names."""
    if cells.empty:
        raise ConfigError(f"'data' must be a table of 1 to {MOST_COLUMNS} columns, not 0: paste another.")
    filled = cells.apply(lambda column: column.str.strip() != "").to_numpy()  # (rows, columns)
    breaks = sum((column.str.count("\n") for _, column in cells.items()), start=0).cumsum()
    starts = [skipped + 1 + row + int(broken) for row, broken in enumerate([0, *breaks.tolist()[:-1]])]
    there = filled.any(axis=1).nonzero()[0].tolist()
    if not there:
        raise ConfigError(f"'data' must be a table of 1 to {MOST_COLUMNS} columns, not 0: paste another.")
    if (blank := there[-1] + 1 - len(there) - inside) > 0:
        notes.append(f"{counted(blank, 'blank line')} left out.")
    widths = [width - int(filled[row, ::-1].argmax()) for row in there]  # cells up to the last one with something in it
    usual = max(set(widths), key=lambda w: (widths.count(w), w))
    there, widths, above = _without_title(there, widths, usual, cells)
    if above:
        notes.append(f"{counted(above, 'line')} above the table left out.")
    rows = _without_footer(there, widths, usual, cells)
    if rows < len(there):
        at, said = starts[there[rows]], tidy(cells.iat[there[rows], 0])[:20]
        notes.append(f"What stands below the table, from line {at:,} (“{said}”), was left out.")
        there, widths = there[:rows], widths[:rows]
    columns = max(usual, min(widths[0], width))
    if columns > MOST_COLUMNS:
        raise ConfigError(
            f"'data' must be a table of 1 to {MOST_COLUMNS} columns, not {columns:,}: use fewer, a row for each step."
        )
    head = [tidy(cell).removeprefix("#").strip() for cell in cells.iloc[there[0], :columns].tolist()]
    some = [[tidy(cell) for cell in cells.iloc[row, :columns].tolist()] for row in there[1 : BLOCK + 1]]
    if len(head) > 1 and not head[-1] and widths[0] == usual - 1 and _index_without_name(cells, there, columns):
        head = ["", *head[:-1]]  # R leaves out the name of the first column
    headed = is_header(head, some) if reading.header == "auto" else reading.header == "names"
    if headed and separator == "comma" and widths[0] < usual and head[0] and not any(head[widths[0] :]):
        notes.append(f"The first line names {counted(widths[0], 'column')}, but the rows have {usual:,} cells: if a "
                     "comma is the decimal mark, put semicolons between the cells.")  # fmt: skip
    if headed:
        if all(is_value(name) for name in head) and reading.header == "auto":
            notes.append(
                f"Line {starts[there[0]]:,} was taken for the names of the columns, though it could be numbers."
            )
        there, widths = there[1:], widths[1:]
    if len(there) > MOST_ROWS:
        raise ConfigError(f"'data' must have at most {MOST_ROWS:,} rows, not {len(there):,}: cut the table.")
    lines = [starts[row] for row in there]
    broken = [at for at, each in enumerate(widths) if each > columns]
    if broken:
        notes.append(
            f"{counted(len(broken), 'row')} with more cells than there are columns, "
            f"{lines_said([lines[at] for at in broken])}: not read."
        )
    return Table(
        unique_names(head if headed else [""] * columns), cells.iloc[there, :columns], lines, broken, separator,
        tuple(notes),
    )  # fmt: skip


def _without_title(
    there: list[int], widths: list[int], usual: int, cells: "pd.DataFrame"
) -> tuple[list[int], list[int], int]:
    """Leave out lines above the table: those with fewer cells, unless the last of them names the columns."""
    first = next(at for at, width in enumerate(widths) if width >= usual)
    if not first:
        return there, widths, 0
    row = [tidy(cell) for cell in cells.iloc[there[first], :usual].tolist()]
    names_follow = not any(is_value(cell) and not is_missing(cell) for cell in row)
    if not names_follow and widths[first - 1] == usual - 1 > 1:
        first -= 1  # a last name may be empty, or the first one as R leaves it out
    return there[first:], widths[first:], first


def _without_footer(there: list[int], widths: list[int], usual: int, cells: "pd.DataFrame") -> int:
    """Return how many rows are left without those below the table: a source, or a total of a column of dates."""
    firsts = [tidy(cells.iat[row, 0]) for row in there[-BLOCK:]]
    values = sum(map(is_value, firsts)) > 0.9 * len(firsts)
    rows = len(there)
    while rows > 2 and len(there) - rows < len(firsts) and usual > 1:
        first = firsts[rows - 1 - len(there)]
        below = _FOOTER.match(first.casefold()) or (values and sum(map(str.isalpha, first)) > 2)
        if is_value(re.split(r" ?[(*]", first, maxsplit=1)[0]) or not (widths[rows - 1] == 1 or below):
            break
        rows -= 1
    return rows


def _index_without_name(cells: "pd.DataFrame", there: Sequence[int], columns: int) -> bool:
    """Return whether the first column has no values of its own: words, or numbers that count."""
    column = [tidy(cells.iat[row, 0]) for row in there[1 : BLOCK + 1]]
    counting = column in ([str(i) for i in range(n, len(column) + n)] for n in (0, 1))
    return counting or not any(map(is_value, column))
