"""The Shakespeare page's parts: the controls, the text as it is written, and the choice behind each character."""

from collections.abc import Callable
from html import escape

import pyarrow as pa
import streamlit as st

from playground import controls, link, pen, sheets, state
from playground.cards import copies
from playground.characters import Character, characters
from playground.charts import SCHEMA, draw_chart
from playground.live import is_dark
from playground.memory import memory
from playground.neurons import neurons
from playground.palette import colour
from playground.pen import PAGE, Pen
from playground.server import page_turn, tick_seconds
from playground.sheets import Sheet
from rnncore.tasks.text import VISIBLE
from rnncore.text.sampling import Floats, Written, distribution

LEVELS = 8  # shades, one per bit of surprise
BARS = 20  # likeliest characters shown
MANY = {"one": "one text", "temperatures": "three temperatures", "seeds": "three seeds"}
SIDE = ("temperature", "top_k", "top_p", "length", "seed")


def transport(setup: Pen) -> None:
    """Draw the buttons and the two main choices: the model and the opening."""
    moving = any(sheet.moving for sheet in sheets.of(state.session_id()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if moving:
            st.button("Stop", key=f"{PAGE}.stop", icon=":material/stop:", type="primary", shortcut="Space",
                      on_click=sheets.stop, args=(state.session_id(),))  # fmt: skip
        else:
            st.button("Write", key=f"{PAGE}.write", icon=":material/edit:", type="primary", shortcut="Space",
                      on_click=_write)  # fmt: skip
        st.button("New seed", key=f"{PAGE}.new_seed", icon=":material/casino:", on_click=_new_seed,
                  help=f"Other draws, another text. The seed now is {setup.seed}.")  # fmt: skip
        _choice("model", list(pen.models()), setup.model, "Model", pen.label)
        _choice("many", list(MANY), setup.many, "Texts", MANY.__getitem__)
        _choice("speed", list(pen.PER_SECOND), setup.speed, "Speed", str)
    state.show(f"{PAGE}.prime", setup.prime)
    known = pen.described()["prime"]
    st.text_area(known.label, key=f"{PAGE}.prime", max_chars=known.max_length, height=80, help=known.help,
                 on_change=pen.change, args=("prime",))  # fmt: skip


def _choice(name: str, options: list[str], value: str, title: str, words: Callable[[str], str]) -> None:
    state.show(f"{PAGE}.{name}", value)
    st.segmented_control(title, options, key=f"{PAGE}.{name}", required=True, on_change=pen.change, args=(name,),
                         format_func=words, label_visibility="collapsed", wrap=True)  # fmt: skip


def _write() -> None:
    sheets.start(state.session_id(), pen.visit.setup())


def _new_seed() -> None:
    setup = pen.visit.setup()
    pen.visit.lay({**setup.flat(), "seed": (setup.seed + 1) % 2**31})
    _write()


def side(setup: Pen) -> None:
    """Draw what decides each draw."""
    for name in SIDE:
        idle = name == "temperature" and setup.many == "temperatures"
        controls.control(pen.described()[name], getattr(setup, name), pen.change, page=PAGE, when=False, disabled=idle)


def paper(setup: Pen) -> None:
    """Draw the texts, again and again while they are being written; then let one look behind each character."""
    mine = sheets.of(state.session_id())
    if not mine:
        st.markdown("Press **Write**: the network reads the opening, then draws one character after the other, each "
                    "from its own expectations.")  # fmt: skip
        return
    if any(sheet.moving for sheet in mine):
        _writing(mine)
        return
    at = min(setup.at, len(mine[0].written))
    for place, sheet in zip(st.columns(len(mine), gap="medium"), mine, strict=True):
        with place:
            _written(sheet, alone=len(mine) == 1, at=at)
    if not mine[0].written:
        return
    if [each.asked for each in setup.each()] != [sheet.pen.asked for sheet in mine]:
        st.caption("Changed since: **Write** takes the new settings.")
    if len(mine) == 1:
        copies(mine[0])
        _place(mine[0], at)
        _behind(mine[0], setup, at)
        memory(mine[0], setup, at)
        neurons(mine[0], setup)


def _writing(mine: list[Sheet]) -> None:
    """Draw the texts as they come."""

    @st.fragment(run_every=tick_seconds())
    def part() -> None:
        for sheet in mine:
            sheet.add(pen.visit.setup().speed)
        with page_turn:
            for place, sheet in zip(st.columns(len(mine), gap="medium"), mine, strict=True):
                place.html(f'{_heading(sheet)}<div class="paper">{escape(sheet.text)}</div>')
        if not any(sheet.moving for sheet in mine):
            st.rerun()

    part()


def share(setup: Pen) -> None:
    """Draw the link, and the text and the model as files."""
    drawer = st.expander("Link and files", key=f"{PAGE}.drawer.share", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption("This link holds the model, the opening, the temperature and the seed: whoever opens it and presses "
                   "**Write** gets the same text.")  # fmt: skip
        link.show(setup.flat())
        mine = sheets.of(state.session_id())
        if mine:
            text = "\n\n".join(sheet.text for sheet in mine)
            st.download_button("Text", text, "written.txt", "text/plain", icon=":material/download:",
                               on_click="ignore", key=f"{PAGE}.download.text")  # fmt: skip
        st.download_button("Model", pen.models()[setup.model].read_bytes(), f"{setup.model}.safetensors",
                           "application/octet-stream", icon=":material/download:", on_click="ignore",
                           key=f"{PAGE}.download.model")  # fmt: skip


def _heading(sheet: Sheet) -> str:
    told = {"one": "", "temperatures": f"temperature {sheet.pen.temperature:g}", "seeds": f"seed {sheet.pen.seed}"}
    said = told[sheet.pen.many]
    return f'<p class="note">{said}</p>' if said else ""


def _written(sheet: Sheet, *, alone: bool, at: int) -> None:
    """Draw a finished text, shaded by surprise; one that stands alone can be clicked."""
    mean = sum(each.surprise for each in sheet.written) / max(len(sheet.written), 1)
    note = f"{mean:.2f} bits of surprise per character."
    if not alone:
        shaded = "".join(
            f'<i class="{c.shade}" title="{c.hover}">{escape(c.text)}</i>' for c in map(_shade, sheet.written)
        )
        paper = f'<div class="paper">{escape(sheet.pen.prime)}{shaded}</div>'
        st.html(f'{_heading(sheet)}{paper}<p class="note">{note}</p>')
        return
    characters(sheet.pen.prime, [_shade(each) for each in sheet.written], at, key=f"{PAGE}.paper", on_choice=_chosen,
               label="What the network wrote. Click a character, or step with the arrow keys.")  # fmt: skip
    legend = "".join(f'<i class="s{level}">{level}{"+" * (level == LEVELS - 1)}</i>' for level in range(LEVELS))
    st.html(f'<p class="note">{note} Shaded by the network\'s surprise in bits: {legend}. Point at a character to read '
            "its own; click it to see what could have come instead.</p>")  # fmt: skip


def _chosen(at: int) -> None:
    pen.visit.lay({**pen.visit.setup().flat(), "at": at})


def _shade(each: Written) -> Character:
    level, chance = min(int(each.surprise), LEVELS - 1), float(each.probabilities[each.number])
    hover = f"{each.surprise:.2f} bits of surprise; drawn with probability {chance:.3f}"
    return Character(each.character, f"s{level}", hover)


def _place(sheet: Sheet, at: int) -> None:
    """Draw the slider that steps through the text."""
    state.show(f"{PAGE}.at", at)
    known = pen.described()["at"]
    st.slider(known.label, 1, max(len(sheet.written), 2), key=f"{PAGE}.at", help=known.help, on_change=pen.change,
              args=("at",))  # fmt: skip


def _behind(sheet: Sheet, setup: Pen, at: int) -> None:
    """Draw what one character was drawn from, at the temperature and with the cuts that are set now."""
    st.markdown("**See the choice.** What could have come instead of this character? Move the temperature and see the "
                "bars follow.")  # fmt: skip
    each = sheet.written[at - 1]
    before = sheet.text[: len(sheet.pen.prime) + at - 1][-40:]
    st.html(f'<div class="paper small">…{escape(before)}<mark>{escape(each.character)}</mark></div>')
    symbols = pen.language(sheet.pen.model).vocabulary.symbols
    p = distribution(each.logits, setup.temperature, setup.top_k, setup.top_p)
    drawn = VISIBLE.get(each.character, each.character)
    said = f"{drawn} with probability {p[each.number]:.3f} at temperature {setup.temperature:g}"
    draw_chart(choice_rows(p, each.number, symbols), choice_chart(is_dark()), key=f"{PAGE}.choice",
               alt=f"What could have come: {said}.")  # fmt: skip


def choice_rows(p: Floats, drawn: int, symbols: str) -> pa.Table:
    """Return the likeliest characters, and the rest together: place, name, probability, kind; they sum to 1."""
    order = (-p).argsort(kind="stable")
    shown, hidden = order[:BARS].tolist(), order[BARS:]
    rows = [(VISIBLE.get(symbols[n], symbols[n]), float(p[n]), n == drawn) for n in shown]
    if len(hidden):
        rows.append(("rest", float(p[hidden].sum()), drawn not in shown))
    names, values, hits = zip(*rows, strict=True)
    kinds = ["drawn" if hit else "other" for hit in hits]
    return pa.table({"place": range(len(rows)), "name": names, "probability": values, "kind": kinds})


def choice_chart(dark: bool) -> dict[str, object]:
    """Return the spec of the bars; nothing in it depends on the data."""
    ink, faint = colour("lstm", dark), "#8E99A8"
    return {
        "$schema": SCHEMA, "height": 220, "mark": "bar",
        "encoding": {
            "x": {"field": "name", "type": "nominal", "sort": {"field": "place"}, "title": None,
                  "axis": {"labelAngle": 0, "labelFontSize": 13, "labelOverlap": False}},
            "y": {"field": "probability", "type": "quantitative", "title": "probability"},
            "color": {"field": "kind", "type": "nominal", "title": None,
                      "scale": {"domain": ["drawn", "other"], "range": [ink, faint]}, "legend": {"orient": "top"}},
            "tooltip": [{"field": "name"}, {"field": "probability", "format": ".4f"}, {"field": "kind"}],
        },
    }  # fmt: skip
