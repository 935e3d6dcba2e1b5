"""Numbers as a person reads them: one way in sentences, tables, charts and hovers, and never 7.003e-05."""

import math

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST = 1e-6  # that is written out, with so many letters at most: 0.0001235, but 1.235 × 10⁻⁵
LONGEST, LONGEST_EXACT = 9, 17
LARGEST, LARGEST_EXACT = 1e7, 1e15  # from here on it is written as a power of ten
ALL_DIGITS = 15  # that every float keeps


def number(value: float | None, digits: int = 4, *, signed: bool = False) -> str:
    """Return a number in so many digits: 0.1667, 12,350, 0.00007 or 7.003 × 10⁻⁵; nothing for None.

    Parameters
    ----------
    value
        Any number; what is none, or infinite, is said so.
    digits
        Digits that count; zeros at the end are left out.
    signed
        Whether a positive one gets its sign, too.
    """
    if value is None:
        return ""
    sign = "-" if value < 0 else "+" if signed else ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else f"{sign}∞"
    return sign + _unsigned(abs(float(value)), digits, ",", LONGEST, LARGEST)


def exact(value: float, *, grouped: bool = False) -> str:
    """Return a number with all its digits, as it could be typed: 0.000001, and marks between thousands if `grouped`."""
    if not math.isfinite(value):
        return number(value)
    return ("-" if value < 0 else "") + _unsigned(
        abs(float(value)), ALL_DIGITS, "," * grouped, LONGEST_EXACT, LARGEST_EXACT
    )


def power_of_ten(exponent: int) -> str:
    """Return 10⁻⁵ and the like."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def _unsigned(value: float, digits: int, mark: str, longest: int, largest: float) -> str:
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    exponent = int(power)
    rounded = float(f"{mantissa}e{power}")
    written = f"{rounded:{mark}.{max(0, digits - 1 - exponent)}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    if not value or 1 <= rounded < largest or (SMALLEST <= rounded < 1 and len(written) <= longest):
        return written
    front = float(mantissa)
    return power_of_ten(exponent) if front == 1 else f"{front:.{digits}g}\u00a0×\u00a0{power_of_ten(exponent)}"
