"""From a file's bytes to its text: which encoding it has, by its marks and by what its bytes can mean."""

import codecs
import unicodedata

from rnncore.errors import ConfigError

MOST_BYTES = 2_000_000  # of a visitor's file
MARKS = {  # UTF-32 first: its little-endian mark begins like that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
UNMARKED = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"  # of them a text has few, a program many
MOST_CONTROLS = 0.1  # share of the bytes
ABOVE_ASCII = bytes(range(128, 256))
MOST_ABOVE = 0.3  # share of a Windows-1252 text that is no ASCII; in other alphabets nearly everything is
LOOKED_AT = 10_000  # characters
LEAST_ASCII = 0.01  # share of any text: spaces, line ends, digits
UNSAID = "The file does not say its encoding; it was read as UTF-"
READ_AS = {
    **{encoding: f"{UNSAID}{encoding[4:6]}." for encoding in UNMARKED},
    "cp1252": "The file is not UTF-8, so it was read as Windows-1252, which older Windows programs write: if accents "
    "or quotation marks look wrong, save it as UTF-8.",
}


def encoding_of(data: bytes, most: int = MOST_BYTES) -> str:
    """Return the encoding in which a file can be read, as Python calls it.

    UTF-8, -16 and -32 with a mark at the beginning, UTF-8 without one; UTF-16 and -32 without one where only one
    reading is text; else Windows-1252 where nearly all is ASCII and nothing speaks against it.

    Parameters
    ----------
    data
        The file.
    most
        How many bytes it may have; looked at before all else.

    Raises
    ------
    ConfigError
        It is too large, or no text.
    """
    if len(data) > most:
        raise ConfigError(f"The file has {len(data) / 1e6:.1f} MB; a text may have {most / 1e6:.0f} MB: cut it.")
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), None)
    if marked:
        _decode(data, marked)
        return marked
    if b"\0" in data:
        return _wide(data)
    if len(data) - len(data.translate(None, CONTROLS)) > MOST_CONTROLS * len(data):
        raise ConfigError("The file is mostly control characters, so it is not a text: choose one such as .txt or .py.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_windows(data):
            return "cp1252"
        raise ConfigError(
            f"The file is not UTF-8 text: byte {error.start + 1:,} fits no character, and it does not look like "
            "Windows-1252 or UTF-16 either. Save it as UTF-8 and try again."
        ) from None
    return "utf-8"


def decode(data: bytes, most: int = MOST_BYTES) -> str:
    """Return a file's text; parameters and errors are those of `encoding_of`."""
    return _decode(data, encoding_of(data, most))


def read_as(encoding: str) -> str:
    """Return the sentence that a person should read beside a text in this encoding; empty if there is no doubt."""
    return READ_AS.get(encoding, "")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-SIG")
        raise ConfigError(
            f"The file says at its beginning that it is {name}, but byte {error.start + 1:,} fits no character, so it "
            "is damaged or cut off. Save it as UTF-8 and try again."
        ) from None


def _wide(data: bytes) -> str:
    """Return the encoding of two or four bytes a character in which this is text; the misread one is a wild mixture."""
    found = []
    for encoding in UNMARKED:
        try:
            text = data.decode(encoding)[:LOOKED_AT]
        except UnicodeDecodeError:
            continue
        odd = any(c not in "\t\n\v\f\r" and unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in text)
        if not odd and len(text.encode("ascii", "ignore")) > LEAST_ASCII * len(text):
            found.append((len({ord(c) >> 8 for c in text}), encoding))
    found.sort()
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        raise ConfigError("The file holds zero bytes, so it is not a text: choose a text file, such as .txt or .py.")
    return found[0][1]


def _is_windows(data: bytes) -> bool:
    """Return whether bytes that are not UTF-8 can be Windows-1252, and not UTF-8 with a few damaged characters."""
    above = len(data) - len(data.translate(None, ABOVE_ASCII))
    whole = data.decode("utf-8", "ignore")
    whole_characters = len(whole) - len(whole.encode("ascii", "ignore"))
    damaged = above - (len(whole.encode()) - (len(whole) - whole_characters))
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return above < MOST_ABOVE * len(data) and 10 * whole_characters < damaged
