"""One example as HTML: its symbols, its numbers over time, its pictures, its pen strokes, and what can be heard."""

import array
import base64
import io
import wave
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from PIL import Image, ImageColor

from rnncore.tasks import Shown, Track
from rnncore.tasks.shown import Drawing, Picture, Sound

MOST_SYMBOLS = 64
SVG = "http://www.w3.org/2000/svg"
FAINT, ACCENT, TRUTH = "#A9B3C0", "#2F7FC4", "#E0731D"  # seen on a white and on a dark page
# strokes appear from their beginning, each after the one before, unless the visitor wants no motion
PEN = """<style>@media (prefers-reduced-motion: no-preference) {
path {stroke-dasharray: 1; animation: pen 1.2s linear both; animation-delay: calc(var(--n) * 1.2s)}
@keyframes pen {from {stroke-dashoffset: 1; opacity: 0} 1% {opacity: 1} to {stroke-dashoffset: 0; opacity: 1}}
}</style>"""


def drawn(shown: Shown) -> str:
    """Return all that can be seen and heard of an example."""
    every: tuple[Picture | Drawing, ...] = (*shown.pictures, *shown.drawings)
    images = "".join(map(image, every))
    gallery = f'<div class="images">{images}</div>' if images else ""
    return f"{_strips(shown)}{_picture(shown)}{gallery}{''.join(map(sound, shown.sounds))}"


def image(what: Picture | Drawing, *, moving: bool = False) -> str:
    """Return a picture or pen strokes with their name; `moving` strokes are drawn one after the other."""
    return _squares(what) if isinstance(what, Picture) else _strokes(what, moving=moving)


def _squares(picture: Picture) -> str:
    """Return a small picture, one point per value; the browser makes them squares."""
    ink = ImageColor.getrgb(ACCENT)
    points = [
        ImageColor.getrgb(value) if isinstance(value, str) else (*ink, round(255 * value))
        for row in picture.rows for value in row
    ]  # fmt: skip
    size = len(picture.rows[0]), len(picture.rows)
    image = Image.new("RGBA", size)
    image.putdata(points)
    file = io.BytesIO()
    image.save(file, "PNG")
    source = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    return _figure(source, picture.name, "wide" if size[0] > 1.5 * size[1] else "square")


def _strokes(shown: Drawing, *, moving: bool) -> str:
    """Return pen strokes, with room around them."""
    points = [point for stroke in shown.strokes for point in stroke] or [(0.0, 0.0)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    size = max(right - left, high - low, 1e-6)
    room = 0.1 * size
    paths = ["L".join(f"{x:.4g} {high - y:.4g}" for x, y in stroke) for stroke in shown.strokes if stroke]
    colour = TRUTH if shown.role == "truth" else ACCENT
    lines = "".join(
        f'<path d="M{path}" pathLength="1" style="--n:{number}" fill="none" stroke="{colour}" '
        f'stroke-width="{0.045 * size:.3g}" stroke-linecap="round" stroke-linejoin="round"/>'
        for number, path in enumerate(paths)
    )
    box = f"{left - room:.4g} {-room:.4g} {right - left + 2 * room:.4g} {high - low + 2 * room:.4g}"
    svg = f'<svg xmlns="{SVG}" viewBox="{box}">{PEN if moving else ""}{lines}</svg>'
    return _figure(f"data:image/svg+xml,{quote(svg)}", shown.name, "square")


def _figure(source: str, name: str, shape: str) -> str:
    said = escape(name, quote=True)
    image = f'<img class="example-image" alt="{said}" src="{source}">'
    return f'<figure class="{shape}">{image}<figcaption>{said}</figcaption></figure>'


def sound(heard: Sound) -> str:
    """Return a player for a sound."""
    source = base64.b64encode(wav(heard.samples, heard.rate)).decode()
    name = escape(heard.name, quote=True)
    return (
        f'<div class="strip"><span>{name}</span></div>'
        f'<audio class="sound" controls aria-label="{name}" src="data:audio/wav;base64,{source}"></audio>'
    )


def wav(samples: Sequence[float], rate: int) -> bytes:
    """Return samples from -1 to 1 as a file of 16-bit sound, one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes(array.array("h", [round(32_767 * max(-1.0, min(1.0, s))) for s in samples]).tobytes())
    return file.getvalue()


def _picture(shown: Shown) -> str:
    """Return the example's numbers over time as a drawing: bars if some are marked, else a line."""
    rows = [(track, [float(v) for v in track.values]) for track in shown.tracks if not isinstance(track.values[0], str)]
    if not rows:
        return ""
    values = [value for _, row in rows for value in row]
    marked = any(track.marked for track, _ in rows)
    low, high = (min(0.0, *values), max(0.0, *values)) if marked else (min(values), max(values))
    steps = max(track.start + len(row) for track, row in rows)
    draw = _bars if marked else _line
    drawn = "".join(draw(track, row, low, (high - low) or 1.0) for track, row in rows)
    svg = f'<svg xmlns="{SVG}" viewBox="0 -0.06 {steps} 1.12" preserveAspectRatio="none" fill="none">{drawn}</svg>'
    said = escape(f"One example: {shown.question}, answer {shown.truth}", quote=True)
    # as an image, since Streamlit takes drawings out of HTML
    return f'<img class="example-picture" alt="{said}" src="data:image/svg+xml,{quote(svg)}">'


def _bars(track: Track, values: list[float], low: float, span: float) -> str:
    """Return one stroke per value, from 0; those of the marked ones in another colour."""
    ground = 1 + low / span
    drawn = {FAINT: "", ACCENT: ""}
    for i, value in enumerate(values):
        colour = ACCENT if i in track.marked else FAINT
        drawn[colour] += f"M{track.start + i + 0.5:g} {ground:.3g}V{1 - (value - low) / span:.3g}"
    return "".join(f'<path stroke="{colour}" stroke-width=".8" d="{path}"/>' for colour, path in drawn.items())


def _line(track: Track, values: list[float], low: float, span: float) -> str:
    """Return a line through the values, or a dot where there is but one."""
    points = [f"{track.start + i + 0.5:g} {1 - (value - low) / span:.3g}" for i, value in enumerate(values)]
    look = f'stroke="{TRUTH}" stroke-width="8"' if track.role == "truth" else f'stroke="{ACCENT}" stroke-width="2"'
    path = f"M{'L'.join(points)}{'h0' if len(points) == 1 else ''}"
    return f'<path {look} stroke-linecap="round" vector-effect="non-scaling-stroke" d="{path}"/>'


def _strips(shown: Shown) -> str:
    """Return rows of symbols or words, one above the other; the middle of long ones is left out."""
    rows = []
    for track in shown.tracks:
        symbols = [value for value in track.values if isinstance(value, str)]
        single = all(len(symbol) == 1 for symbol in symbols)
        if symbols and (single or track.role == "input"):
            drawn = _symbols(symbols, track.marked, "" if single else " ")
            rows.append(f'<div class="strip"><span>{escape(track.name)}</span> {drawn}</div>')
    return "".join(rows)


def _symbols(symbols: list[str], marked: tuple[int, ...], between: str) -> str:
    half = MOST_SYMBOLS // 2
    drawn = [f"<mark>{escape(s)}</mark>" if i in marked else escape(s) for i, s in enumerate(symbols)]
    if len(drawn) > MOST_SYMBOLS:
        drawn = [*drawn[:half], " … ", *drawn[-half:]]
    return f"<code>{between.join(drawn)}</code>"
