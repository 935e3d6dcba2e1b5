"""Every colour of the pages against every ground it stands on, in both themes, by the formula of WCAG 2.2."""

import re
import tomllib
from pathlib import Path

import pytest

from playground.components import palette
from playground.components.palette import INKS, colour, ink, shades
from rnncore.cells import CELLS

ROOT = Path(__file__).parents[3]
TEXT, MARK = 4.5, 3.0  # least contrast of letters of ordinary size, and of what is drawn
PAIRS = [
    *(("text", ground, TEXT) for ground in ("paper", "side", "box")),
    *(("quiet", ground, TEXT) for ground in ("paper", "side", "box")),
    *(("accent", ground, TEXT) for ground in ("paper", "side", "box")),  # chosen options, values of sliders
    *((letters, "paper", TEXT) for letters in ("wrong", "faint", "strong", "on-shade")),
    ("on-accent", "accent", TEXT), ("on-accent", "pointed", TEXT),
    ("on-marked", "marked", TEXT), ("on-bubble", "bubble", TEXT),
    *((mark, "paper", MARK) for mark in ("bar", "picked", "warm", "blue")), ("strong", "bar", MARK),
]  # fmt: skip


def parts(paint):
    return [int(paint[at : at + 2], 16) for at in (1, 3, 5)]


def luminance(paint):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in paint)]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG's contrast ratio of two colours, each as ``#RRGGBB`` or as three numbers."""
    light = sorted(luminance(parts(each) if isinstance(each, str) else each) for each in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def over(paint, share, ground):
    """A colour of which so much lies over a ground."""
    return [share * above + (1 - share) * below for above, below in zip(parts(paint), parts(ground), strict=True)]


def test_the_formula():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("above, ground, least", PAIRS)
def test_inks_on_their_grounds(above, ground, least, dark):
    assert contrast(ink(above, dark), ink(ground, dark)) >= least


def test_every_ink_is_in_a_pair():
    named = {name for above, ground, _ in PAIRS for name in (above, ground)}
    assert named | {"on-full-shade"} == set(INKS)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_names_of_networks_in_their_colours(cell, dark):
    assert contrast(colour(cell, dark), ink("paper", dark)) >= TEXT


@pytest.mark.parametrize("dark", [False, True])
def test_letters_on_shades(dark):
    paper, text = ink("paper", dark), ink("text", dark)
    for paint, shares in (
        (palette.HIGH_COLOUR, palette.SURPRISE),
        (palette.HIGH_COLOUR, palette.HIGH),
        (palette.LOW_COLOUR, palette.LOW),
    ):
        assert list(shares) == sorted(shares)
        for share in shares:
            assert contrast(text, over(paint, share, paper)) >= TEXT, (paint, share)
    assert contrast(text, over(ink("warm", dark), 0.14, paper)) >= TEXT  # behind "this is the old text"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("share", [step / 100 for step in range(101)])
def test_letters_in_cells_of_any_shade(share, dark):
    paper, full = shades(dark)
    letters = ink("on-full-shade" if share > palette.FULL_SHADE else "on-shade", dark)
    assert contrast(letters, over(full, share, paper)) >= TEXT


@pytest.mark.parametrize("dark", [False, True])
def test_a_full_cell_is_the_marked_colour_over_paper(dark):
    paper, full = shades(dark)
    assert paper == ink("paper", dark)
    assert parts(full) == pytest.approx(over(ink("marked", dark), palette.MOST_SHADE, paper), abs=0.5)


def test_pictures_are_seen_on_both_papers():
    for mark in (palette.GREY, palette.DARKER_GREY, palette.BLUE, palette.WARM):
        assert all(contrast(mark, paper) >= MARK for paper in INKS["paper"]), mark


def test_the_theme_has_the_accent_of_the_palette():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    assert (theme["light"]["primaryColor"], theme["dark"]["primaryColor"]) == INKS["accent"]


def test_colours_stand_in_the_palette_alone():
    """Translucent greys for frames and shadows aside: they carry no meaning."""
    for path in [*(ROOT / "playground").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        if path.name != "palette.py":
            found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", path.read_text(encoding="utf-8")))
            assert all(re.fullmatch("#888[0-9]|#0005|#3336|#FFF6", each) for each in found), (path.name, found)


def test_text_is_not_made_fainter_by_opacity():
    for path in (ROOT / "playground").glob("*.py"):
        for share in re.findall(r"[{;\s]opacity: (\.\d+)", path.read_text(encoding="utf-8")):
            pytest.fail(f"{path.name}: opacity {share} takes contrast from letters; use var(--quiet)")
