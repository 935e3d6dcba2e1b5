"""Cards of the shipped models: their size, loss and recipe; and what a text copies from what they learned."""

import streamlit as st
from markupsafe import Markup

from playground.components.figure_table import figure_table
from playground.components.note import noted
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.language_models.copied import copy_note
from playground.live.process import page_turn
from playground.shakespeare.settings import PAGE
from playground.shakespeare.streams import TextStream
from rnncore.caching.once import once_for_each
from rnncore.cells import CELLS
from rnncore.errors import DownloadError
from rnncore.text.copied import longest_copy
from rnncore.text.corpora import has_shakespeare, shakespeare
from rnncore.text.language import bits
from rnncore.text.learning import split

CAPTION = "Held-out loss, the state carried through the text"
COLUMNS = ("cell", "layers × units", "weights", "nats per character", "bits per character")


def copies(stream: TextStream) -> None:
    """Say what of a text was copied from the models' training text, once that is at hand; offer to fetch it."""
    if has_shakespeare():
        with page_turn.given_away():
            found = _copied(stream.text[len(stream.settings.prime) :])
        st.html(copy_note(found))
        return
    if st.button("What of this is copied?", key=f"{PAGE}.copied", icon=":material/content_copy:", type="tertiary",
                 help="Fetches Tiny Shakespeare, 1.1 MB, on which the models were trained, and looks for the longest "
                 "stretch of this text in it."):  # fmt: skip
        try:
            with page_turn.given_away(), st.spinner("Fetching Tiny Shakespeare ..."):
                shakespeare()
        except DownloadError as error:
            st.info(str(error), icon=":material/cloud_off:")
        else:
            st.rerun()


@once_for_each(64)
def _copied(text: str) -> str:
    return longest_copy(text, split(shakespeare())[0])


def cards() -> None:
    """Say what the shipped models are and how well they predict text they have never seen."""
    rows = []
    for name in shipped_models.models():
        language = shipped_models.language(name)
        card, config = language.card, language.config
        shape = f"{config.num_layers} × {config.hidden_size}"
        values = (CELLS[config.cell].label, shape, f"{card['parameters']:,}", f"{card['held_out_nats']:.3f}",
                  f"{bits(card['held_out_nats']):.3f}")  # fmt: skip
        rows.append((shipped_models.label(name), values))
    said = noted(
        "Trained on Tiny Shakespeare, 1,115,394 characters of which the last tenth was never seen. Guessing all 65 "
        f"symbols alike costs 4.174 nats. {_spread()}"
    )
    st.html(figure_table(CAPTION, COLUMNS, rows, caption=True) + said)
    drawer = st.expander("How each of them was made", key=f"{PAGE}.drawer.cards", on_change="rerun")
    if drawer.open:
        with drawer:
            for name in shipped_models.models():
                st.html(_card(name))


def _spread() -> str:
    """Say how far the models of about equal size lie apart."""
    cards = [shipped_models.language(name).card for name in shipped_models.models()]
    smallest = min(card["parameters"] for card in cards)
    alike = [card["held_out_nats"] for card in cards if card["parameters"] < 1.2 * smallest]
    return (f"The {len(alike)} models of equal size lie within {max(alike) - min(alike):.3f} nats of one another: "
            "on this text the cells differ less than their reputation has it.")  # fmt: skip


def _card(name: str) -> Markup:
    card = shipped_models.language(name).card
    characters, recipe = card["characters"], card["recipe"]
    weights = card["parameters"]
    made = ", ".join(f"{key} {value}" for key, value in recipe.items())
    said = (
        f"Data: {card['data']}, {card['symbols']} different characters; {card['split']}. {weights:,} weights for "
        f"{characters['training']:,} characters learned, {characters['training'] / weights:.2f} for each weight. "
        f"Measured on {characters['held_out']:,} held-out characters. Recipe: {made}; "
        f"{card['seconds'] / 60:.0f} minutes of one core."
    )
    return render("shakespeare/model_cards.html", "card", name, said, card["command"])
