"""Drawings of an example as HTML: numbers over time, pictures, clips, pen strokes and sounds."""

import array
import base64
import io
import wave
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup
from PIL import Image, ImageColor

from playground.components import palette
from playground.components.templates import render
from rnncore.tasks import Shown, Track
from rnncore.tasks.shown import Clip, Drawing, Painting, Picture, Role, Sound

TEMPLATE = "race/drawings.html"
FAINT, ACCENT, TRUTH = palette.GREY, palette.BLUE, palette.WARM
SILENCE = render(TEMPLATE, "silence")  # as high as a player

Box = tuple[float, float, float, float]  # left, top, width and height
Seen = Picture | Clip | Painting | Drawing


def example_picture(shown: Shown) -> Markup:
    """Return all that can be seen and heard of an example."""
    visible = [image(each) for each in seen(shown)]
    gallery = render(TEMPLATE, "images", visible) if visible else _picture(shown)
    return gallery + Markup("").join(map(sound, shown.sounds))


def seen(shown: Shown) -> tuple[Seen, ...]:
    """Return all of an example that is a picture of some kind."""
    return (*shown.pictures, *shown.clips, *shown.paintings, *shown.drawings)


def images(shown: Shown, role: Role, box: Box | None = None) -> Markup:
    """Return the pictures, clips and drawings of a role; drawings in a common `box`."""
    found = [image(each, box=box) for each in seen(shown) if each.role == role]
    return render(TEMPLATE, "images", found) if found else Markup("")


def image(what: Seen, *, moving: bool = False, box: Box | None = None) -> Markup:
    """Return what can be seen, with its name.

    `moving` strokes are drawn one after the other; those in a common `box` can be compared.
    """
    if isinstance(what, Picture):
        return _squares(what)
    if isinstance(what, Clip):
        return _frames(what)
    return _areas(what) if isinstance(what, Painting) else _strokes(what, moving=moving, box=box)


def _squares(picture: Picture) -> Markup:
    """Return a small picture, one point per value; the browser makes them squares."""
    return _figure(_png([_raster(picture.rows)]), picture.name, _shape(picture.rows))


def _frames(clip: Clip) -> Markup:
    """Return a clip that moves, and beside it all its frames for those who want no motion."""
    frames = [_raster(frame) for frame in clip.frames]
    strip = Image.new("RGBA", (sum(frame.width + 1 for frame in frames), frames[0].height))
    for i, frame in enumerate(frames):
        strip.paste(frame, (i * (frame.width + 1), 0))
    moving = _figure(_png(frames, clip.seconds), clip.name, "clip moving")
    return moving + _figure(_png([strip]), f"{clip.name}, all {len(frames)} frames", "wide clip still")


def _raster(rows: Sequence[Sequence[float | str]]) -> Image.Image:
    ink = ImageColor.getrgb(ACCENT)
    drawn = Image.new("RGBA", (len(rows[0]), len(rows)))
    drawn.putdata(
        [
            ImageColor.getrgb(value) if isinstance(value, str) else (*ink, round(255 * value))
            for row in rows
            for value in row
        ]
    )
    return drawn


def _shape(rows: Sequence[Sequence[float | str]]) -> str:
    return "wide" if len(rows[0]) > 1.5 * len(rows) else "square"


def _png(frames: Sequence[Image.Image], seconds: float = 0) -> str:
    """Return one frame as a picture, or several as one that moves without end."""
    file, more = io.BytesIO(), frames[1:]
    settings = {"save_all": True, "append_images": more, "duration": round(1000 * seconds), "loop": 0} if more else {}
    frames[0].save(file, "PNG", **settings)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _areas(painting: Painting) -> Markup:
    """Return coloured areas on white paper, which is part of the picture in the dark theme, too."""
    areas = [(colour, "".join(f"M{_points(line)}Z" for line in outlines)) for colour, outlines in painting.areas]
    svg = render(TEMPLATE, "painting", f"{painting.size:g}", areas, palette.WHITE)
    return _figure(_svg(svg), painting.name, "square")


def _points(line: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.4g} {y:.4g}" for x, y in line)


def frame_of(strokes: Sequence[Sequence[tuple[float, float]]]) -> Box:
    """Return the box of some strokes with room around them, in which others can be compared with them."""
    left, top, width, height = _around(strokes, 0.35)
    size = max(width, height)
    return left - (size - width) / 2, top - (size - height) / 2, size, size


def _around(strokes: Sequence[Sequence[tuple[float, float]]], share: float) -> Box:
    points = [point for stroke in strokes for point in stroke] or [(0.0, 0.0)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    room = share * max(right - left, high - low, 1e-6)
    return left - room, -high - room, right - left + 2 * room, high - low + 2 * room


def _strokes(shown: Drawing, *, moving: bool, box: Box | None) -> Markup:
    """Return pen strokes; y grows downwards on a screen."""
    left, top, width, height = box or _around(shown.strokes, 0.1)
    lines = [_points([(x, 0 - y) for x, y in stroke]) for stroke in shown.strokes if stroke]
    colour = TRUTH if shown.role == "truth" else ACCENT
    view = f"{left:.4g} {top:.4g} {width:.4g} {height:.4g}"
    svg = render(TEMPLATE, "strokes", view, lines, colour, f"{0.04 * max(width, height):.3g}", moving)
    return _figure(_svg(svg), shown.name, "square")


def _figure(source: str, name: str, shape: str) -> Markup:
    return render(TEMPLATE, "figure", source, name, shape)


def _svg(drawing: Markup) -> str:
    return f"data:image/svg+xml,{quote(drawing)}"


def sound(heard: Sound) -> Markup:
    """Return a player for a sound, with its name."""
    return render(TEMPLATE, "strip", heard.name, _audio(heard.name, heard.samples, heard.rate))


def silence(heard: Sound) -> Markup:
    """Return the room of a player, with its name."""
    return render(TEMPLATE, "strip", heard.name, SILENCE)


def player(heard: Sound) -> Markup:
    """Return a small player for a sound, in half of its bytes: the highest tones are left out."""
    halved = [(one + two) / 2 for one, two in zip(heard.samples[::2], heard.samples[1::2], strict=False)]
    return _audio(heard.name, halved, heard.rate // 2)


def _audio(name: str, samples: Sequence[float], rate: int) -> Markup:
    source = base64.b64encode(wav(samples, rate)).decode()
    return render(TEMPLATE, "player", name, source)


def wav(samples: Sequence[float], rate: int) -> bytes:
    """Return samples from -1 to 1 as a file of 16-bit sound, one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes(array.array("h", [round(32_767 * max(-1.0, min(1.0, s))) for s in samples]).tobytes())
    return file.getvalue()


def _picture(shown: Shown) -> Markup:
    """Return the example's numbers over time as a drawing: bars if some are marked, else a line."""
    rows = [(track, [float(v) for v in track.values]) for track in shown.tracks if not isinstance(track.values[0], str)]
    if not rows:
        return Markup("")
    values = [value for _, row in rows for value in row]
    marked = any(track.marked for track, _ in rows)
    low, high = (min(0.0, *values), max(0.0, *values)) if marked else (min(values), max(values))
    steps = max(track.start + len(row) for track, row in rows)
    draw = _bars if marked else _line
    drawn = [draw(track, row, low, (high - low) or 1.0) for track, row in rows]
    said = f"One example: {shown.question}, answer {shown.truth}"
    return render(TEMPLATE, "numbers", said, _svg(render(TEMPLATE, "over_time", steps, drawn)))


def _bars(track: Track, values: list[float], low: float, span: float) -> Markup:
    """Return one stroke per value, from 0; those of the marked ones wider and in another colour."""
    ground = 1 + low / span
    drawn = {FAINT: "", ACCENT: ""}
    for i, value in enumerate(values):
        colour = ACCENT if i in track.marked else FAINT
        drawn[colour] += f"M{track.start + i + 0.5:g} {ground:.3g}V{1 - (value - low) / span:.3g}"
    widths = {FAINT: 0.5, ACCENT: 0.9}
    return render(TEMPLATE, "bars", [(paint, widths[paint], path) for paint, path in drawn.items()])


def _line(track: Track, values: list[float], low: float, span: float) -> Markup:
    """Return a line through the values, or a dot where there is but one."""
    points = [f"{track.start + i + 0.5:g} {1 - (value - low) / span:.3g}" for i, value in enumerate(values)]
    colour, width = (TRUTH, 8) if track.role == "truth" else (ACCENT, 2)
    return render(TEMPLATE, "line", colour, width, f"M{'L'.join(points)}{'h0' if len(points) == 1 else ''}")
