// A stroke inks the square under the pointer fully and its neighbours in part, as the scanned digits look.
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
      pen.fillStyle = `${data.colour}${Math.round(255 * ink).toString(16).padStart(2, "0")}`;
      pen.fillRect((i % side) * size, Math.floor(i / side) * size, size, size);
      pen.strokeStyle = i === canvas.at && document.activeElement === canvas ? data.frame : "#8886";
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
