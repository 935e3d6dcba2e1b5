"""Share, save and load: the link, the model file and the curve."""

import streamlit as st

from playground.components.share import BINARY, download, link, share_drawer
from playground.race import actions, own_race
from playground.race.setup import Setup, setup_settings
from playground.session import address
from playground.train import race_files

WHOLE = "This link holds the whole set-up, the seed included: whoever opens it and presses Start gets the same losses."
TOO_LONG = (
    "This set-up needs your file, which is too long for a link. The link carries its fingerprint: whoever opens it is "
    "asked for the same file and then gets the same losses. A saved model holds the file itself."
)


def share_and_save(setup: Setup) -> None:
    """Draw the drawer with the link, the downloads and the upload."""
    drawer = share_drawer("Share and save", page=actions.PAGE)
    if drawer is None:
        return
    known = setup_settings(setup.config.task)
    with drawer:
        own = {name: value for name, value in setup.flat().items() if value != known[name].default}
        link(WHOLE if address.fits(own) else TOO_LONG, setup.flat())
        st.button(
            "Make files", key="train.make_files", icon=":material/inventory_2:", on_click=race_files.make_files,
            disabled=own_race.entry() is None,
            help="Take your race as it is at this moment, as a model and as a table. A recorded one is not saved: it "
            "lacks what training on needs.",
        )  # fmt: skip
        made = race_files.files()
        if made is not None:
            st.caption(f"As at update {made.step:,}:")
            download("Save model", made.model, "rnn-playground.safetensors", mime=BINARY, key="train.save_model",
                     help="Weights, optimiser and history of all cells. Load it later to go on training.")  # fmt: skip
            download("Curve as CSV", made.curve, "rnn-playground.csv", key="train.save_curve",
                     help="Every update and every held-out measurement.")  # fmt: skip
        st.file_uploader(
            "Load model", type="safetensors", key="train.upload", on_change=race_files.load,
            help="A file that Save model made. It is checked first; nothing in it is executed.",
        )  # fmt: skip
