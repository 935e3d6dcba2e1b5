"""One control per setting, derived from the setting: its widget, bounds, unit, default and hover."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from playground.session import state
from rnncore.config import expected
from rnncore.number_text import exact
from rnncore.settings import Setting

LONGEST_BOX = 500_000  # characters of any box; with three bytes each they fit into one message of a browser
WAITS = " :gray-badge[after Reset]"
LADDER_FLOAT = [m * 10.0**e for e in range(-6, 4) for m in (1, 2, 3, 5)]
LADDER_INT = sorted({m * 2**e for e in range(12) for m in (2, 3)} | {1, 50, 100, 200, 500, 1000, 1500, 2000, 5000,
                                                                   10_000, 20_000, 50_000, 100_000})  # fmt: skip


def control(
    s: Setting, value: Any, on_change: Callable[[str], None], *, page: str, disabled: bool = False, when: bool = True
) -> None:
    """Draw the control of one setting; `on_change` is called with the setting's name.

    `when` says beside it if a change waits for the next reset; the hover says it in words.
    """
    key = f"{page}.{s.name}"
    unit = f" ({s.unit})" if s.unit and s.unit != s.label.lower() else ""
    label = f"{s.label}{unit}{WAITS if when and not s.live else ''}"
    common: dict[str, Any] = {
        "key": key, "help": hover(s, when=when), "on_change": on_change, "args": (s.name,), "disabled": disabled,
    }  # fmt: skip
    if s.kind == "text" and len(value) > LONGEST_BOX:
        st.caption(f"{label}: {len(value):,} characters, too many to stand here.")
        return
    kind: Any = {"int": int, "float": float}.get(s.kind)
    value = value if value is None or kind is None else kind(value)
    state.set_widget_value(key, value)
    if s.kind == "bool":
        st.toggle(label, **common)
    elif s.kind == "choice":
        st.selectbox(label, s.choices, **common)
    elif s.kind == "text":
        st.text_area(label, max_chars=min(s.max_length or LONGEST_BOX, LONGEST_BOX), height=160, **common)
    elif s.optional or s.name == "seed":
        low, high = (None, None) if s.low is None else (s.low, s.high)
        step: Any = 1 if s.kind == "int" else 0.01
        # Its value is its default, too: a browser may mount this box with that and send it before it takes the value.
        st.number_input(label, kind(low), kind(high), value=value, step=step, **common)
    elif s.log or (s.kind == "int" and s.high is not None and s.high > 8):
        st.select_slider(label, ladder(s, value), format_func=short, **common)
    elif s.kind == "int":
        st.segmented_control(label, range(int(s.low or 0), int(s.high or 0) + 1), wrap=True, **common)
    else:
        low, high = float(s.low or 0), float(s.high or 0)
        st.slider(label, low, high, step=0.05 if high - low <= 1 else 0.1, **common)


def ladder(s: Setting, value: Any) -> list[Any]:
    """Return the steps of a slider: round numbers within the bounds, the default and the present value."""
    steps = LADDER_INT if s.kind == "int" else LADDER_FLOAT
    low, high = s.low or 0, s.high or 0
    kind = int if s.kind == "int" else float
    inside = {kind(step) for step in steps if low <= step <= high}
    return sorted(inside | {kind(low), kind(high), kind(s.default), kind(value)})


def short(value: float) -> str:
    """Return a number as a person writes it."""
    return exact(value, grouped=True)


def hover(s: Setting, *, when: bool = True) -> str:
    """Return the plain words behind the question mark: meaning, range, default, and when a change acts."""
    if s.default is None:
        default = "empty"
    elif isinstance(s.default, bool):
        default = "on" if s.default else "off"
    else:
        default = "the built-in text" if s.kind == "text" else short(s.default) if s.kind != "choice" else s.default
    acts = "A change acts at once, also on a run that is going." if s.live else "A change acts at the next Reset."
    allowed = "" if s.kind in ("bool", "choice") else f"{expected(s).capitalize()}; "
    return f"{s.help}\n\n{allowed}default {default}.{f' {acts}' if when else ''}"
