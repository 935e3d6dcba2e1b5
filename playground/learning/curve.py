"""The Learning to write page's live part: the curve, its reference lines, and every figure in nats and bits."""

from collections.abc import Sequence
from math import inf
from operator import attrgetter

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from playground.components.charts import draw_chart, is_dark
from playground.components.figure_table import figure_table
from playground.components.loss_chart import loss_chart
from playground.components.note import noted
from playground.components.numbers import number
from playground.components.reserved import reserved
from playground.components.tables import curve_table
from playground.components.templates import render
from playground.components.terms import term
from playground.language_models import shipped_models
from playground.learning import recorded as learning_recorded
from playground.learning.actions import begun_with, entry, on_screen
from playground.learning.settings import PAGE, visit
from playground.live.process import page_turn, pool
from playground.live.slot import Slot
from playground.live.view import MOVING, keep_live
from playground.race import progress, words
from playground.race.words import bold
from rnncore.caching.once import once_for_each
from rnncore.tasks import Baseline
from rnncore.text.language import bits
from rnncore.text.study import StudyView, measure
from rnncore.training.history import Lowest

WHILE_MOVING = "Loss in nats per character against updates, training and held-out, growing; the figures stand below."
OF_SHIPPED = "Trained on Tiny Shakespeare; measured on the same held-out characters."
OF_PACE = "Learned per second of processor time that its own updates took."
UNITS = (
    term("nats", "Nats per character: the mean of -ln p of the character that came"),
    term("bits", "Bits per character: the same divided by ln 2"),
)


State = tuple[str, int]  # of a study, and how many samples it has written


def watch(before: State) -> None:
    """Draw the curve and the figures now, and again while it moves; the whole page when it is not as `before`."""
    found = on_screen()
    if found is None:
        st.markdown("Press **Start**: a network that knows nothing reads the text piece by piece and learns to expect "
                    "the next character. Beside the curve you see what it writes after 0, 10, 30, 100, 300, 1,000 … "
                    "updates.")  # fmt: skip
        return
    first = found.view()
    head, chart, figures, room = Slot(), Slot(), Slot(), _longest(first)
    with page_turn.given_away():
        lines = references(first, pool().compute(found, attrgetter("baselines"), waits=False))

    def draw() -> bool:
        shown = on_screen()
        if shown is None:  # freed
            return True
        study = shown.view()
        where = render("learning/curve.html", "head", _bar(study), reserved(_where(study), *room))
        head.show(where, lambda: st.html(where))
        alt = WHILE_MOVING if before[0] in MOVING else _finding(study)
        chart.show(study.step, lambda: _curve(study, lines, alt))
        figures.show(len(study.curve.held_step), lambda: st.html(_figures(study, lines)))
        return state() != before

    draw()
    if before[0] in MOVING:
        keep_live(draw, (head, chart, figures), lambda: before[0] == "waiting")


def state() -> State:
    """Return what the page's buttons and samples depend on."""
    mine = entry()
    if mine is None:
        return "none", 0
    written = len(mine.view().samples)
    if mine.failure is not None:
        return "failed", written
    waiting, pausing = pool().place(mine) is not None, mine.pausing
    return "waiting" if waiting else "pausing" if pausing else mine.status, written


def _where(study: StudyView) -> Markup:
    mine = entry()
    if mine is None:
        return bold(learning_recorded.sentence(visit.setup()))
    place = pool().place(mine)
    if place is not None:
        return bold(words.waiting(place))
    read = study.step * study.config.batch_size * study.config.seq_len
    pace = Markup("")
    if study.seconds:
        pace = Markup(" · ") + term(f"{read / study.seconds:,.0f} characters a second", OF_PACE)
    if mine.failure is None and study.status == "running":
        seconds = mine.pace.seconds_for(study.steps - study.step)
        return _training(study, study.step, "" if seconds is None else progress.to_go(seconds)) + pace
    name = {"ready": "Ready", "paused": "Paused", "diverged": "Stopped"}.get(study.status, "Finished")
    name = "Stopped" if mine.failure is not None else "Pausing" if mine.pausing else name
    return bold(f"**{name}** at update {study.step:,} · seed {study.config.seed}") + pace


def _training(study: StudyView, step: int, left: str) -> Markup:
    return bold(f"{progress.training(step, study.steps, study.config.seed)}{left}")


def _longest(study: StudyView) -> list[Markup]:
    """Return the longest lines that may say how far a study is."""
    training = _training(study, study.steps, f"{progress.to_go(progress.FAR)} · 88,888 characters a second")
    recorded = learning_recorded.sentence(visit.setup())
    return [training, bold(recorded), bold(words.waiting(words.LAST_IN_LINE))]


def _bar(study: StudyView) -> Markup:
    if entry() is None:
        return progress.NO_BAR
    return progress.bar(study.step, study.step if study.status == "finished" else study.steps)


def references(study: StudyView, baselines: Sequence[Baseline]) -> list[Baseline]:
    """Return what guessers and the shipped models lose on the same held-out characters, as lines with reasons."""
    lines, begun = list(baselines), begun_with()
    for name in shipped_models.models():
        loss = shipped_loss(name, study.held_out)
        if loss is not None and name != begun:
            lines.append(Baseline("other", f"shipped {shipped_models.label(name)}", loss, bits(loss), OF_SHIPPED))
    if study.goes_on:
        before = study.first_loss
        lines.append(Baseline("optimum", "before going on", before, bits(before), "The model as it was at update 0."))
    return lines


@once_for_each(128)
def shipped_loss(name: str, held_out: str) -> float | None:
    """Return a shipped model's loss on a text, or None if it has characters that the model has never seen."""
    language = shipped_models.language(name)
    return None if language.vocabulary.unknown(held_out) else measure(language, held_out)


def _curve(study: StudyView, lines: list[Baseline], alt: str) -> DeltaGenerator:
    rows = curve_table([study], lines, x_axis="updates", batch_size=study.config.batch_size,
                       scale="linear")  # fmt: skip
    spec = loss_chart((study.cell,), x_axis="updates", scale="linear", loss_label="nats per character", dark=is_dark())
    return draw_chart(rows, spec, key=f"{PAGE}.chart", alt=alt)


def _finding(study: StudyView) -> str:
    loss = study.held_loss or 0.0
    return f"After {study.step:,} updates the held-out loss is {loss:.3f} nats, {bits(loss):.3f} bits per character."


def _figures(study: StudyView, lines: list[Baseline]) -> Markup:
    rows = [
        ("this network, held-out text", study.held_loss, "The beginning of the last tenth, which is never learned."),
        ("this network, last update", study.loss, "The piece of text it has just learned from."),
    ]
    rows += [(line.name, line.loss, line.reason) for line in lines if line.loss is not None]
    worst_first = sorted(rows, key=lambda row: -inf if row[1] is None else -row[1])
    both = ((term(name, reason), _nats_and_bits(loss)) for name, loss, reason in worst_first)
    table = figure_table("Losses of this network and of others", UNITS, both)
    return table + noted(_by_heart(study))


def _nats_and_bits(loss: float | None) -> tuple[str, str]:
    return ("–", "–") if loss is None else (f"{loss:.3f}", f"{bits(loss):.3f}")


def _by_heart(study: StudyView) -> Markup:
    weights, characters = study.parameters, study.characters
    said = (f"{weights:,} weights learn {characters:,} characters: {number(characters / weights, 2)} characters for "
            "each. The fewer, the easier it is to learn by heart.")  # fmt: skip
    lowest = study.lowest or Lowest(0, study.first_loss)
    risen = (f" Held-out loss was lowest at update {lowest.step:,}, {lowest.loss:.3f}, and has "
             "risen since: what it learns now helps with this text only.")  # fmt: skip
    return reserved(said + risen * study.has_turned, said + risen)
