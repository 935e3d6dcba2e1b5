"""The look "Cut the memory": what an answer loses when the state is changed after a step."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from playground.components.charts import draw_chart, is_dark
from playground.components.figure_table import figure_table
from playground.components.note import noted
from playground.components.numbers import number, percent
from playground.inside.memory import controls, settings
from playground.inside.memory.cut_chart import cut_chart
from playground.inside.memory.networks import Kept, Networks, each
from playground.inside.memory.rows import as_csv
from playground.inside.memory.settings import NOW, PAGE, MemoryView
from playground.race.setup import Setup
from playground.session import state
from rnncore.analysis.interventions import Change, Cut, cut, telling_step
from rnncore.analysis.states import Network, Words, words_of
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import cut_rows

DONE = {"zero": "the state set to 0", "remove": "unit {} removed", "freeze": "unit {} held", "swap": "states swapped"}


def cut_memory(setup: Setup, found: Networks) -> None:
    """Draw each network's answer before and after, and what the same cut would have done at every other step."""
    view: MemoryView = setup.view
    shown = found.at(controls.scrubber(found, setup))
    example = view.example - 1
    (words,) = each(shown[:1], ("words", example), partial(_words, example=example))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        controls.counted("example", view.example, words.examples)
        controls.pick("what", settings.WHAT, setup, named=True)
        if view.what in ("remove", "freeze"):
            controls.counted("unit", view.unit, shown[0].network.config.hidden_size)
        if view.what == "swap":
            controls.counted("other", view.other, words.examples)
    changed = partial(Change, view.what, unit=view.unit - 1, layer=view.layer - 1, other=view.other - 1)
    first = view.step - 1 if view.step else telling_step(_cuts(found.at(NOW), example, changed(words.step)), words.step)
    change = changed(_step_slider(first, words))
    cuts = _cuts(shown, example, change)
    _draw(shown, cuts, change, words)


def _words(network: Network, example: int) -> Words:
    return words_of(network, example)


def _cuts(shown: Sequence[Kept], example: int, change: Change) -> list[Cut]:
    return each(shown, ("cut", example, change), partial(cut, example=example, change=change))


def _step_slider(first: int, words: Words) -> int:
    """Draw the slider over the steps of the example; return the one chosen, counted from 0."""
    key, steps = f"{PAGE}.step", [*range(1, len(words.read) + 1)]
    chosen = min(first + 1, len(steps))
    if len(steps) == 1:
        return 0
    state.set_widget_value(key, chosen)
    st.select_slider("Cut after step", steps, key=key, on_change=settings.change, args=("step",),
                     format_func=lambda number: f"{number}: {words.read[number - 1]}",
                     help=controls.KNOWN["step"].help)  # fmt: skip
    return chosen - 1


def _draw(shown: Sequence[Kept], cuts: Sequence[Cut], change: Change, words: Words) -> None:
    first, cells = cuts[0], tuple(kept.cell for kept in shown)
    score = "probability of the right answer" if first.probable else shown[0].network.task.loss_label
    done = DONE[change.kind].format(change.unit + 1)
    said = finding(cells, cuts, change.step, done)
    st.markdown(
        f"**{first.question}** — right answer: **{first.truth}**" if first.question else f"Right: {first.truth}"
    )
    rows = [(CELLS[cell].label, [made.before.text, made.after.text, _score(made, made.before.score),
                                 _score(made, made.after.score)])
            for cell, made in zip(cells, cuts, strict=True)]  # fmt: skip
    st.html(figure_table("Answers before and after", ("answer", f"answer, {done}", score, f"{score}, after"), rows,
                         figures=False))  # fmt: skip
    st.markdown(said)
    chart = [{"kind": "cut", "series": CELLS[cell].label, "step": place + 1, "score": float(value)}
             for cell, made in zip(cells, cuts, strict=True)
             for place, value in zip(made.places, made.scores, strict=True) if abs(value) < float("inf")]  # fmt: skip
    chart += [{"kind": kind, "series": "", "step": step + 1, "score": 0.0}
              for kind, step in (("here", change.step), ("read", words.step)) if step < len(words.read)]  # fmt: skip
    if len(first.places) > 1:
        st.markdown(f"**The same cut after every step** (“read”: {words.name} stands here)")
        draw_chart(chart, cut_chart(cells, score, probable=first.probable, dark=is_dark()), key="memory.cut",
                   alt=said.replace("**", "").replace("  \n", " "))  # fmt: skip
    others = "; of a bidirectional network the direction from the beginning alone is changed"
    mean = "mean over its steps, " if first.probable and not shown[0].network.task.many_to_one else ""
    st.html(noted(f"{score.capitalize()}: {mean}measured on this held-out example in every case. A state is all that "
                  f"a layer hands on: h, and c where there is one"
                  f"{others if shown[0].network.config.bidirectional else ''}."))  # fmt: skip
    controls.csv(as_csv([row for cell, made in zip(cells, cuts, strict=True) for row in cut_rows(cell, made)]), "cut")


def finding(cells: Sequence[str], cuts: Sequence[Cut], step: int, done: str) -> str:
    """Say of each network what became of its answer, one sentence each, in Markdown."""
    sentences = []
    for cell, found in zip(cells, cuts, strict=True):
        before, after = (_score(found, answer.score) for answer in (found.before, found.after))
        kept = found.before.text == found.after.text
        became = f"still “{found.after.text}”" if kept else f"“{found.before.text}” becomes “{found.after.text}”"
        sentences.append(f"**{CELLS[cell].label}**, {done} after step {step + 1}: {became}, {before} → {after}.")
    return "  \n".join(sentences)


def _score(found: Cut, score: float) -> str:
    return percent(score) if found.probable else number(score, 3)
