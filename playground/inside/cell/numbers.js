// Tables of numbers that can be typed over; each change goes to the server, which computes everything after it.
const UNANSWERED = 4000;  // milliseconds: from then on a box shows again the number that everything was computed from

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".cell-numbers");
  if (!root) {
    root = document.createElement("div");
    root.className = "cell-numbers";
    parentElement.append(root);
  }
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  root.replaceChildren(...data.tables.map(each => table(each, setTriggerValue)));
  if (focused) root.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
}

function table({ title, columns, rows }, setTriggerValue) {
  const made = document.createElement("table"), head = made.createTHead().insertRow();
  made.createCaption().textContent = title;
  for (const name of ["", ...columns]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = made.createTBody();
  for (const { label, numbers } of rows) {
    const line = body.insertRow(), first = document.createElement("th");
    first.scope = "row";
    first.textContent = label;
    line.append(first);
    numbers.forEach((each, column) => {
      const cell = line.insertCell();
      if (each) cell.append(box(each, `${title}: ${label} ${columns[column]}`, setTriggerValue));
    });
  }
  return made;
}

function box({ place, value, changed, used }, said, setTriggerValue) {
  const made = document.createElement("input");
  made.inputMode = "decimal";
  made.autocomplete = "off";
  made.size = 5;
  made.value = value;
  if (value.length > 5) made.style.width = `calc(${value.length}ch + 1rem)`;
  made.dataset.place = place;
  made.className = (changed ? "changed " : "") + (used ? "used" : "");
  made.setAttribute("aria-label", said + (changed ? ", changed" : ""));
  const take = () => {
    const typed = made.value.trim().replace(",", "."), number = Number(typed);
    if (typed === "" || !Number.isFinite(number)) { made.value = value; return; }
    clearTimeout(made.unanswered);
    if (number === Number(value)) return;
    setTriggerValue("edit", { place, value: number });
    made.unanswered = setTimeout(() => { made.value = value; }, UNANSWERED);
  };
  made.oninput = () => clearTimeout(made.unanswered);
  made.onchange = take;
  made.onkeydown = event => {
    const by = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (!by) return;
    event.preventDefault();
    made.value = Number((Number(made.value) + by).toFixed(4));
    take();
  };
  return made;
}
