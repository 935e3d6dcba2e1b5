"""See the neurons: the text coloured by what one unit does, and the units that tell something about it."""

import numpy as np
import streamlit as st
from markupsafe import Markup

from playground.components.characters import Character
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.live.process import page_turn
from playground.session import state
from playground.shakespeare import settings
from playground.shakespeare.settings import BY_HAND, PAGE, ShakespeareSettings
from playground.shakespeare.streams import TextStream
from rnncore.caching.once import once_for_each
from rnncore.cells.fast import Floats
from rnncore.text.corpora import play
from rnncore.text.units import FEATURES, Unit, activations, best_units

READ = 6000  # characters of the play on which units are judged; no model was trained on it
BEST = 5
SHADES = 5
CLASSES = [*(f"n{shade}" for shade in range(SHADES, 0, -1)), "", *(f"p{shade}" for shade in range(1, SHADES + 1))]
SHADED = "shakespeare/shaded.html"


def neurons(stream: TextStream, setup: ShakespeareSettings) -> None:
    """Draw the choice of a feature and of a unit, and the text in that unit's colours."""
    st.markdown("**See the neurons.** Which unit knows where it is? Blue is low, orange is high.")
    state.set_widget_value(f"{PAGE}.feature", setup.feature)
    st.pills("Units that tell", [*FEATURES, BY_HAND], key=f"{PAGE}.feature", required=True, wrap=True,
             on_change=settings.change, args=("feature",),
             help=f"Judged on {READ:,} characters of a play that no shipped model has seen.")  # fmt: skip
    with page_turn.given_away():
        states = unit_activations(stream.settings.model, stream.text)
        best = units(stream.settings.model, setup.feature) if setup.feature != BY_HAND else []
    if best:
        shown = best[setup.rank - 1]
        place = shown.layer, shown.part, shown.number
        state.set_widget_value(f"{PAGE}.rank", setup.rank)
        st.segmented_control("Unit", range(1, BEST + 1), key=f"{PAGE}.rank", required=True, on_change=settings.change,
                             args=("rank",), format_func=lambda rank: label(best[rank - 1]), wrap=True,
                             help="The five that tell it best. In brackets the squared correlation: 1 would be "
                             "perfect, 0 nothing.")  # fmt: skip
    else:
        place = _by_hand(setup, states)
    values = states[place[:2]][:, place[2]]
    st.html(render(SHADED, "paper", coloured(stream.text, values)))


def _by_hand(setup: ShakespeareSettings, states: dict[tuple[int, str], Floats]) -> tuple[int, str, int]:
    """Draw the choice of a layer, a part and a unit; return their places, layer and unit from 0."""
    layers, parts = sorted({layer for layer, _ in states}), list(dict.fromkeys(part for _, part in states))
    layer = min(setup.layer, len(layers))
    part = setup.part if setup.part in parts else parts[0]
    count = states[layer - 1, part].shape[1]
    number = min(setup.unit, count)
    known = settings.described()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for name, options, value in (("layer", [n + 1 for n in layers], layer), ("part", parts, part)):
            state.set_widget_value(f"{PAGE}.{name}", value)
            st.segmented_control(known[name].label, options, key=f"{PAGE}.{name}", required=True, help=known[name].help,
                                 on_change=settings.change, args=(name,))  # fmt: skip
        state.set_widget_value(f"{PAGE}.unit", number)
        st.number_input(f"{known['unit'].label} (1 to {count})", 1, count, value=number, key=f"{PAGE}.unit",
                        on_change=settings.change, args=("unit",), width=220, help=known["unit"].help)  # fmt: skip
    return layer - 1, part, number - 1


def label(unit: Unit) -> str:
    """Return a unit's name and score."""
    return f"layer {unit.layer + 1}, {unit.part} {unit.number + 1} ({unit.score:.2f})"


@once_for_each(32)
def units(model: str, feature: str) -> list[Unit]:
    """Return the units of a shipped model that tell a feature best."""
    text = _judged_on(model)
    return best_units(unit_activations(model, text), FEATURES[feature](text), BEST)


@once_for_each(8)
def unit_activations(model: str, text: str) -> dict[tuple[int, str], Floats]:
    """Return what every unit of a shipped model does along a text."""
    return activations(shipped_models.language(model), text)


def _judged_on(model: str) -> str:
    known = shipped_models.language(model).vocabulary
    return "".join(character for character in play()[:READ] if not known.unknown(character))


def coloured(text: str, values: Floats) -> Markup:
    """Return a text as HTML, each character shaded by a value, relative to the largest there."""
    largest = float(np.abs(values).max()) or 1.0
    shades = np.rint(SHADES * values.astype(np.float64) / largest).astype(int).tolist()
    characters = [
        Character(character, CLASSES[SHADES + shade], f"{value:.3f}")
        for character, shade, value in zip(text, shades, values.tolist(), strict=True)
    ]
    return render(SHADED, "shaded", characters)
