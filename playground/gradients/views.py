"""The picture and words of the Gradients page for each way of looking."""

import streamlit as st

from playground.components.charts import draw_chart, is_dark
from playground.components.heat_map import draw_heat_map
from playground.components.note import noted
from playground.components.numbers import number
from playground.gradients import charts, heat_maps, settings, sweep, tables, words
from playground.gradients.exploding import exploding
from playground.gradients.settings import NOW
from playground.live import jobs, measurements
from playground.live.process import page_turn, pool
from playground.race import own_race
from playground.race.setup import Setup
from playground.session import state
from rnncore.analysis.decay import FLOOR
from rnncore.analysis.gradients import GradientFlow
from rnncore.cells import CELLS
from rnncore.tasks import TASKS

MINE_SECONDS = 2.0
SWEEP_SECONDS = 0.5
ALIGNED = "text"  # a task with an answer at every step, for whoever wants to see one
DISTANCE, NORM = "steps before the loss", "gradient norm"
FLOOR_NOTE = f" Below the dashed line, {number(FLOOR, 2)}, a number is no longer kept to full precision in float32."
WHILE_MOVING = "Gradient norms by distance from the loss; the finding stands in words below."

WHY = """A step multiplies the gradient by the transposed recurrent matrix and by the slopes of the activation. The
**largest singular value** is the most the matrix can stretch any vector in one step, so largest singular value times
steepest slope under 1 is enough to make every gradient vanish; over 1 is needed for it to explode, but does not make
it so.

A **spectral radius** under 1 says only that powers of the matrix alone shrink in the end. On the way they can grow for
a long time, and the steps of a network are not powers of one matrix: the slopes differ at each step. So it proves
nothing by itself."""


def picture(setup: Setup) -> None:
    """Draw what the set-up asks for."""
    look, mine = setup.view.look, setup.view.source == "mine"
    if mine and look in ("length", "every", "stretch"):
        st.caption("Measured on the networks chosen here, as they start.")
    if look == "clip":
        exploding(setup)
    elif mine and look in ("distance", "share"):
        of_my_run(setup)
    elif look in ("distance", "share"):
        lines(_part(measurements.flows(setup.configs), setup), look)
    elif look == "length":
        over_length(setup)
    elif look == "every":
        loss_at_every_step(setup)
    else:
        stretch(setup)


def _part(measured: list[GradientFlow], setup: Setup) -> list[GradientFlow]:
    """Return what was measured of the layer and direction that is looked at."""
    return [flow.only(*setup.view.part(flow.config.num_layers)) for flow in measured]


def lines(measured: list[GradientFlow], look: str, note: str = "", moving: bool = False) -> None:
    """Draw gradient norms, or what each step adds, against the distance from the loss; with words and figures."""
    cells = tuple(flow.config.cell for flow in measured)
    share = look == "share"
    said = words.sum_finding(measured) if share else words.finding(measured)
    alt = WHILE_MOVING if moving else words.plain(said)
    title = "added to the gradient of the input weights" if share else "gradient norm ||dL/dh||"
    spec = charts.flow_chart(cells, x_title=DISTANCE, y_title=title, dark=is_dark(), states=not share)
    rows = tables.share_rows(measured) if share else tables.flow_rows(measured)
    if note:
        st.caption(note)
    draw_chart(rows, spec, key=f"gradients.{look}", alt=alt)
    st.markdown(said)
    if share:
        st.markdown("The gradient of a weight is a sum with one contribution per time step. This is the length of each "
                    "contribution to the input weights' gradient: the steps that the weight update listens to. "
                    "**Truncate after** (in *Task and more*) cuts the sum off.")  # fmt: skip
        return
    st.html(words.table(measured))
    count = measurements.examples([flow.config for flow in measured])
    floor = FLOOR_NOTE * tables.reaches_floor(rows)
    st.html(noted(f"Norm of each example's own gradient: mean over {count} examples, and the band that holds 80 % of "
                  f"them. The loss is taken at the last step only.{floor}"))  # fmt: skip


def of_my_run(setup: Setup) -> None:
    """Measure the run of the Train page, again and again while it moves."""
    mine = own_race.entry()
    if mine is None:
        st.info("You have no run on the **Train** page at the moment. Start one there, and come back while it trains.",
                icon=":material/info:")  # fmt: skip
        return
    moving, look = mine.moving, setup.view.look

    @st.fragment(run_every=MINE_SECONDS if moving else None)
    def part() -> None:
        if settings.visit.setup() != setup:  # the slider has moved, and its place belongs in the address
            st.rerun()
        with page_turn.given_away():
            weights = pool().compute(mine, measurements.milestones)
        step = weights[0].step
        now, earlier = measurements.of_now(weights), measurements.along(weights)
        with page_turn:
            at = _scrubber([*earlier[0]], setup.view.at)
            shown = now if at == NOW else [flows[at] for flows in earlier if at in flows]
            lines(_part(shown, setup), look, f"Your run at update {step if at == NOW else at:,}.", moving)
            if look == "distance":
                _along([dict(zip(flows, _part([*flows.values()], setup), strict=True)) for flows in earlier])
        if moving and not mine.moving:
            st.rerun()

    part()


def _scrubber(kept: list[int], chosen: int) -> int:
    """Draw the slider over the updates at which weights were kept, and return the one to show."""
    at = chosen if chosen in kept else NOW
    state.set_widget_value("gradients.at", at)
    st.select_slider("Show the networks at update", [*kept, NOW], key="gradients.at", on_change=settings.change,
                     args=("at",), format_func=lambda step: "now" if step == NOW else f"{step:,}",
                     help="Weights are kept at updates 0, 1, 3, 10, 30 and so on.")  # fmt: skip
    return at


def _along(earlier: list[dict[int, GradientFlow]]) -> None:
    """Draw one heat map per network: update by distance."""
    st.markdown("**Over training**: one row per update at which the weights were kept, bright where much arrives.")
    for place, found in zip(st.columns(len(earlier)), earlier, strict=True):
        cell = next(iter(found.values())).config.cell
        with place:
            st.caption(f"**{CELLS[cell].label}**")
            alt = f"{CELLS[cell].label}: {heat_maps.along_in_words(found)}"
            draw_heat_map(heat_maps.along_map(found, dark=is_dark()), key=f"gradients.along.{cell}", alt=alt,
                          zoom=True)  # fmt: skip


def over_length(setup: Setup) -> None:
    """Draw the sweep over sequence lengths, its progress and its buttons."""
    if setup.view.swept and jobs.of(state.session_id(), sweep.about(setup)) is None:
        sweep.start(setup)
    before = jobs.of(state.session_id(), sweep.about(setup))
    going = before is not None and before.moving

    @st.fragment(run_every=SWEEP_SECONDS if going else None)
    def part() -> None:
        job = jobs.of(state.session_id(), sweep.about(setup))
        moving = job is not None and job.moving
        if moving != going:
            st.rerun()
        with page_turn:
            if job is not None and moving:
                st.button("Stop", key="gradients.stop", icon=":material/stop:", on_click=_stop_sweep)
                st.progress(len(job.results) / len(job.pieces), f"{len(job.results)} of {len(job.pieces)} measurements")
            else:
                measured = sweep.lengths(setup)
                st.button(f"Measure {measured[0]:,} to {measured[-1]:,} steps", key="gradients.sweep", type="primary",
                          icon=":material/play_arrow:", on_click=_sweep, args=(setup,))  # fmt: skip
            if job is not None and job.failure:
                st.error(f"The measurement stopped because of an error in the program ({job.failure[:200]}).")
            found = list(job.results) if job is not None else sweep.recorded(setup)
            if job is None and found:
                st.caption("**Recorded**: measured earlier with these settings.")
            spec = charts.flow_chart(setup.cells, x_title="sequence length", log_x=True, dark=is_dark(),
                                          y_title="share that reaches the first step")  # fmt: skip
            said = sweep.finding(found) if found else "Nothing measured yet with these settings."
            alt = "Share of the gradient by sequence length." if going else words.plain(said)
            draw_chart(sweep.rows(found), spec, key="gradients.length", alt=alt)
            st.markdown(said)
            st.html(noted(f"Mean and range over {sweep.SEEDS} seeds. {sweep.left_out(setup)}"))

    part()


def _sweep(setup: Setup) -> None:
    settings.visit.apply_settings({**setup.flat(), "swept": True})
    sweep.start(setup)


def _stop_sweep() -> None:
    jobs.stop(state.session_id())


def loss_at_every_step(setup: Setup) -> None:
    """Draw the triangle, and beside it the naive norm that hides what it shows."""
    task = TASKS[setup.config.task]
    if not task.sequence_type.at_every_step:
        st.info(f"**{task.label}** has no answer before everything is read. A task that answers at every step shows "
                "what a loss at every step does.", icon=":material/info:")  # fmt: skip
        st.button("Take the next character of a text", key="gradients.aligned", on_click=_take_aligned)
        return
    configs = measurements.shortened(setup.configs)
    naive, honest = (_part(measurements.flows(configs, every_step=each), setup) for each in (True, False))
    left, right = st.columns(2)
    for place, measured, title, key in (
        (left, naive, "Loss at every step", "naive"),
        (right, honest, "Loss at the last step only", "honest"),
    ):
        with place:
            st.caption(f"**{title}**")
            spec = charts.flow_chart(
                setup.cells, x_title="steps before the end", y_title=NORM, dark=is_dark(), states=True, half_wide=True
            )
            said = words.finding(measured) if key == "honest" else words.levels(measured)
            draw_chart(tables.flow_rows(measured), spec, key=f"gradients.{key}",
                       alt=words.plain(f"{title}. {said}"))  # fmt: skip
            st.markdown(said)
    st.markdown("With a loss at every step each state gets most of its gradient from its own loss, next door. That "
                "drowns what comes from far away. Item by item it can be seen again: one row per loss, one column per "
                "state.")  # fmt: skip
    for place, cell, found in zip(st.columns(len(configs)), setup.cells, measurements.triangles(configs), strict=True):
        with place:
            st.caption(f"**{CELLS[cell].label}**: norm of d loss / d h")
            alt = f"{CELLS[cell].label}: {heat_maps.triangle_in_words(found)}"
            draw_heat_map(heat_maps.triangle_map(found, dark=is_dark()), key=f"gradients.triangle.{cell}", alt=alt,
                          zoom=True)  # fmt: skip


def _take_aligned() -> None:
    raw = settings.visit.setup().flat()
    kept = ("cell", "hidden_size", "num_layers", "init", "gain", "forget_bias", "look", "seed")
    settings.visit.apply_settings({"task": ALIGNED, "seq_len": 40, **{name: raw[name] for name in kept}})


def stretch(setup: Setup) -> None:
    """Draw the singular values of d h_T / d h_t beside the figures that bound them."""
    config = setup.config
    configs = measurements.shrunk(setup.configs)
    if configs:
        labels = [CELLS[each.cell].label for each in configs]
        spec = charts.flow_chart(tuple(each.cell for each in configs), x_title="steps in between", dark=is_dark(),
                                      y_title="singular values of dh_T/dh_t")  # fmt: skip
        values = measurements.stretches(configs)
        alt = ", ".join(f"{label} {number(found[-1, 0], 2)}" for label, found in zip(labels, values, strict=True))
        draw_chart(tables.stretch_rows(labels, values), spec, key="gradients.stretch",
                   alt=f"Largest singular value over {len(values[0]) - 1} steps: {alt}.")  # fmt: skip
    shrunk = [f"{name.replace('_', ' ')} {getattr(configs[0], name)}" for name in ("hidden_size", "seq_len")
              if configs and getattr(configs[0], name) < getattr(config, name)]  # fmt: skip
    note = f" Measured at {' and '.join(shrunk)}, since it takes every unit's gradient." if shrunk else ""
    st.caption("How a whole stretch of time scales a state, for one example: the line is the median singular value, "
               f"the band reaches from the smallest to the largest. What float64 cannot tell from 0 beside the largest "
               f"is drawn at that limit, and the line ends there.{note}")  # fmt: skip
    st.html(words.table(_part(measurements.flows(setup.configs), setup)))
    st.markdown(WHY)
