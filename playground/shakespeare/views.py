"""The Shakespeare page's parts: the controls, the text as it is written, and the choice behind each character."""

from typing import Any

import streamlit as st
from markupsafe import Markup

from playground.components import controls
from playground.components.characters import Character, characters
from playground.components.choices import choice
from playground.components.note import noted
from playground.components.numbers import exact
from playground.components.share import BINARY, download, link, share_drawer
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.live.process import page_turn, tick_seconds
from playground.session import state
from playground.shakespeare import settings, streams
from playground.shakespeare.influence import memory
from playground.shakespeare.model_cards import copies
from playground.shakespeare.next_character import next_character, temperature
from playground.shakespeare.settings import LATE, PAGE, ShakespeareSettings
from playground.shakespeare.streams import TextStream
from playground.shakespeare.units import neurons
from rnncore.text.sampling import Written

LEVELS = 8  # shades, one per bit of surprise
MANY = {"one": "one text", "temperatures": "three temperatures", "seeds": "three seeds"}
SIDE = ("top_k", "top_p", "length", "seed")
SHARES = (1.4, 1)  # of the page's width: the text, and the choice behind a character
WRITTEN = "What the network wrote"
MOST_OPENING = 30  # characters of an opening that are named
TEMPLATE = "shakespeare/views.html"


def transport(setup: ShakespeareSettings) -> None:
    """Draw the buttons and the main choices: the model, how many texts, and the opening."""
    moving = any(stream.moving for stream in streams.of(state.session_id()))
    with st.container(horizontal=True, key="writing-transport", vertical_alignment="center", gap="small"):
        if moving:
            st.button("Stop", key=f"{PAGE}.stop", icon=":material/stop:", type="primary", shortcut="Space",
                      on_click=streams.stop, args=(state.session_id(),))  # fmt: skip
        else:
            st.button("Write", key=f"{PAGE}.write", icon=":material/edit:", type="primary", shortcut="Space",
                      on_click=_write)  # fmt: skip
        st.button("New seed", key=f"{PAGE}.new_seed", icon=":material/casino:", on_click=_new_seed,
                  help=f"Other draws, another text. The seed now is {setup.seed}.")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        change: dict[str, Any] = {"on_change": settings.change, "page": PAGE}
        choice("model", list(shipped_models.models()), setup.model, label="Model", words=shipped_models.label, **change)
        choice("many", list(MANY), setup.many, label="Texts", words=MANY.__getitem__, **change)
        choice("speed", list(settings.PER_SECOND), setup.speed, label="Speed", **change)
    state.set_widget_value(f"{PAGE}.prime", setup.prime)
    known = settings.described()["prime"]
    st.text_area(known.label, key=f"{PAGE}.prime", max_chars=known.max_length, height=80, help=known.help,
                 on_change=settings.change, args=("prime",))  # fmt: skip


def _write() -> None:
    mine = streams.of(state.session_id())
    if mine and settings.visit.setup().changed_since([stream.settings for stream in mine]):
        _look_at(LATE)  # what was chosen in the old text says nothing about the new one
    streams.start(state.session_id(), settings.visit.setup())


def _new_seed() -> None:
    setup = settings.visit.setup()
    settings.visit.apply_settings({**setup.flat(), "seed": (setup.seed + 1) % 2**31})
    _write()


def side(setup: ShakespeareSettings) -> None:
    """Draw what else decides each draw, and how many there are."""
    for place, name in zip(st.columns(len(SIDE), gap="medium"), SIDE, strict=True):
        with place:
            controls.control(settings.described()[name], getattr(setup, name), settings.change, page=PAGE, when=False)


def paper(setup: ShakespeareSettings) -> None:
    """Draw the texts, again and again while they are being written; then let one look behind each character."""
    mine = streams.on_screen(state.session_id())
    if any(stream.moving for stream in mine):
        _writing(mine)
        return
    st.html(whose(mine, setup))
    if len(mine) == 1 and mine[0].written:
        _alone(mine[0], setup)
        return
    for column, stream in zip(st.columns(len(mine), gap="medium"), mine, strict=True):
        column.html(_heading(stream) + _shaded(stream))
    temperature(setup)


def _alone(stream: TextStream, setup: ShakespeareSettings) -> None:
    """Draw one text, and beside it what the chosen character was drawn from."""
    at = streams.place(stream, setup.at)
    left, right = st.columns(SHARES, gap="medium")
    with left:
        characters(stream.settings.prime, [_shade(each) for each in stream.written], at, key=f"{PAGE}.paper",
                   on_choice=_look_at,
                   label=f"{WRITTEN}. Click a character, or step with the arrow keys.")  # fmt: skip
    with right:
        next_character(stream, setup, at)
    st.html(render(TEMPLATE, "legend", LEVELS))
    _place(stream, at)


def behind(setup: ShakespeareSettings) -> None:
    """Draw what lies behind a single finished text: what it copied, the memory, the units."""
    mine = streams.on_screen(state.session_id())
    if len(mine) > 1 or mine[0].moving or not mine[0].written:
        return
    copies(mine[0])
    memory(mine[0], setup, streams.place(mine[0], setup.at))
    neurons(mine[0], setup)


def _writing(mine: list[TextStream]) -> None:
    """Draw the texts as they come, in boxes that keep their size."""
    st.html(render(TEMPLATE, "writes", _by(mine[0].settings)))

    @st.fragment(run_every=tick_seconds())
    def part() -> None:
        for stream in mine:
            stream.add(settings.visit.setup().speed)
        with page_turn:
            places = st.columns(SHARES, gap="medium") if len(mine) == 1 else st.columns(len(mine), gap="medium")
            for place, stream in zip(places, mine, strict=False):
                place.html(_heading(stream) + render(TEMPLATE, "growing", stream.text, WRITTEN))
            if len(mine) == 1:
                with places[1]:
                    next_character(None, settings.visit.setup())
        if not any(stream.moving for stream in mine):
            st.rerun()

    part()
    if len(mine) > 1:
        temperature(settings.visit.setup())


def whose(mine: list[TextStream], setup: ShakespeareSettings) -> Markup:
    """Return as HTML who wrote what is on screen, and whether it is older than what is set now."""
    then = mine[0].settings
    changed = setup.changed_since([stream.settings for stream in mine])
    recorded = not streams.of(state.session_id())
    drawn = [each for stream in mine for each in stream.written]
    mean = sum(each.surprise for each in drawn) / max(len(drawn), 1)
    if not changed:
        return render(TEMPLATE, "whose", _by(then), f"{mean:.2f}", recorded)
    names = ", ".join(name.lower() for name in changed)
    return render(TEMPLATE, "old", _by(then), names, shipped_models.label(setup.model), recorded)


def _by(of: ShakespeareSettings) -> str:
    opening = of.prime.strip().replace("\n", " ")
    opening = opening if len(opening) <= MOST_OPENING else f"{opening[:MOST_OPENING]}…"
    temperature = f"temperature {exact(of.temperature)}"
    drawn = {"one": f"{temperature}, seed {of.seed}", "temperatures": f"three times, seed {of.seed}",
             "seeds": f"three times, {temperature}"}  # fmt: skip
    return f"The {shipped_models.label(of.model)} ({drawn[of.many]}, opening “{opening}”)"


def share(setup: ShakespeareSettings) -> None:
    """Draw the link, and the text and the model as files."""
    drawer = share_drawer("Link and files", page=PAGE)
    if drawer is None:
        return
    with drawer:
        link("This link holds the model, the opening, the temperature and the seed: whoever opens it and presses "
             "**Write** gets the same text.", setup.flat())  # fmt: skip
        mine = streams.on_screen(state.session_id())
        if mine[0].written:
            text = "\n\n".join(stream.text for stream in mine)
            download("Text", text, "written.txt", mime="text/plain", key=f"{PAGE}.download.text")
        model = shipped_models.models()[setup.model].read_bytes()
        download("Model", model, f"{setup.model}.safetensors", mime=BINARY, key=f"{PAGE}.download.model")


def _heading(stream: TextStream) -> Markup:
    asked = stream.settings
    differs = {"one": "", "temperatures": f"temperature {exact(asked.temperature)}", "seeds": f"seed {asked.seed}"}
    said = differs[asked.many]
    return noted(said) if said else Markup("")


def _shaded(stream: TextStream) -> Markup:
    """Return a finished text as HTML, shaded by surprise."""
    return render("shakespeare/shaded.html", "finished", stream.settings.prime, map(_shade, stream.written), WRITTEN)


def _look_at(at: int) -> None:
    settings.visit.apply_settings({**settings.visit.setup().flat(), "at": at})


def _shade(each: Written) -> Character:
    level, chance = min(int(each.surprise), LEVELS - 1), float(each.probabilities[each.number])
    hover = f"{each.surprise:.2f} bits of surprise; drawn with probability {chance:.3f}"
    return Character(each.character, f"s{level}", hover)


def _place(stream: TextStream, at: int) -> None:
    """Draw the slider that steps through the text."""
    state.set_widget_value(f"{PAGE}.at", at)
    known = settings.described()["at"]
    st.slider(known.label, 1, max(len(stream.written), 2), key=f"{PAGE}.at", help=known.help, on_change=settings.change,
              args=("at",))  # fmt: skip
