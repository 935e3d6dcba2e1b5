"""A pad of 8 by 8 squares on which a digit can be drawn, by pointer or by keys."""

import streamlit as st

from playground.components.palette import BLUE, WARM
from playground.session import state

SIDE = 8
EMPTY = (0.0,) * SIDE**2

# A stroke inks the square under the pointer fully and its neighbours in part, as the scanned digits look.
JS = """
export default function ({ data, parentElement, setStateValue }) {
  const side = 8;
  let canvas = parentElement.querySelector("canvas");
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.width = canvas.height = 208;
    canvas.tabIndex = 0;
    canvas.className = "pad";
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label",
      "Drawing pad, 8 by 8 squares. Draw with the pointer; or arrow keys to move and Enter to ink a square.");
    parentElement.appendChild(canvas);
    canvas.ink = [...data.ink];
    canvas.at = 27;
  }
  const pen = canvas.getContext("2d"), size = canvas.width / side;
  const paint = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    canvas.ink.forEach((ink, i) => {
      pen.fillStyle = `BLUE${Math.round(255 * ink).toString(16).padStart(2, "0")}`;
      pen.fillRect((i % side) * size, Math.floor(i / side) * size, size, size);
      pen.strokeStyle = i === canvas.at && document.activeElement === canvas ? "WARM" : "#8886";
      pen.strokeRect((i % side) * size + .5, Math.floor(i / side) * size + .5, size - 1, size - 1);
    });
  };
  const add = (x, y, ink) => {
    if (x >= 0 && y >= 0 && x < side && y < side)
      canvas.ink[y * side + x] = Math.min(1, Math.max(canvas.ink[y * side + x], ink));
  };
  const blot = event => {
    const box = canvas.getBoundingClientRect();
    const u = (event.clientX - box.left) / box.width * side, v = (event.clientY - box.top) / box.height * side;
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++)
      add(x, y, Math.max(0, 1.25 - Math.hypot(x + .5 - u, y + .5 - v)));
    paint();
  };
  const send = () => setStateValue("ink", canvas.ink.map(ink => Math.round(ink * 16) / 16));
  canvas.style.touchAction = "none";
  canvas.onpointerdown = event => { canvas.setPointerCapture(event.pointerId); canvas.down = true; blot(event); };
  canvas.onpointermove = event => { if (canvas.down) blot(event); };
  canvas.onpointerup = canvas.onpointercancel = () => { if (canvas.down) { canvas.down = false; send(); } };
  canvas.onfocus = canvas.onblur = paint;
  canvas.onkeydown = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side }[event.key];
    if (step && canvas.at + step >= 0 && canvas.at + step < side * side) canvas.at += step;
    else if (event.key === "Enter") { canvas.ink[canvas.at] = canvas.ink[canvas.at] ? 0 : 1; send(); }
    else return;
    event.preventDefault();
    paint();
  };
  paint();
}
""".replace("BLUE", BLUE).replace("WARM", WARM)


def pad(key: str, first: tuple[float, ...] = EMPTY) -> tuple[float, ...]:
    """Draw the pad with a button that clears it; return its ink from 0 to 1, row by row, as the browser says.

    Until it is cleared, `first` lies on it.
    """
    cleared = state.get(f"{key}.cleared", 0)
    before = list(EMPTY if cleared else first)
    found = st.components.v2.component("digit_pad", js=JS, isolate_styles=False)(
        key=f"{key}.{cleared}", data={"ink": before}, default={"ink": before}, on_ink_change=lambda: None,
    )  # fmt: skip
    st.button("Clear", key=f"{key}.clear", icon=":material/ink_eraser:", on_click=state.put,
              args=(f"{key}.cleared", cleared + 1))  # fmt: skip
    ink = found["ink"]
    usual = isinstance(ink, list) and all(isinstance(value, int | float) for value in ink)
    return tuple(map(float, ink)) if usual else EMPTY
