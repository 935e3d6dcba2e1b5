// Every value of a cell at one step as a row of units, below the steps of the example. A click on a number, or the arrow
// keys, choose it; the numbers that it was made of have a frame.
function made(kind, className, ...inside) {
  const element = document.createElement(kind);
  element.className = className;
  element.append(...inside);
  return element;
}

const UNANSWERED = 4000;  // milliseconds: from then on a control shows again what the numbers beside it belong to

const least = (low, value, high) => Math.max(low, Math.min(high, value));

function frame(parentElement) {
  const root = made("div", "cell-rows");
  const back = made("button", "by", "◀"), on = made("button", "by", "▶"), slider = made("input", "");
  for (const [button, said] of [[back, "step back"], [on, "step on"]]) {
    button.type = "button";
    button.setAttribute("aria-label", said);
  }
  slider.type = "range";
  slider.min = 1;
  const grid = made("div", "grid");
  grid.tabIndex = 0;
  grid.setAttribute("role", "grid");
  root.append(made("div", "steps", back, slider, on, made("span", "where")), made("div", "course"), grid,
    made("p", "key", "Orange: above 0. Blue: below 0. With an orange frame: read by the sum above."));
  parentElement.append(root);
  return root;
}

function bars(data, choose) {
  const course = data.course.map((share, i) => {
    const bar = made("i", share === null ? "" : share < 0 ? "low" : "high");
    bar.style.setProperty("--share", Math.min(1, Math.abs(share ?? 0)));
    const step = made("span", "step" + (i + 1 === data.step ? " now" : "") + (data.marked.includes(i) ? " marked" : ""),
      made("span", "bar", bar));
    if (data.symbols) step.append(made("small", "", data.symbols[i]));
    step.title = `step ${i + 1}: ${data.said[i]}`;
    step.onclick = () => choose(i + 1);
    return step;
  });
  return course;
}

function row(each, data) {
  const units = each.cells.map(([text, share], unit) => {
    const cell = made("span", "cell" + (share < 0 ? " low" : " high"), each.written ? text : "");
    cell.style.setProperty("--share", Math.min(1, Math.abs(share)));
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-label", `${each.name}${unit + 1}: ${text}`);
    cell.title = `${each.name}, ${unit + 1} of ${each.cells.length}: ${text}`;
    if (each.chosen === unit) cell.classList.add("chosen");
    if (each.read.includes(unit)) cell.classList.add("read");
    if (each.choosable) {
      cell.dataset.name = each.name;
      cell.dataset.unit = unit + 1;
    }
    return cell;
  });
  const head = made("span", "head", made("b", "", each.label), made("small", "", each.about));
  head.setAttribute("role", "rowheader");
  const line = made("div", "row" + (each.choosable ? "" : " given"), head, made("span", "cells", ...units));
  line.setAttribute("role", "row");
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cell-rows") || frame(parentElement);
  const [steps, course, grid] = root.children, [back, slider, on, where] = steps.children;
  clearTimeout(slider.unanswered);
  const go = step => {
    if (step < 1 || step > data.steps || step === data.step) return;
    setTriggerValue("step", step);
    clearTimeout(slider.unanswered);
    slider.unanswered = setTimeout(() => { slider.value = data.step; }, UNANSWERED);
  };
  slider.max = data.steps;
  slider.value = data.step;
  slider.disabled = data.steps < 2;
  slider.setAttribute("aria-label", "Step");
  slider.setAttribute("aria-valuetext", data.where);
  where.textContent = data.where;
  back.disabled = data.step <= 1;
  on.disabled = data.step >= data.steps;
  back.onclick = () => go(data.step - 1);
  on.onclick = () => go(data.step + 1);
  let last = 0;
  slider.oninput = () => {  // not at every pixel: each step is computed by the server
    clearTimeout(slider.later);
    const wait = least(0, last + 150 - Date.now(), 150);
    slider.later = setTimeout(() => { last = Date.now(); go(Number(slider.value)); }, wait);
  };
  course.className = "course" + (data.symbols ? "" : " many");
  course.setAttribute("role", "img");
  course.setAttribute("aria-label", data.course_label);
  course.replaceChildren(...bars(data, go));
  const now = course.querySelector(".now");
  if (now && course.scrollWidth > course.clientWidth) course.scrollLeft = now.offsetLeft - course.clientWidth / 2;
  grid.setAttribute("aria-label", data.label);
  grid.replaceChildren(...data.rows.map(each => row(each, data)));

  const choose = (name, unit) => setTriggerValue("number", { name, unit });
  grid.onclick = event => {
    const cell = event.target.closest("[data-name]");
    if (cell) choose(cell.dataset.name, Number(cell.dataset.unit));
  };
  grid.onkeydown = event => {
    const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key], down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!along && !down) return;
    event.preventDefault();
    const names = data.rows.filter(each => each.choosable).map(each => each.name);
    const name = names[least(0, names.indexOf(data.name) + (down || 0), names.length - 1)];
    choose(name, least(1, data.unit + (along || 0), data.units));
  };
}
