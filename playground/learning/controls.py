"""The Learning to write page's parts: its controls, what has to be said, the choice of a text, and files."""

from typing import Any

import streamlit as st

from playground.components import controls
from playground.components.choices import choice
from playground.components.numbers import exact, number
from playground.components.share import BINARY, download, link, share_drawer
from playground.components.templates import render
from playground.language_models import shipped_models
from playground.learning import actions
from playground.learning.actions import entry
from playground.learning.settings import OWN, PAGE, SCRATCH, LearningSettings, beginnings, described
from playground.live.process import page_turn, pool
from playground.live.visitor import lost_session
from playground.race import words
from playground.session import state
from rnncore.cells import CELLS
from rnncore.text.corpora import CORPORA
from rnncore.text.own import LONGEST, MOST_BYTES, changes
from rnncore.text.study import Study

LABEL = {
    "running": ("Pause", "pause"),
    "paused": ("Resume", "play_arrow"),
    "finished": ("Start again", "replay"),
    "diverged": ("Start again", "replay"),
}
SIDE = ("hidden_size", "num_layers", "lr", "steps", "prime", "temperature", "seed")
CELL_WIDTH = 220  # pixels, of the longest name
OF_NETWORK = ("hidden_size", "num_layers")
LABELS = {**{name: corpus.label for name, corpus in CORPORA.items()}, OWN: "Your own"}


def transport(setup: LearningSettings) -> None:
    """Draw the buttons and the main choices: the text, what to begin with, and the cell."""
    mine = entry()
    status = mine.status if mine is not None and mine.failure is None else "ready"
    label, icon = LABEL.get(status, ("Start", "play_arrow"))
    with st.container(horizontal=True, key="writing-transport", vertical_alignment="center", gap="small"):
        st.button(label, key=f"{PAGE}.start", type="primary", icon=f":material/{icon}:", shortcut="Space",
                  on_click=actions.press_start, args=(status,))  # fmt: skip
        st.button("Reset", key=f"{PAGE}.reset", icon=":material/restart_alt:", on_click=actions.press_reset,
                  help="Back to update 0 with these settings: same first weights, same losses.")  # fmt: skip
        st.button("New seed", key=f"{PAGE}.new_seed", icon=":material/casino:", on_click=actions.new_seed,
                  help=f"Other first weights, other draws. The seed now is {setup.seed}.")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        change: dict[str, Any] = {"on_change": actions.change, "page": PAGE}
        choice("text", list(LABELS), setup.text, label="Text", words=LABELS.__getitem__, **change)
        choice("speed", described()["speed"].choices, setup.speed, label="Speed", **change)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        choice("begin", beginnings(), setup.begin, label="Begin", words=_beginning, **change)
        if setup.begin == SCRATCH:
            state.set_widget_value(f"{PAGE}.cell", setup.cell)
            st.selectbox("Cell", described()["cell"].choices, key=f"{PAGE}.cell", on_change=actions.change,
                         args=("cell",), format_func=lambda name: CELLS[name].label, label_visibility="collapsed",
                         width=CELL_WIDTH)  # fmt: skip


def _beginning(name: str) -> str:
    return "From scratch" if name == SCRATCH else f"Shipped {shipped_models.label(name)}"


def messages(setup: LearningSettings) -> None:
    """Say what holds now: a freed or failed study, one that blew up, settings that wait for a reset."""
    mine = entry()
    if actions.was_freed():
        st.info("Your network was freed while this page had no connection. **Start** trains it again, with the same "
                "losses.", icon=":material/cloud_off:")  # fmt: skip
    if mine is None:
        if not actions.was_freed() and lost_session():
            st.info(words.LOST, icon=":material/cloud_off:")
        return
    if actions.stale(setup):
        st.info(f"On screen is still the one before: {_asked()}. **Reset** begins with what is chosen now.",
                icon=":material/restart_alt:")  # fmt: skip
    if mine.failure is not None:
        st.error(f"This study stopped because of an error in the program ({mine.failure[:200]}). Others go on. "
                 "**Start** makes a fresh one.")  # fmt: skip
    blown = mine.view().divergence
    if blown is not None:
        st.warning(f"Diverged at update {blown.step:,}: loss {number(blown.loss, 3)}, gradient norm "
                   f"{number(blown.grad_norm, 3)}, learning rate {exact(blown.lr)}. A ten times smaller one usually "
                   "helps; then press **Start again**.",
                   icon=":material/warning:")  # fmt: skip


def _asked() -> str:
    """Return in words which text the study on screen learns, and with which network."""
    asked = state.get(f"{PAGE}.asked")
    if asked["begin"] == SCRATCH:
        network = f"{CELLS[asked['cell']].label}, {asked['num_layers']} × {asked['hidden_size']} units"
    else:
        network = f"shipped {shipped_models.label(asked['begin'])}"
    return f"{LABELS[asked['text']]}, {network}, seed {asked['seed']}"


def text_choice(setup: LearningSettings) -> None:
    """Say what the chosen text is; for one's own, take it and report on it."""
    if setup.text != OWN:
        st.caption(CORPORA[setup.text].about)
        return
    left, right = st.columns(2, gap="medium")
    left.file_uploader("A text file", key=f"{PAGE}.upload", max_upload_size=MOST_BYTES // 10**6,
                       on_change=actions.take_upload,
                       help="Plain text, at most 2 MB, such as .txt, .md or .py. It stays on this server until you "
                       "leave the page.")  # fmt: skip
    right.text_area("Or paste one", key=f"{PAGE}.paste", height=100, max_chars=LONGEST,
                    placeholder=f"The box takes {LONGEST:,} characters and nothing longer.",
                    on_change=actions.take_paste, help="At least 2,000 characters.")  # fmt: skip
    found = actions.report()
    if found is None:
        st.caption("No text yet. It is learned as it is: spaces of all kinds become plain ones, line separators line "
                   "ends, and only control characters are taken out. A link does not carry it.")  # fmt: skip
        return
    lines = "one line" if found.lines == 1 else f"{found.lines:,} lines"
    st.html(render("learning/controls.html", "report", found, lines, [*changes(found), actions.remark()]))


def side(setup: LearningSettings) -> None:
    """Draw what the network is, how fast it learns, and how its samples are drawn."""
    for name in SIDE:
        idle = name in OF_NETWORK and setup.begin != SCRATCH
        value = actions.chosen_opening(setup) if name == "prime" else getattr(setup, name)
        controls.control(described()[name], value, actions.change, page=PAGE, disabled=idle)


def share(setup: LearningSettings) -> None:
    """Draw the link, and the model and the samples as files."""
    drawer = share_drawer("Link and files", page=PAGE)
    if drawer is None:
        return
    with drawer:
        link("Whoever opens this link and presses **Start** gets the same losses and the same samples. A text of your "
             "own does not travel with it.", setup.flat())  # fmt: skip
        mine = entry()
        if mine is None:
            return
        study = mine.view()
        record = "\n\n".join(f"--- update {each.step}\n{study.writing.prime}{each.text}" for each in study.samples)
        download("Samples", record, "samples.txt", mime="text/plain", key=f"{PAGE}.download.samples")
        with page_turn.given_away():
            model = pool().compute(mine, Study.save)
        download("Model as it is now", model, "model.safetensors", mime=BINARY, key=f"{PAGE}.download.model",
                 help="Write with it: python -m rnncore sample --model model.safetensors")  # fmt: skip
