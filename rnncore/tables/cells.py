"""The look of a single cell; the patterns take time in proportion to the cell's length."""

import re

MISSING = frozenset(
    ["", "nan", "-nan", "na", "n/a", "n.a.", "#n/a", "#na", "<na>", "nat", "null", "none", "nil", "missing", "k.a.",
     "k. a.", "-", "--", "---", "–", "—", "−", ".", "..", "...", "…", "?", "*", "#value!", "#div/0!", "#num!", "#ref!",
     "#null!"]
)  # fmt: skip
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2000\u2002\u2003\u2004\u2005\u2007\u2008\u2009\u200a\u202f\t\n\v\f", " ")
                       | {"−": "-", "–": "-", "‐": "-", "‑": "-", "’": "'", "ʼ": "'", "＋": "+", "\ufeff": None,
                          "\u200b": None, "\u200e": None, "\u200f": None})  # fmt: skip
LONGEST_DATE = 40
CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "US$", "R$", "Fr.", "Rs.", "Rs", "kr", "zł", "°C", "°F")
SIGNS = "$€£¥₹₽₩₺¢%‰°"

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:[., '][0-9]{2,3})+(?:[.,][0-9]*)?|[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
)
_DATE = re.compile(
    r"(?:[a-zA-Z]{2,9}\.?,? )?"  # a day of the week
    r"(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{4}[-/][0-9]{1,2}|[0-9]{1,2}[-/][0-9]{4}"  # 31.1.19, 2019-01
    r"|(?:0[1-9]|1[0-2])\.(?:19|20)[0-9]{2}"  # 01.2019
    r"|[12][0-9]{3}[ -]?[qQwW][0-9]{1,2}|[qQ][1-4][ /-]?[12][0-9]{3}"  # 2019-Q1, Q1 2019, 2019-W05
    r"|(?:[0-9]{1,4}\.?[ -])?[a-zA-ZäÄ]{3,9}\.?[ -][0-9]{1,4}(?:,? [12][0-9]{3})?)"  # Jan 2019, 3 Jan 2019, Jan 3, 2019
    r"(?:(?:T|,? +)[0-9].*)?"
)
_INFINITE = re.compile(r"[+-]?inf(?:inity)?")


def tidy(cell: str) -> str:
    """Return a cell with every kind of space, minus and apostrophe written in one way, none of them at its ends."""
    return cell.translate(SPACES).strip()


def is_missing(cell: str) -> bool:
    """Return whether a tidy cell says that there is no value."""
    return len(cell) < 10 and cell.casefold() in MISSING


def is_infinite(cell: str) -> bool:
    """Return whether a bare cell says infinity."""
    return len(cell) < 12 and _INFINITE.fullmatch(cell.lower()) is not None


def bare(cell: str) -> str:
    """Return a tidy cell without signs such as per cent; brackets or a minus behind a number stand before it then."""
    if "(" in cell[:3] and ")" in cell[-3:]:  # (5), $(5), (5) %
        inside = cell.strip(SIGNS + " ")
        if inside[:1] == "(" and inside[-1:] == ")":
            cell = "-" + inside[1:-1]
    elif cell[-1:] == "-" and cell[:1].isdecimal():
        cell = "-" + cell[:-1]
    sign = cell[:1] if cell[:1] in ("-", "+") else ""
    rest = cell[len(sign) :].strip(SIGNS + " ")
    for code in CODES:
        rest = rest.removeprefix(code).removesuffix(code).strip()
    if not sign and rest[:1] in ("-", "+"):  # "$ -5"
        sign, rest = rest[:1], rest[1:].strip()
    return sign + rest


def sign_of(cell: str) -> str:
    """Return the per cent, currency or degree sign of a tidy cell, "" if it has none."""
    for code in (*CODES, *SIGNS):
        if cell.startswith(code) or cell.endswith(code):
            return code
    return ""


def looks_like_number(cell: str) -> bool:
    """Return whether a tidy cell could be a number, however its marks are meant."""
    return _NUMBER.fullmatch(bare(cell)) is not None or is_infinite(bare(cell))


def looks_like_date(cell: str) -> bool:
    """Return whether a tidy cell could be a date with at least a year and a month in it."""
    return len(cell) <= LONGEST_DATE and _DATE.fullmatch(cell) is not None


def is_value(cell: str) -> bool:
    """Return whether a tidy cell is a number, a date or missing: what stands below a name, not what is one."""
    return is_missing(cell) or looks_like_number(cell) or looks_like_date(cell)


def shape(cell: str) -> str:
    """Return what a cell is made of: runs of letters as "a", of digits as "9", all else as it is."""
    return re.sub(r"[0-9]+", "9", re.sub(r"[^\W\d_]+", "a", cell[:60]))
