// A cell as a picture of what flows where, beside its equations. Pointing at either lights its part in the other; a
// click chooses the value whose sum is shown.
const SVG = "http://www.w3.org/2000/svg";

function drawn(kind, attributes, ...inside) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

function curve(points) {
  let path = `M${points[0]}`;
  for (let i = 1; i < points.length; i++) {
    const [x, y] = points[i - 1], [toX, toY] = points[i], middle = (x + toX) / 2;
    path += ` C${middle},${y} ${middle},${toY} ${toX},${toY}`;
  }
  return path;
}

function box(node) {
  const { x, y, width, height } = node, half = width / 2 - 10;
  const words = drawn("text", { x, y: y - (node.value ? 6 : -5), class: "name" }, node.words);
  const made = drawn("g", { class: `node ${node.kind}`, "data-key": node.key },
    drawn("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: node.kind === "operation" ? height / 2 : 8 }),
    words);
  if (node.value) {
    made.append(drawn("text", { x, y: y + 14, class: "value" }, node.value));
    if (node.share !== null) {  // a bar from the middle: to the left below 0, to the right above
      const length = half * Math.min(1, Math.abs(node.share)), from = node.share < 0 ? x - length : x;
      made.append(drawn("rect", { x: from, y: y + height / 2 - 7, width: length, height: 3,
                                  class: node.share < 0 ? "low" : "high" }));
    }
  }
  if (node.gives) {
    made.setAttribute("tabindex", 0);
    made.setAttribute("role", "button");
    made.dataset.gives = node.gives;
  }
  made.setAttribute("aria-label", node.said);
  made.append(drawn("title", {}, node.said));
  return made;
}

function line(edge) {
  return drawn("path", { d: curve(edge.points), class: "edge" + (edge.state ? " state" : ""),
                         "data-equation": edge.equation, "data-end": edge.end });
}

function written(equation, number) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "equation" + (equation.chosen ? " chosen" : "");
  made.dataset.equation = number;
  made.dataset.gives = equation.gives;
  made.textContent = equation.text;
  if (equation.chosen) made.setAttribute("aria-current", "true");
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".flow");
  if (!root) {
    root = document.createElement("div");
    root.className = "flow";
    root.append(Object.assign(document.createElement("div"), { className: "drawn" }),
                Object.assign(document.createElement("div"), { className: "equations" }));
    parentElement.append(root);
  }
  const [place, list] = root.children, focus = document.activeElement?.closest?.("[data-gives]");
  const had = root.contains(focus) && [focus.closest(".drawn") ? ".drawn" : ".equations", focus.dataset.gives];
  const picture = drawn("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role: "group", "aria-label": data.label },
    drawn("defs", {}, drawn("marker", { id: "flow-head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9,
                                        markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, drawn("path", { d: "M0,0 L8,4 L0,8 z" }))),
    ...data.edges.map(line), ...data.nodes.map(box));
  picture.style.setProperty("--natural", `${data.width}px`);
  place.replaceChildren(picture);
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.equations.map(written));
  const nodes = Object.fromEntries(data.nodes.map(node => [node.key, node]));

  const light = (equation, key) => {
    root.classList.toggle("pointing", equation !== null || key !== null);
    for (const each of picture.querySelectorAll(".node")) {
      const node = nodes[each.dataset.key];
      each.classList.toggle("lit", key !== null ? node.key === key : equation !== null && node.equation === equation);
    }
    for (const each of picture.querySelectorAll(".edge")) {
      const lit = key !== null ? each.dataset.end === key : each.dataset.equation === String(equation);
      each.classList.toggle("lit", lit);
    }
    const at = key === null ? equation : nodes[key].equation;
    list.querySelectorAll(".equation").forEach((each, number) => {
      const { text } = data.equations[number], part = key !== null && number === at ? nodes[key].part : "";
      const from = part ? text.lastIndexOf(part) : -1;
      each.classList.toggle("lit", number === at);
      if (from < 0) { each.textContent = text; return; }
      const mark = document.createElement("mark");
      mark.textContent = part;
      each.replaceChildren(text.slice(0, from), mark, text.slice(from + part.length));
    });
  };
  const chosen = () => {
    for (const each of picture.querySelectorAll(".node")) {
      each.classList.toggle("chosen", nodes[each.dataset.key].gives === data.chosen);
      each.classList.toggle("read", data.read.includes(each.dataset.key));
    }
  };
  const point = target => {
    const node = target.closest?.(".node"), equation = target.closest?.(".equation");
    if (node) light(null, node.dataset.key);
    else if (equation) light(Number(equation.dataset.equation), null);
    else light(null, null);
  };
  chosen();
  root.onpointerover = event => point(event.target);
  root.onpointerleave = () => light(null, null);
  root.onfocusin = event => point(event.target);
  root.onfocusout = () => light(null, null);
  const choose = target => {
    const gives = target.closest?.("[data-gives]")?.dataset.gives;
    if (gives) setTriggerValue("value", gives);
  };
  root.onclick = event => choose(event.target);
  root.onkeydown = event => {
    if (event.target.closest(".node") && (event.key === "Enter" || event.code === "Space")) {
      event.preventDefault();
      event.stopPropagation();
      choose(event.target);
    }
  };
  if (had) root.querySelector(`${had[0]} [data-gives="${CSS.escape(had[1])}"]`)?.focus();
}
