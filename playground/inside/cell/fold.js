// One box with its loop, or its copies over time, above the feed-forward net that sees the same steps at once.
const SVG = "http://www.w3.org/2000/svg", STEP = 78, LEFT = 66, BOX = 54;

function drawn(kind, attributes, ...inside) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

const text = (x, y, said, kind = "") => drawn("text", { x, y, class: kind }, said);
const arrow = (d, kind) => drawn("path", { d, class: `weight ${kind}`, "marker-end": `url(#fold-${kind})` });

function heads() {
  return drawn("defs", {}, ...["U", "W", "V", "F"].map(kind => drawn("marker", {
    id: `fold-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9,
    markerUnits: "userSpaceOnUse", orient: "auto" }, drawn("path", { d: "M0,0 L8,4 L0,8 z", class: `head ${kind}` }))));
}

function strip(x, y, shares) {  // units as squares, four or eight in a row
  const across = shares.length > 16 ? 8 : 4, side = (BOX - 10) / across;
  const down = Math.ceil(shares.length / across), top = y - down * side / 2;
  return shares.map((share, i) => {
    const each = drawn("rect", { x: x - BOX / 2 + 5 + side * (i % across), y: top + side * Math.floor(i / across),
                                 width: side - 1, height: side - 1, class: share < 0 ? "low" : "high" });
    each.style.setProperty("--share", Math.min(1, Math.abs(share)));
    return each;
  });
}

function column(step, x, last, data) {
  const { loop } = data, made = drawn("g", { class: "copy" });
  made.append(
    text(x, 26, step.y, "small"), text(x, 12, `${data.answers ? "y" : "h"}${loop ? "" : step.at}`, "name"),
    ...(data.answers ? [arrow(`M${x},78 V36`, "V"), text(x + 12, 60, "V", "letter V")] : [arrow(`M${x},78 V18`, "F")]),
    drawn("rect", { x: x - BOX / 2, y: 80, width: BOX, height: BOX, rx: 8, class: "cell" }), ...strip(x, 107, step.h),
    arrow(`M${x},186 V138`, "U"), text(x + 12, 166, "U", "letter U"),
    text(x, 202, loop ? "x" : `x${step.at}`, "name"), text(x, 217, step.x, "small"));
  if (loop) {
    const side = x + BOX / 2;
    made.append(arrow(`M${side},98 C${side + 62},80 ${side + 62},136 ${side + 4},117`, "W"), text(side + 58, 112, "W", "letter W"),
      text(x - BOX / 2 - 10, 111, "h", "name"));
  } else if (!last) {
    made.append(arrow(`M${x + BOX / 2},120 H${x + STEP - BOX / 2 - 2}`, "W"), text(x + STEP / 2, 138, "W", "letter W"));
    if (data.carried.length) {  // from unit to unit, without a weight
      made.append(arrow(`M${x + BOX / 2},96 H${x + STEP - BOX / 2 - 2}`, "F"), text(x + STEP / 2, 90, data.carried[0], "letter F"));
    }
  }
  made.append(drawn("title", {}, step.said));
  return made;
}

function window_(data, width, places) {
  const made = drawn("svg", { viewBox: `0 0 ${width} 196`, role: "img", "aria-label": data.window_label });
  made.style.setProperty("--natural", `${width}px`);
  const middle = (places[0] + places.at(-1)) / 2;
  made.append(heads(), text(middle, 12, "y", "name"), arrow(`M${middle},50 V18`, "V"), text(middle + 12, 40, "V", "letter V"),
    drawn("rect", { x: middle - BOX / 2, y: 52, width: BOX, height: 36, rx: 8, class: "cell" }), text(middle, 75, "h", "name"));
  data.steps.forEach((step, i) => {
    const x = places[i];
    made.append(arrow(`M${x},156 C${x},118 ${middle},128 ${middle + (i - data.steps.length / 2 + .5) * 4},90`, "F"),
      text(x + (x < middle ? -14 : 14), 150, `U${step.at}`, "letter F"), text(x, 174, `x${step.at}`, "name"), text(x, 189, step.x, "small"));
  });
  return made;
}

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".fold");
  if (!root) {
    root = document.createElement("div");
    parentElement.append(root);
  }
  root.className = "fold" + (data.steps.length <= 4 ? " few" : "");
  const places = data.steps.map((_, i) => LEFT + STEP * i), width = Math.max(280, places.at(-1) + LEFT);
  const over = drawn("svg", { viewBox: `0 0 ${width} 224`, role: "img", "aria-label": data.label });
  over.style.setProperty("--natural", `${width}px`);
  over.append(heads());
  if (!data.loop) over.append(arrow(`M14,120 H${places[0] - BOX / 2 - 2}`, "W"), text(24, 138, "W", "letter W"));
  data.steps.forEach((step, i) => over.append(column(step, places[i], i === places.length - 1, data)));
  const parts = [[data.title, over], [data.window_title, window_(data, width, places)]].map(([title, picture]) => {
    const part = document.createElement("div"), head = document.createElement("div"), box = document.createElement("div");
    head.className = "title";
    head.textContent = title;
    box.className = "box";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", title);
    box.append(picture);
    part.append(head, box);
    return part;
  });
  const key = document.createElement("p");
  key.className = "key";
  key.textContent = data.key;
  parts[0].append(key);
  root.replaceChildren(...parts);
}
