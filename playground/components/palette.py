"""Every colour of the pages: what texts, marks and grounds are painted in; a cell says its own colour and dash.

Letters have at least 4.5 times the contrast of any ground they stand on, marks 3 times, in both themes;
`tests/playground/components/test_contrast.py` computes it for every pair. That leaves colours of one hue close
together, above all for eyes that do not tell red from green, so cells differ in lightness too, and in dash.
"""

from rnncore.cells import CELLS

# By name, in the light and in the dark theme. The first four are Streamlit's own, which it does not name for a page.
INKS = {
    "paper": ("#FFFFFF", "#171614"), "side": ("#F8F8F7", "#21201D"), "box": ("#F8F8F7", "#2D2B27"),
    "text": ("#2F2D2B", "#EDEBE8"),
    "accent": ("#0B5FA5", "#4C9BE0"),  # primaryColor in .streamlit/config.toml
    "on-accent": ("#FFFFFF", "#0C141B"), "pointed": ("#094F8A", "#6BAEE8"),  # under the pointer
    "quiet": ("#5E5C59", "#B4B1AC"),  # what is said beside
    "faint": ("#5F6670", "#A7ADB5"),  # reference lines and their names
    "bar": ("#808A97", "#808A97"), "picked": ("#0072B2", "#56B4E9"),  # bars, and the one that is looked at
    "strong": ("#111111", "#FFFFFF"),
    "wrong": ("#C4320A", "#FF8F66"),
    "on-shade": ("#000000", "#FFFFFF"), "on-full-shade": ("#FFFFFF", "#FFFFFF"),  # in the cells of a heat map
    "marked": ("#0B5FA5", "#0B5FA5"), "on-marked": ("#FFFFFF", "#FFFFFF"),
    "bubble": ("#1F242B", "#1F242B"), "on-bubble": ("#FFFFFF", "#FFFFFF"),
    "warm": ("#E0731D", "#E0731D"), "blue": ("#2F7FC4", "#2F7FC4"),
}  # fmt: skip
# of pictures that are the same on a white and on a dark page
GREY, BLUE, WARM = "#8A94A0", "#2F7FC4", "#E0731D"
DARKER_GREY = "#808891"
# of classes, after Okabe and Ito (2008), without yellow on white; 4.5 times the contrast of the page
LIGHT_SERIES = ("#0072B2", "#BF4F00", "#007F5C", "#AA4499", "#806400", "#6A5ACD", "#4A4A4A", "#B23A66")
DARK_SERIES = ("#56B4E9", "#FF9447", "#2CC295", "#E79BD0", "#F0E442", "#8FB8FF", "#C9C9C9", "#F58FB0")
WHITE = "#FFFFFF"  # paper that belongs to a picture
# How much of a colour lies under text: of surprise, from 1 bit; of what a unit does, below and above nothing.
SURPRISE = (0.1, 0.2, 0.3, 0.42, 0.54, 0.64, 0.75)
LOW, HIGH = (0.13, 0.26, 0.4, 0.53, 0.66), (0.15, 0.3, 0.45, 0.6, 0.75)
LOW_COLOUR, HIGH_COLOUR = "#0072B2", "#D55E00"
# of a heat map's cells: how much at most; the share from which letters are light
MOST_SHADE, FULL_SHADE = 0.95, 0.87
CLEAR = "#00000000"
FAINT = "rgba(136, 136, 136, 0.3)"  # lines, as Plotly knows them
SPACE_GRID = ("#D6D9DD", "#4A4743")  # of three dimensions, where lines that let light through are not seen at all


def colour(cell: str, dark: bool) -> str:
    """Return a cell's colour in the light or the dark theme."""
    return CELLS[cell].colours[dark]


def dash(cell: str) -> list[int]:
    """Return a cell's dash pattern: lengths of line and gap in pixels."""
    return list(CELLS[cell].dash)


def ink(name: str, dark: bool) -> str:
    """Return a colour by its name, for what is drawn by the server."""
    return INKS[name][dark]


def shades(dark: bool) -> tuple[str, str]:
    """Return the grounds of a heat map's cells for shares of 0, paper, and 1: the full colour as it lies over paper."""
    paper, full = (bytes.fromhex(INKS[name][dark][1:]) for name in ("paper", "marked"))
    mixed = (MOST_SHADE * above + (1 - MOST_SHADE) * below for above, below in zip(full, paper, strict=True))
    return ink("paper", dark), f"#{bytes(map(round, mixed)).hex().upper()}"


def variables() -> str:
    """Return the same colours for the style of a page, as `--name`, and the shades under text."""
    named = "; ".join(f"--{name}: light-dark({light}, {dark})" for name, (light, dark) in INKS.items())
    levels = [
        f"{where} {{background: {paint}{round(255 * share):02X}}}"
        for kind, paint, shares in (("s", HIGH_COLOUR, SURPRISE), ("p", HIGH_COLOUR, HIGH), ("n", LOW_COLOUR, LOW))
        for where, share in ((f":is(.paper, .note) .{kind}{level}", share) for level, share in enumerate(shares, 1))
    ]
    outside = "; ".join(f"--{name}: {INKS[name][0]}" for name in ("bubble", "on-bubble"))  # it lies beside the page
    return f":root {{{outside}}}\n[data-testid=stApp] {{{named}}}\n" + "\n".join(levels)
