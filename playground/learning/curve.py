"""The Learning to write page's live part: the curve, its reference lines, and every figure in nats and bits."""

from math import inf

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
from playground.components.templates import already_html, render
from playground.components.terms import term
from playground.language_models import shipped_models
from playground.learning import recorded as learning_recorded
from playground.learning.actions import entry, on_screen
from playground.learning.settings import PAGE, visit
from playground.live.process import page_turn, pool
from playground.live.slot import Slot
from playground.live.view import MOVING, POINTS, keep_live
from playground.race import progress, words
from playground.race.words import bold
from rnncore.caching.once import once_for_each
from rnncore.tasks import Baseline
from rnncore.text.language import bits
from rnncore.text.study import Study, measure

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
    first = on_screen()
    if first is None:
        st.markdown("Press **Start**: a network that knows nothing reads the text piece by piece and learns to expect "
                    "the next character. Beside the curve you see what it writes after 0, 10, 30, 100, 300, 1,000 … "
                    "updates.")  # fmt: skip
        return
    head, chart, figures, room = Slot(), Slot(), Slot(), _longest(first)
    with page_turn.given_away():
        lines = references(first)

    def draw() -> bool:
        study, where = on_screen(), render("learning/curve.html", "head", _bar(), reserved(_where(), *room))
        if study is None:  # freed; what is drawn here must not keep it
            return True
        head.show(where, lambda: st.html(where))
        alt = WHILE_MOVING if before[0] in MOVING else _finding(study)
        chart.show(study.step, lambda: _curve(study, lines, alt))
        figures.show(len(study.history.held_out), lambda: st.html(_figures(study, lines)))
        return state() != before

    draw()
    first = None
    if before[0] in MOVING:
        keep_live(draw, (head, chart, figures), lambda: before[0] == "waiting")


def state() -> State:
    """Return what the page's buttons and samples depend on."""
    mine = entry()
    if mine is None:
        return "none", 0
    if mine.failure is not None:
        return "failed", len(mine.trainee.samples)
    waiting, pausing = pool().place(mine) is not None, mine.pausing
    return "waiting" if waiting else "pausing" if pausing else mine.trainee.status, len(mine.trainee.samples)


def _where() -> Markup:
    mine = entry()
    if mine is None:
        return bold(learning_recorded.sentence(visit.setup()))
    place = pool().place(mine)
    if place is not None:
        return bold(words.waiting(place))
    study = mine.trainee
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


def _training(study: Study, step: int, left: str) -> Markup:
    return bold(f"{progress.training(step, study.steps, study.config.seed)}{left}")


def _longest(study: Study) -> list[Markup]:
    """Return the longest lines that may say how far a study is."""
    training = _training(study, study.steps, f"{progress.to_go(progress.FAR)} · 88,888 characters a second")
    recorded = learning_recorded.sentence(visit.setup())
    return [training, bold(recorded), bold(words.waiting(words.LAST_IN_LINE))]


def _bar() -> Markup:
    mine = entry()
    if mine is None:
        return already_html(progress.NO_BAR)
    study = mine.trainee
    return already_html(progress.bar(study.step, study.step if study.status == "finished" else study.steps))


def references(study: Study) -> list[Baseline]:
    """Return what guessers and the shipped models lose on the same held-out characters, as lines with reasons."""
    lines = list(study.baselines)
    for name in shipped_models.models():
        loss = shipped_loss(name, study.held_out)
        if loss is not None and shipped_models.language(name) is not study.begin:
            lines.append(Baseline("other", f"shipped {shipped_models.label(name)}", loss, bits(loss), OF_SHIPPED))
    if study.begin is not None:
        loss = float(study.history.held_out["loss"][0])
        lines.append(Baseline("optimum", "before going on", loss, bits(loss), "The model as it was at update 0."))
    return lines


@once_for_each(128)
def shipped_loss(name: str, held_out: str) -> float | None:
    """Return a shipped model's loss on a text, or None if it has characters that the model has never seen."""
    language = shipped_models.language(name)
    return None if language.vocabulary.unknown(held_out) else measure(language, held_out)


def _curve(study: Study, lines: list[Baseline], alt: str) -> DeltaGenerator:
    cell = study.language.config.cell
    rows = curve_table([study.view(POINTS)], lines, x_axis="updates", batch_size=study.config.batch_size,
                       scale="linear")  # fmt: skip
    spec = loss_chart((cell,), x_axis="updates", scale="linear", loss_label="nats per character", dark=is_dark())
    return draw_chart(rows, spec, key=f"{PAGE}.chart", alt=alt)


def _finding(study: Study) -> str:
    loss = study.view(1).held_loss or 0.0
    return f"After {study.step:,} updates the held-out loss is {loss:.3f} nats, {bits(loss):.3f} bits per character."


def _figures(study: Study, lines: list[Baseline]) -> Markup:
    view = study.view(1)
    rows = [("this network, held-out text", view.held_loss, "The beginning of the last tenth, which is never learned."),
            ("this network, last update", view.loss, "The piece of text it has just learned from.")]  # fmt: skip
    rows += [(line.name, line.loss, line.reason) for line in lines if line.loss is not None]
    worst_first = sorted(rows, key=lambda row: -inf if row[1] is None else -row[1])
    both = ((term(name, reason), _nats_and_bits(loss)) for name, loss, reason in worst_first)
    table = figure_table("Losses of this network and of others", UNITS, both)
    return table + noted(_by_heart(study))


def _nats_and_bits(loss: float | None) -> tuple[str, str]:
    return ("–", "–") if loss is None else (f"{loss:.3f}", f"{bits(loss):.3f}")


def _by_heart(study: Study) -> Markup:
    weights, characters = study.parameters, len(study.training)
    said = (f"{weights:,} weights learn {characters:,} characters: {number(characters / weights, 2)} characters for "
            "each. The fewer, the easier it is to learn by heart.")  # fmt: skip
    measured = study.history.held_out
    loss, best = measured["loss"], int(measured["loss"].argmin())
    risen = (f" Held-out loss was lowest at update {measured['step'][best]:,.0f}, {loss[best]:.3f}, and has "
             "risen since: what it learns now helps with this text only.")  # fmt: skip
    return reserved(said + risen * bool(loss[-1] > 1.02 * loss[best]), said + risen)
