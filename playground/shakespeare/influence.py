"""See the memory: earlier characters shaded by how strongly they bear on one, for two models on the same text."""

import streamlit as st
from markupsafe import Markup

from playground.components.characters import Character
from playground.components.numbers import number
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.live.process import page_turn
from playground.session import state
from playground.shakespeare import settings
from playground.shakespeare.settings import PAGE, ShakespeareSettings
from playground.shakespeare.streams import TextStream
from rnncore.caching.once import once_for_each
from rnncore.cells.fast import Floats
from rnncore.text.memory import influence

BACK = 240  # characters
DECADES = 6  # from 1 down to a millionth, in absolute terms
FAR = 1e-3
TEMPLATE = "shakespeare/influence.html"


def memory(stream: TextStream, setup: ShakespeareSettings, at: int) -> None:
    """Draw the characters before the one at a place of the stream, once for its model and once for another."""
    text = stream.text[: len(stream.settings.prime) + at][-BACK:]
    st.markdown("**See the memory.** How strongly does each earlier character bear on the one chosen above? Each shade "
                "is a power of ten of the gradient of its logit.")  # fmt: skip
    others = [name for name in shipped_models.models() if name != stream.settings.model] or [stream.settings.model]
    other = setup.beside if setup.beside in others else others[0]
    state.set_widget_value(f"{PAGE}.beside", other)
    st.segmented_control("Beside", others, key=f"{PAGE}.beside", required=True, on_change=settings.change,
                         args=("beside",), format_func=shipped_models.label,
                         help="The other model, reading the same text.")  # fmt: skip
    for place, model in zip(st.columns(2), (stream.settings.model, other), strict=True):
        with page_turn.given_away():
            found = _influence(model, text)
        place.html(render(TEMPLATE, "memory", shipped_models.label(model), said(found), shaded(text, found)))


@once_for_each(64)
def _influence(model: str, text: str) -> Floats:
    return influence(shipped_models.language(model), text)


def said(found: Floats) -> str:
    """Say how far back an influence of a thousandth of the strongest reaches."""
    if not len(found) or not found.max() > 0:
        return "nothing before it."
    steps = len(found) - int((found >= FAR * found.max()).argmax())
    return f"a thousandth of the strongest influence reaches {steps} characters back."


def shaded(text: str, found: Floats) -> Markup:
    """Return the text as HTML: the darker, the stronger; the last character is marked."""
    characters = []
    for character, value in zip(text, found.tolist(), strict=False):
        level = next((DECADES + 1 - d for d in range(1, DECADES + 1) if value >= 10.0**-d), 0)
        characters.append(Character(character, f"s{level}" if level else "", number(value, 2)))
    return render(TEMPLATE, "text", characters, text[-1:])
