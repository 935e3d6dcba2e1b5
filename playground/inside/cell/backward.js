// Backpropagation through time: all numbers come once, and playing needs no server. A moment is the number of a frame:
// first every step forward, then the loss, every step backward, and clip, update, loss again.
const SVG = "http://www.w3.org/2000/svg";
const PHASES = ["Forward", "Loss", "Backward", "Clip", "Update", "Loss again"];
const SWEEP_MS = 14000, SLOWEST = 1100, FASTEST = 90;

const make = (tag, into, attributes = {}, text) => {
  const node = document.createElementNS(SVG, tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  if (text !== undefined) node.textContent = text;
  into.appendChild(node);
  return node;
};
const put = (tag, into, text, name) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (name) node.className = name;
  into.appendChild(node);
  return node;
};
const low = number => String(number).replace(/\d/g, digit => "₀₁₂₃₄₅₆₇₈₉"[digit]);
const slope = (state, step) => `∂L/∂${state}${step ? low(step) : ""}`;

// A filled arrow between two points on a horizontal or vertical line; dotted where it is too weak for the scale.
function arrow(into, x1, y1, x2, y2, level, widest, name) {
  if (!level) return make("path", into, { d: `M${x1} ${y1}L${x2} ${y2}`, class: `faint ${name}` });
  const w = Math.max(1.2, widest * level) / 2, length = Math.hypot(x2 - x1, y2 - y1);
  const head = Math.min(length * .55, w + 5), side = length < 11 ? w : w + 3.5, u = (x2 - x1) / length, v = (y2 - y1) / length;
  const at = (along, across) => `${x1 + u * along - v * across} ${y1 + v * along + u * across}`;
  const body = length < 11 ? length : length - head;
  return make("path", into, { class: name, d: `M${at(0, w)}L${at(body, w)}L${at(body, side)}L${at(length, length < 11 ? w : 0)}` +
    `${length < 11 ? `L${at(length, -w)}` : ""}L${at(body, -side)}L${at(body, -w)}L${at(0, -w)}Z` });
}

// Where columns are narrow, what flows back is one band below them; marks in it point where it flows.
function stream(into, x1, x2, y, level, widest) {
  const w = Math.max(1.2, widest * level) / 2;
  if (!level) return make("path", into, { d: `M${x1} ${y}L${x2} ${y}`, class: "faint next-arrow" });
  make("path", into, { class: "next-arrow", d: `M${x1 + .3} ${y - w}L${x2} ${y - w}L${x2} ${y + w}L${x1 + .3} ${y + w}Z` });
  const mark = Math.min(w - 1, 4), x = (x1 + x2) / 2;
  if (mark > 1.4) make("path", into, { class: "mark", d: `M${x + mark / 2} ${y - mark}L${x - mark / 2} ${y}L${x + mark / 2} ${y + mark}` });
}

function layout(root, data) {
  const k = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const phone = root.clientWidth < 560, gutter = Math.round((phone ? 50 : 66) * k);
  const n = data.read.length, room = root.clientWidth - gutter;
  const pitch = Math.max((data.numbers ? 112 : phone ? 16 : 13) * k, Math.min(room / n, 300 * k));
  const box = data.numbers ? Math.min(92 * k, pitch * .56) : Math.max(5, Math.min(pitch * .55, 54 * k));
  const most = data.states.length > 1 ? 46 : 60, high = (data.numbers ? data.units * 22 : Math.max(36, Math.min(data.drawn * 3, most))) * k;
  const roomy = pitch >= 54 * k, widest = 18 * k, lane = roomy ? 0 : widest + 5 * k;
  const rows = {}, gradients = [], values = [];
  let y = (roomy ? 20 : 6) * k;
  rows.loss = [y, y + 28 * k];
  y = rows.loss[1];
  data.states.forEach((state, i) => {
    const above = (roomy ? (i ? 36 : 48) : (i ? 20 : 32)) * k;
    gradients.push([y + above, y + above + high]);
    y += above + high + lane;
  });
  y += 26 * k;
  data.states.forEach((state, i) => { values.push([y, y + high]); y += high + 6 * k; });
  const longest = Math.min(8, Math.max(...data.read.map(read => read.length))), fits = Math.max(1, Math.floor(pitch / (7.2 * k)));
  rows.upright = longest > fits && !roomy;
  rows.fits = rows.upright ? 8 : fits;
  rows.tip = y + 18 * k;
  rows.read = y + 34 * k + (rows.upright ? (longest - 1) * 6.6 * k : 0);
  rows.step = rows.read + 18 * k;
  return { k, gutter, n, pitch, box, roomy, rows, high, gradients, values, width: Math.round(pitch * n), height: rows.step + 8 * k,
    widest, own: Math.min(widest, .5 * pitch), lane, middle: t => (t + .5) * pitch };
}

function build(root, data) {
  const L = layout(root, data), { k, rows, middle, box, pitch, n } = L;
  const graph = root.querySelector(".bptt-graph"), names = root.querySelector(".bptt-names");
  const canvas = root.querySelector("canvas"), field = root.querySelector(".bptt-field");
  graph.replaceChildren();
  names.replaceChildren();
  graph.setAttribute("aria-label", data.alt);
  for (const [node, width] of [[graph, L.width], [names, L.gutter]]) {
    node.setAttribute("width", width);
    node.setAttribute("height", L.height);
  }
  Object.assign(field.style, { width: `${L.width}px`, height: `${L.height}px` });
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: L.width * sharp, height: L.height * sharp });
  Object.assign(canvas.style, { width: `${L.width}px`, height: `${L.height}px` });
  const name = (text, y) => make("text", names, { x: 0, y: y + 4 * k, class: "quiet" }, text);
  const centre = ([top, bottom]) => (top + bottom) / 2;
  name("loss", centre(rows.loss));
  data.states.forEach((state, i) => { name(slope(state.name), centre(L.gradients[i])); name(state.name, centre(L.values[i])); });
  name("reads", rows.read - 4 * k);
  name("step", rows.step - 4 * k);
  L.spot = make("rect", graph, { class: "spot", y: 0, width: pitch, height: L.height, rx: 4 });
  const every = Math.ceil(24 * k / pitch);
  L.columns = data.read.map((read, t) => {
    const still = make("g", graph), forward = make("g", graph), backward = make("g", graph), x = middle(t), left = x - box / 2;
    const label = (into, text, at, y, kind, anchor = "middle") =>
      make("text", into, { x: at, y, class: kind, "text-anchor": anchor }, text);
    const marked = data.marked.includes(data.first + t);
    [...L.gradients, ...L.values].forEach(([top, bottom], i) => make("rect", still, { x: left, y: top, width: box,
      height: bottom - top, rx: 2, class: marked && i >= L.gradients.length ? "frame marked" : "frame" }));
    if ((data.first + t + 1) % every === 0 || n - 1 === t && every < 3 || !t) label(still, data.first + t + 1, x, rows.step, "quiet");
    const word = read.length > rows.fits ? `${read.slice(0, Math.max(1, rows.fits - 1))}…` : read;
    const reads = label(still, word, x, rows.read, marked ? "strong" : "quiet", rows.upright ? "start" : "middle");
    if (rows.upright) reads.setAttribute("transform", `rotate(-90 ${x} ${rows.read}) translate(0 ${4 * k})`);
    const [top, bottom] = [L.values[0][0], L.values[L.values.length - 1][1]];
    make("path", forward, { class: "way", d: `M${x} ${rows.tip}L${x} ${bottom + 5 * k}` });
    make("path", forward, { class: "tip", d: `M${x - 4} ${bottom + 8 * k}L${x + 4} ${bottom + 8 * k}L${x} ${bottom + 1}Z` });
    if (t) data.states.forEach((state, i) => {
      const y = centre(L.values[i]), from = middle(t - 1) + box / 2;
      make("path", forward, { class: "way", d: `M${from} ${y}L${left} ${y}` });
      if (left - from > 9) make("path", forward, { class: "tip", d: `M${left - 7} ${y - 4}L${left - 7} ${y + 4}L${left} ${y}Z` });
    });
    const loss = data.losses[t];
    if (loss) {
      const stops = [top, ...[...L.gradients].reverse().flatMap(([up, down]) => [down + L.lane, up]), rows.loss[1]];
      for (let i = 0; i < stops.length; i += 2) make("path", forward, { class: "way", d: `M${x} ${stops[i]}L${x} ${stops[i + 1]}` });
      const tall = Math.max(1, loss.height * (rows.loss[1] - rows.loss[0]));
      make("rect", forward, { class: "loss-bar", x: left, width: box, y: rows.loss[1] - tall, height: tall });
      if (L.roomy) label(forward, loss.text, x, rows.loss[1] - tall - 4 * k, "");
    }
    data.states.forEach((state, i) => {
      const [up, down] = L.gradients[i], y = (up + down) / 2, right = middle(t + 1) - box / 2;
      const line = (into, texts, [a, b]) => texts.length && texts[t].forEach((text, unit) =>
        label(into, text, x, a + (b - a) * (unit + .5) / data.units + 4.5 * k, ""));
      line(forward, state.valueTexts, L.values[i]);
      line(backward, state.gradientTexts, L.gradients[i]);
      if (state.hereSome[t]) {
        const from = i ? L.gradients[i - 1][1] + L.lane + 1 : rows.loss[1] + 2;
        arrow(backward, x, from, x, up - 1, state.hereLevel[t], L.own, "own-arrow");
        const room = (t < n - 1 ? pitch - L.own / 2 : pitch / 2) - L.widest / 2 - 7 * k;
        if (L.roomy && state.hereShort[t].length * 7 * k < room) label(backward, state.hereShort[t], x + L.widest / 2 + 5 * k, (from + up) / 2, "own halo", "start");
      }
      if (t < n - 1 && state.laterSome[t] && L.roomy) {
        arrow(backward, right - 1, y, left + box + 1, y, state.laterLevel[t], L.widest, "next-arrow");
        if (right - left - box > 44 * k) label(backward, state.laterShort[t], (left + box + right) / 2, y - L.widest / 2 - 6 * k, "next halo");
      } else if (t < n - 1 && state.laterSome[t])
        stream(backward, middle(t + 1), x, down + 2 * k + L.widest / 2, state.laterLevel[t], L.widest);
    });
    return { forward, backward };
  });
  if (data.after && !data.lower) make("text", graph, { x: middle(n - 1) - 16 * k, y: rows.loss[1] + 10 * k, class: "own", "text-anchor": "end" }, "from what is written after the last step");
  const above = L.gradients[0][0] - 14 * k, below = L.gradients[L.gradients.length - 1][1] + L.lane + 4 * k;
  data.cuts.forEach(cut => {
    make("path", graph, { class: "cut", d: `M${cut * pitch} ${above}L${cut * pitch} ${below}` });
    if (pitch * (data.cuts[1] - data.cuts[0] || n) > 30 * k)
      make("text", graph, { x: cut * pitch, y: above - 4 * k, "text-anchor": "middle", class: "halo" }, "cut");
  });
  return L;
}

// Cells in blue below and orange above nothing, paler the nearer to it.
function shade(root, data, L, forward, backward) {
  const canvas = root.querySelector("canvas"), pen = canvas.getContext("2d"), sharp = window.devicePixelRatio || 1;
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, L.width, L.height);
  const strip = (values, [top, bottom], t, most) => values.forEach((value, unit) => {
    const alpha = Math.round(Math.abs(value) / 100 * most).toString(16).padStart(2, "0"), high = (bottom - top) / values.length;
    pen.fillStyle = `${value < 0 ? data.low : data.high}${alpha}`;
    pen.fillRect(L.middle(t) - L.box / 2, top + unit * high, L.box, high + .2);
  });
  const most = data.numbers ? 110 : 255;
  data.states.forEach((state, i) => L.columns.forEach((column, t) => {
    if (t <= forward) strip(state.values[t], L.values[i], t, most);
    if (t >= backward) strip(state.gradient[t], L.gradients[i], t, most);
  }));
}

function legend(root, data, L) {
  const into = root.querySelector(".bptt-legend");
  into.replaceChildren();
  const sample = (level, text, name, widest) => {
    const span = put("span", into), high = Math.max(20, L.widest + 8);
    const svg = make("svg", span, { width: widest ? widest + 10 : 40, height: high, "aria-hidden": "true" });
    if (widest) arrow(svg, widest / 2 + 5, 0, widest / 2 + 5, high, level, widest, name);
    else arrow(svg, 39, high / 2, 1, high / 2, level, L.widest, name);
    put("span", span, text);
  };
  sample(1, `from ${data.own}, ${data.largest}`, "own-arrow", L.own);
  sample(1, `from the next step, ${data.largest}`, "next-arrow");
  sample(.5, "a thousandth of it", "next-arrow");
  sample(0, `below ${data.least}`, "next-arrow");
  put("span", into, "Width: logarithm of the gradient’s length. Cells: orange above 0, blue below.");
}

function cards(root, data) {
  const sums = root.querySelector(".bptt-sums > div"), end = root.querySelector(".bptt-end > div");
  sums.replaceChildren();
  end.replaceChildren();
  const weights = data.weights.map(weight => {
    const row = put("div", sums, undefined, weight.few ? "bptt-weight few" : "bptt-weight");
    put("span", row, weight.name).title = `${weight.name}: ${weight.size} numbers`;
    const track = put("div", row, undefined, "track"), sum = put("span", row, undefined, "sum");
    const longest = [weight.total, ...weight.soFar].reduce((a, b) => a.length < b.length ? b : a);
    put("span", sum, longest, "room").setAttribute("aria-hidden", "true");
    return { bar: put("i", track), part: put("b", track), text: put("span", sum) };
  });
  put("p", sums, "Thick: length of the sum, all on one scale. Thin: what this step adds.", "note-line");
  const { limited, over, norm, threshold, scale, updates } = data.end, parts = [[], [], []];
  const said = !limited ? "no limit is set, so it is used as it is." :
    over ? `longer than the limit ${threshold}, so it is scaled by ${scale}.` : `no longer than the limit ${threshold}, so it is left as it is.`;
  parts[0].push(put("p", end, `Gradient of all weights together: ${norm}, ${said}`));
  updates.forEach(update => {
    parts[1].push(put("p", end, `${update.rule}, rate ${update.rate}: all weights together move by ${update.change}.`));
    [["before", update.before, update.beforeShare], ["after", update.after, update.afterShare]].forEach(([word, text, share]) => {
      const row = put("div", end, undefined, "bptt-loss");
      put("span", row, `loss ${word}`);
      put("i", put("div", row), undefined, word).style.width = `${100 * share}%`;
      put("span", row, text);
      parts[2].push(row);
    });
  });
  return { weights, parts };
}

function describe(root, data, t, back, forward) {
  const title = root.querySelector(".bptt-here h3"), into = root.querySelector(".bptt-here > div");
  const step = data.first + t + 1, last = step === data.steps, cut = data.cuts.includes(t + 1);
  const known = t <= forward, marked = data.marked.includes(step - 1) ? ", marked" : "";
  title.textContent = `Step ${step} of ${data.steps} reads ${data.read[t]}${marked}`;
  into.replaceChildren();
  data.states.forEach((state, i) => {
    const list = put("dl", into, undefined, data.numbers && data.units > 1 ? "long" : "");
    const line = (word, value, name) => { put("dt", list, word, name); put("dd", list, value, name); };
    line(data.numbers ? `${state.name}${low(step)}` : `length of ${state.name}${low(step)}`,
      known ? (data.numbers ? state.valueTexts[t].join(", ") : state.size[t]) : "…", "quiet");
    if (!i && data.written.length) line(data.targets.length ? `output, target ${data.targets[t]}` : "output", known ? data.written[t] : "…", "quiet");
    if (!i && !data.after) line("loss of its answer", !known ? "…" : data.losses[t] ? data.losses[t].text : "none", "quiet");
    line(i ? `↓ through ${data.states[0].name}${low(step)}` : `↓ from ${data.own}`, back ? state.here[t] : "…", "own");
    line(last ? "← no later step" : cut ? `← cut off from step ${step + 1}` : `← from step ${step + 1}`, back ? state.later[t] : "…", "next");
    line(`${slope(state.name, step)} together`, back ? state.total[t] : "…", "both");
  });
}
