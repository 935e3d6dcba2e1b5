// Networks unrolled over one example. What is to be drawn stands as JSON in an element beside this one, which the server
// replaces while the networks learn; this element stays, and with it what is pointed at.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.closest(".st-key-inside-picture") || document.body;
  let root = parentElement.querySelector(".unrolled");
  if (!root) root = build(parentElement);
  root.can = data;
  root.trigger = setTriggerValue;
  root.space = () => place.querySelector(".unrolled-space")?.clientHeight;
  root.refresh = () => {
    const text = place.querySelector(".unrolled-data")?.textContent || "";
    if (text && text !== root.text) {
      root.text = text;
      root.shown = read(text);
      take(root);
    }
  };
  root.refresh();
  if (!root.watched) {
    root.watched = new MutationObserver(records => {
      if (records.some(record => !root.contains(record.target))) root.refresh();
    });
    root.watched.observe(place, { childList: true, subtree: true, characterData: true });
    root.sized = new ResizeObserver(() => { fit(place); draw(root); });
    root.sized.observe(place);
    root.sized.observe(root.canvas);
  }
  return () => { root.watched.disconnect(); root.sized.disconnect(); root.watched = null; };
}

// Where more stands above than the style expects, such as a title of two lines, the picture gives way while it can.
function fit(place) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), style = getComputedStyle(place);
  const top = place.getBoundingClientRect().top + (place.closest("[data-testid=stMain]")?.scrollTop || 0);
  const needs = ["--finding", "--hint"].map(name => parseFloat(style.getPropertyValue(name)));
  const above = top / rem + needs[0] + needs[1] + .5, expected = parseFloat(style.getPropertyValue("--expected"));
  if (top < .52 * innerHeight && above > expected) place.style.setProperty("--above", `${above}rem`);
  else place.style.removeProperty("--above");
}

function read(text) {
  const shown = JSON.parse(text), row = texts => texts === "" ? [] : texts.split("\t");
  shown.labels = row(shown.labels);
  if (shown.below.kind !== "numbers") shown.below.values = shown.labels;
  for (const network of shown.networks) if (network.finite) network.answers = network.answers.split("\t");
  return shown;
}

const make = (name, className, parent) => {
  const made = document.createElement(name);
  made.className = className;
  parent.appendChild(made);
  return made;
};

function build(parent) {
  const root = make("div", "unrolled", parent);
  root.finding = make("p", "unrolled-finding", root);
  root.canvas = make("canvas", "", root);
  root.canvas.tabIndex = 0;
  root.canvas.setAttribute("role", "application");
  root.hint = make("p", "unrolled-hint", root);
  root.said = make("div", "unrolled-said", root);  // the numbers beside the picture in words, for those who listen
  root.at = null;  // the column that is pointed at
  root.row = 0;    // the network that is pointed at; one more is what they read
  root.by = matchMedia("(hover: none)").matches ? "touch" : "mouse";
  const canvas = root.canvas;
  canvas.onpointerdown = event => { root.by = event.pointerType === "mouse" ? "mouse" : "touch"; };
  canvas.onpointermove = event => { if (event.pointerType === "mouse") { root.by = "mouse"; point(root, event); } };
  canvas.onpointerleave = event => { if (event.pointerType === "mouse") leave(root); };
  canvas.onclick = event => press(root, event);
  canvas.onfocus = () => { if (canvas.matches(":focus-visible")) root.by = "keys"; show(root, "off"); };
  canvas.onblur = () => { root.by = root.by === "keys" ? "mouse" : root.by; show(root, "off"); };
  canvas.onkeydown = event => key(root, event);
  return root;
}

// --- what the visitor does ---------------------------------------------------------------------------------

const columns = shown => shown.columns;
const onInputs = root => root.row >= root.shown.networks.length;
const stepOf = root => root.shown.start + column(root);

function column(root) {  // the one whose numbers are seen: pointed at, else followed, else that of the last answer
  const shown = root.shown, followed = shown.chosen - shown.start;
  if (root.at !== null) return root.at;
  if (shown.followed && followed >= 0) return followed;
  const last = shown.networks.map(each => each.finite ? each.answers.findLastIndex(name => name) : -1);
  const writes = Math.max(...last.map((at, n) => at < 0 ? -1 : at + answersFrom(shown.networks[n], shown)));
  return writes < 0 ? columns(shown) - 1 : writes;
}

function place(root, event) {
  const box = root.canvas.getBoundingClientRect(), at = layout(root), y = event.clientY - box.top;
  const i = Math.floor((event.clientX - box.left - at.left) / at.column);
  const row = at.networks.findIndex(each => y < each.bottom + at.gap / 2);
  return { at: i < 0 || i >= columns(root.shown) ? null : i, row: row < 0 ? root.shown.networks.length : row };
}

function point(root, event) {
  if (!root.shown) return;
  const there = place(root, event);
  if (there.at === root.at && there.row === root.row) return;
  Object.assign(root, there);
  show(root);
}

function leave(root) {
  root.at = null;
  show(root, "off");
}

function press(root, event) {  // a finger cannot point: its first tap does, and the second one acts
  if (!root.shown) return;
  const there = place(root, event);
  const acts = root.by === "mouse" || (there.at !== null && there.at === root.at && there.row === root.row);
  Object.assign(root, there);
  show(root);
  if (acts && root.at !== null) act(root);
}

function key(root, event) {
  if (!root.shown) return;
  root.by = "keys";
  const last = columns(root.shown) - 1, at = column(root), rows = root.shown.networks.length + 1;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }[event.key];
  const row = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (to !== undefined) root.at = Math.min(last, Math.max(0, to));
  else if (row) root.row = Math.min(rows - 1, Math.max(0, root.row + row));
  else if (event.key === "Escape") root.at = null;
  else if (event.key === "Enter") act(root);
  else return;
  event.preventDefault();
  show(root);
}

const canAct = root => stepOf(root) < root.shown.reads;  // what is written can be neither opened nor followed

function act(root) {
  if (!canAct(root)) return;
  const step = stepOf(root) + 1;
  if (onInputs(root) || !root.can.opens) root.trigger("chosen", step);
  else root.trigger("open", { cell: root.shown.networks[root.row].cell, step });
}

// --- what is said ------------------------------------------------------------------------------------------

function take(root) {
  root.canvas.setAttribute("aria-label", root.shown.alt);
  root.finding.textContent = root.shown.finding;
  root.row = Math.min(root.row, root.shown.networks.length);
  root.strips = root.shown.networks.map(network => network.strips.map(strip => picture(strip, root.shown)));
  if (root.at !== null && root.at >= columns(root.shown)) root.at = null;
  show(root, "off");  // read aloud is what a visitor has asked for, not every half second
}

function show(root, aloud = "polite") {
  if (!root.shown) return;
  const shown = root.shown, i = column(root), step = stepOf(root);
  const marked = shown.marked.includes(i) ? ", marked" : "";
  const lines = [step >= shown.reads ? `Step ${step + 1} of ${shown.steps} writes` :
    `Step ${step + 1} of ${shown.steps} reads ${plain(shown.labels[i])}${marked}`];
  for (const network of shown.networks) lines.push(`${network.name} ${said(network, i, shown)}`);
  root.said.setAttribute("aria-live", aloud);
  root.said.replaceChildren(...lines.map(text => {
    const line = document.createElement("div");
    line.textContent = text;
    return line;
  }));
  root.hint.textContent = hint(root, step);
  root.canvas.style.cursor = root.at !== null && canAct(root) ? "pointer" : "default";
  draw(root);
}

const plain = label => label.replace(/(.)\*$/, "$1");  // without the star of a marked number

function hint(root, step) {
  const opens = root.can.opens, to = "on the Cell page";
  if (root.at !== null && !canAct(root)) return `Step ${step + 1} is written; the Cell page has the steps that are read.`;
  if (root.by === "keys")
    return opens ? `Arrow keys choose; Enter opens the step ${to}, or follows what is read.` : "Arrow keys choose a step.";
  const press = root.by === "touch" ? "Tap" : "Click";
  if (root.at !== null) {
    const again = root.by === "touch" ? " again" : "", name = root.shown.networks[root.row]?.name;
    return onInputs(root) || !opens ? `${press}${again} to follow what step ${step + 1} reads through the networks.` :
      `${press}${again} to open step ${step + 1} of the ${name} ${to}.`;
  }
  if (root.by === "touch") return `Tap a step for its numbers; tap it again to open it ${to}.`;
  return `Click a step to open it ${to}, or what it reads to follow that.`;
}

function said(network, i, shown) {
  if (!network.finite) return "no finite numbers";
  const at = i - answersFrom(network, shown), parts = [];
  const verb = shown.start + i >= shown.reads ? "writes" : shown.last ? "would answer" : "answers";
  if (at >= 0 && network.answers[at]) {
    const sure = network.sure.length ? ` (${percent(network.sure[at])} sure)` : "";
    const right = { 1: ", right", 0: ", wrong" }[network.right[at]] || "";
    parts.push(`${verb} ${answer(network, at)}${sure}${right}`);
  }
  for (const strip of network.strips) parts.push(`|${strip.name}| ${amount(strip.size[i])}`);
  const left = network.left[i];
  if (left !== null && left !== undefined) parts.push(`left ${share(left)}`);
  return parts.join(" · ");
}

const SMALL = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((letter, digit) => [digit, letter])) };
function amount(value) {  // as everywhere in the app: 1,234, and 5 × 10¹⁴
  if (Math.abs(value) < 1e5) return value.toLocaleString("en", { maximumSignificantDigits: 3 });
  const [digits, power] = value.toExponential(1).split("e");
  return `${Number(digits)} × 10${[...String(Number(power))].map(letter => SMALL[letter]).join("")}`;
}
const percent = value => `${Math.round(100 * value)} %`;
const share = left => left < 1e-4 ? "under 0.01 %" : `${amount(Number((100 * left).toPrecision(2)))} %`;
const answer = (network, at) => Math.abs(network.numbers[at]) >= 1e5 ? amount(network.numbers[at]) : network.answers[at];
const answersFrom = (network, shown) => columns(shown) - network.answers.length;

// --- what is drawn -----------------------------------------------------------------------------------------

function picture(strip, shown) {
  if (!strip.data) return null;
  const bytes = atob(strip.data), width = columns(shown), made = document.createElement("canvas");
  made.width = width;
  made.height = strip.rows;
  const pen = made.getContext("2d"), image = pen.createImageData(width, strip.rows);
  const low = rgb(shown.inks.low), high = rgb(shown.inks.high);
  for (let i = 0; i < bytes.length; i++) {
    const value = (bytes.charCodeAt(i) - 128) / 127;
    image.data.set(value < 0 ? low : high, 4 * i);
    image.data[4 * i + 3] = Math.round(255 * Math.abs(value) ** .65);  // small values are seen, 0 is the paper
  }
  pen.putImageData(image, 0, 0);
  return made;
}

const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));

function layout(root) {  // rows of a fixed height, in rem; strips share what is left of the room
  const shown = root.shown, rem = parseFloat(getComputedStyle(document.documentElement).fontSize), h = shown.heights;
  const width = root.canvas.clientWidth, height = root.space() || 20 * rem, narrow = width < 34 * rem;
  const left = (narrow ? 3 : 3.6) * rem, right = (narrow ? 4.9 : 6.2) * rem, networks = [];
  const column = (width - left - right) / columns(shown), count = shown.networks.flatMap(each => each.strips).length;
  const below = (shown.below.kind === "words" && wordsFit(root, column, rem) ? h.letters : h.below) * rem;
  const fixed = shown.networks.length * (h.answers + h.left + h.gap) * rem + below + h.axis * rem;
  const strip = Math.max(8, Math.min((height - fixed) / count - h.between * rem, h.highest * rem)), strips = strip;
  let y = 0;
  for (const network of shown.networks) {
    const top = y, answers = y, strips = [];
    y += h.answers * rem;
    for (const _ of network.strips) { strips.push(y); y += strip + h.between * rem; }
    networks.push({ top, answers, strips, kept: y, bottom: y += h.left * rem });
    y += h.gap * rem;
  }
  return { rem, narrow, width, height, left, right, networks, strip: strips, column, gap: h.gap * rem,
    below: y, axis: y + below, high: { below }, end: y + below + h.axis * rem };
}

function wordsFit(root, column, rem) {
  const pen = root.canvas.getContext("2d");
  pen.font = `700 ${.75 * rem}px ${getComputedStyle(root).fontFamily}`;
  const words = root.shown.below.values, after = columns(root.shown) - words.length;  // under what is written is room
  return words.every((word, i) => pen.measureText(word).width <= (i < words.length - 1 ? column : (after + 1) * column) - 2);
}

function draw(root) {
  const shown = root.shown, canvas = root.canvas;
  if (!shown || !canvas.clientWidth) return;
  const at = layout(root), ratio = window.devicePixelRatio || 1;
  canvas.style.height = `${at.height}px`;
  const [width, height] = [Math.round(at.width * ratio), Math.round(at.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, at.width, at.height);
  pen.textBaseline = "middle";
  const i = column(root), focused = document.activeElement === canvas;
  const draws = { pen, shown, at, ratio, indent: .35 * at.rem, font: getComputedStyle(root).fontFamily, i };
  shown.networks.forEach((network, n) => drawNetwork(draws, network, at.networks[n], root.strips[n]));
  drawBelow(draws);
  drawAxis(draws);
  if (shown.reads < shown.steps && shown.reads > shown.start) {  // reading ends, writing begins
    pen.fillStyle = shown.inks.faint;
    pen.fillRect(at.left + (shown.reads - shown.start) * at.column - .5, 0, 1, at.axis);
  }
  frames(root, draws, focused);
  shown.networks.forEach((network, n) => writeWhole(draws, network, at.networks[n]));
}

function frames(root, draws, focused) {  // of the step that is followed, and of what is pointed at
  const { pen, shown, at, i } = draws;
  outline(draws, shown.chosen - shown.start, 1, at.axis - 2, shown.inks.accent, 2);
  if (root.at === null && !focused) return;
  outline(draws, i, 1, at.axis - 2, shown.inks.text, 1);
  const { top, bottom } = at.networks[root.row] || { top: at.below, bottom: at.axis };
  outline(draws, i, top + 1, bottom - top - 2, shown.networks[root.row]?.colour || shown.inks.accent, 3);
  if (focused) {
    pen.fillStyle = shown.networks[root.row]?.colour || shown.inks.accent;
    pen.fillRect(0, top, 3, bottom - top);
  }
}

function outline({ pen, shown, at }, i, top, high, ink, thick) {
  if (i < 0 || i >= columns(shown)) return;
  pen.strokeStyle = ink;
  pen.lineWidth = thick;
  const slim = Math.max(at.column, 3), x = at.left + i * at.column + (at.column - slim) / 2;
  pen.strokeRect(x, top, slim, high);
}

function write({ pen, at, font, shown }, text, x, y, { ink = shown.inks.quiet, weight = 400, size = .75, align = "left" } = {}) {
  pen.font = `${weight} ${size * at.rem}px ${font}`;
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

function fitting({ pen, at, font }, text, room, size = .75, weight = 400) {
  pen.font = `${weight} ${size * at.rem}px ${font}`;
  if (pen.measureText(text).width <= room) return text;
  while (text && pen.measureText(`${text}…`).width > room) text = text.slice(0, -1);
  return text ? `${text}…` : "";
}

function beside(draws, text, y, style = {}) {  // at the right end of a row: its number in the column that is looked at
  const { at } = draws, room = at.right - .4 * at.rem;
  write(draws, fitting(draws, text, room, style.size, style.weight), at.width - room, y, style);
}

function drawNetwork(draws, network, place, strips) {
  const { pen, shown, at, i } = draws, h = shown.heights, middle = place.answers + h.answers * at.rem / 2;
  writeName(draws, network, middle);
  network.strips.forEach((strip, n) => {
    const y = place.strips[n], high = at.strip, low = high < 1.75 * at.rem, centre = y + high / 2;
    if (!network.finite) return n || write(draws, "no finite numbers any more", at.left, centre);
    drawStrip(draws, strips[n], y, high);
    write(draws, strip.name, draws.indent, low ? centre : centre - .45 * at.rem, { ink: shown.inks.text, weight: 600 });
    const scale = fitting(draws, `±${amount(strip.scale).replace(" × ", "·")}`, at.left - (low ? 1.4 : .4) * at.rem);
    write(draws, scale, draws.indent + (low ? at.rem : 0), low ? centre : centre + .45 * at.rem);
    beside(draws, `|${strip.name}| ${amount(strip.size[i])}`, centre);
  });
  if (!network.finite) return;
  drawAnswers(draws, network, place);
  drawLeft(draws, network, place);
}

function writeName(draws, network, middle) {  // never cut: “GRU…” could be two cells; rather smaller, and a little narrower
  const { pen, at, font } = draws, room = at.left - draws.indent - 3;
  const size = [.85, .8, .75].find(size => fitting(draws, network.name, room, size, 700) === network.name) || .75;
  pen.font = `700 ${size * at.rem}px ${font}`;
  pen.fillStyle = network.colour;
  pen.textAlign = "left";
  pen.fillText(network.name, draws.indent, middle, room);
}

function drawStrip({ pen, shown, at, ratio }, strip, y, high) {
  const wide = at.column * columns(shown), fine = document.createElement("canvas"), rows = strip.height;
  // rows of one and a half pixels, each in its share: first far too high, and then made as low as they are
  fine.width = Math.max(1, Math.round(wide * ratio));
  fine.height = rows * Math.max(1, Math.ceil(4 * high * ratio / rows));
  const scaled = fine.getContext("2d");
  scaled.imageSmoothingEnabled = false;
  scaled.drawImage(strip, 0, 0, fine.width, fine.height);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(fine, at.left, y, wide, high);
  if (at.column >= 5) for (let i = 1; i < columns(shown); i++) pen.clearRect(at.left + i * at.column - .5, y, 1, high);
  pen.strokeStyle = `${shown.inks.faint}66`;
  pen.lineWidth = 1;
  pen.strokeRect(at.left - .5, y - .5, wide + 1, high + 1);
}

function drawAnswers(draws, network, place) {
  const { pen, shown, at, i } = draws, rem = at.rem, from = answersFrom(network, shown), h = shown.heights;
  const bottom = place.answers + (h.answers - .12) * rem, numbers = network.numbers.length > 0;
  const high = (h.answers - (numbers ? .25 : .98)) * rem;
  const values = numbers ? heightsOf(network, shown) : network.sure.length ? network.sure : network.right.map(() => 1);
  const x = i => at.left + (from + i) * at.column, gap = at.column > 4 ? 1 : 0;
  values.forEach((value, i) => {
    if (!network.answers[i]) return;
    const tall = Math.max(1.5, high * Math.min(1, value)), wrong = network.right[i] === 0;
    pen.fillStyle = network.colour + (wrong ? "40" : "");
    pen.fillRect(x(i), bottom - tall, at.column - gap, tall);
  });
  if (!numbers) {
    if (!wholeAnswer(draws, network, place)) named(draws, network, place, from);
  } else if (shown.true_number !== null) {
    const level = bottom - high * between(shown.true_number, shown);
    pen.strokeStyle = shown.inks.text;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(at.left, level);
    pen.lineTo(at.left + at.column * columns(shown), level);
    pen.stroke();
    pen.setLineDash([]);
  }
  const k = i - from;
  if (k < 0 || !network.answers[k]) return;
  beside(draws, answer(network, k), bottom - 1.02 * rem, { ink: network.colour, weight: 700, size: .85 });
  const sure = network.sure.length ? percent(network.sure[k]) : "", right = network.right[k];
  const judged = right === 1 ? "right" : shown.true ? `true ${shown.true}` : right === 0 ? "wrong" : "";
  beside(draws, [sure, judged].filter(Boolean).join(", "), bottom - .22 * rem);
}

// Words too long for their columns stand as one text, before the first of them or, where that is too narrow, above all.
function wholeAnswer(draws, network, place) {
  const { at, shown } = draws, h = shown.heights, style = [.8, 600], ends = shown.reads - shown.start;
  const words = network.answers.filter(name => name && name !== "end");
  if (shown.reads === shown.steps || words.every(word => fitting(draws, word, at.column + 1) === word)) return null;
  const text = words.join(" "), fits = room => text && fitting(draws, text, room, ...style) === text;
  const rows = [[ends, h.answers - .52], [columns(shown), .42]];
  const found = rows.find(([end]) => fits(end * at.column - .5 * at.rem));
  return found ? { text, end: at.left + found[0] * at.column - .5 * at.rem, y: place.answers + found[1] * at.rem } : null;
}

function writeWhole(draws, network, place) {  // over the frames of steps, which would strike it through
  const whole = network.finite && !network.numbers.length ? wholeAnswer(draws, network, place) : null;
  if (!whole) return;
  const { pen, at } = draws, { text, end, y } = whole;
  pen.font = `600 ${.8 * at.rem}px ${draws.font}`;
  const wide = pen.measureText(text).width + 4;
  pen.clearRect(end - wide + 2, y - .42 * at.rem, wide, .84 * at.rem);
  write(draws, text, end, y, { ink: network.colour, weight: 600, size: .8, align: "right" });
}

function range(shown) {
  const all = [shown.true_number ?? 0, ...shown.networks.flatMap(network => network.numbers || [])];
  return [Math.min(0, ...all), Math.max(0, ...all)];
}

function between(value, shown) {
  const [low, high] = range(shown);
  return high > low ? (value - low) / (high - low) : 0;
}

const heightsOf = (network, shown) => network.numbers.map(value => between(value, shown));

function named(draws, network, place, from) {  // equal answers that follow one another are named once
  const { at, shown } = draws, y = place.answers + .42 * at.rem;
  for (let i = 0; i < network.answers.length;) {
    let end = i + 1;
    while (end < network.answers.length && network.answers[end] === network.answers[i]) end++;
    const room = (end - i) * at.column, name = fitting(draws, network.answers[i], room + 1);
    const single = end === i + 1, x = at.left + (from + i + (single ? .5 : 0)) * at.column + (single ? 0 : 1);
    if (name.replace("…", "").length >= Math.min(2, network.answers[i].length))
      write(draws, name, x, y, { ink: shown.inks.text, align: single ? "center" : "left" });
    i = end;
  }
}

function drawLeft(draws, network, place) {
  const { pen, shown, at, i } = draws, high = (shown.heights.left - .1) * at.rem, bottom = place.kept + high;
  const there = network.left[i];
  if (there !== null && there !== undefined) beside(draws, share(there), place.kept + high / 2);
  write(draws, "left", draws.indent, place.kept + high / 2);
  pen.fillStyle = `${shown.inks.faint}66`;
  pen.fillRect(at.left, bottom, at.column * columns(shown), 1);
  pen.fillStyle = network.colour;
  network.left.forEach((left, i) => {
    if (left === null) return;
    const tall = high * Math.min(1, left);
    pen.fillRect(at.left + i * at.column, bottom - tall, at.column - (at.column > 4 ? 1 : 0), tall);
    if (left > 1) pen.clearRect(at.left + i * at.column, bottom - tall + 2, at.column, 1);  // more than there is room for
  });
}

function drawBelow(draws) {
  const { pen, shown, at } = draws, below = shown.below, rem = at.rem, top = at.below, high = at.high.below;
  const middle = top + (below.kind === "words" ? .65 * rem : high / 2), label = shown.labels[draws.i];
  write(draws, "reads", draws.indent, middle, { ink: shown.inks.text });
  if (label) beside(draws, plain(label), middle, { ink: shown.inks.text, weight: 600 });
  const lowest = Math.min(0, ...below.values), largest = Math.max(...below.values, 0);
  below.values.forEach((value, i) => {
    const x = at.left + i * at.column, marked = shown.marked.includes(i);
    const ink = marked ? shown.inks.warm : shown.inks.quiet;
    if (below.kind === "numbers") {
      const room = high - .5 * rem, zero = top + room * (largest / (largest - lowest || 1)) + .4 * rem;
      const tall = room * value / (largest - lowest || 1);
      pen.fillStyle = ink;
      pen.fillRect(x, tall >= 0 ? zero - tall : zero, at.column - (at.column > 4 ? 1 : 0), Math.max(1, Math.abs(tall)));
      if (marked) triangle(draws, x + at.column / 2, (tall >= 0 ? zero - tall : zero) - .12 * rem, ink);
    } else if (below.kind === "words") {
      upright(draws, value, x + at.column / 2, top + .1 * rem, marked);
    } else if (marked || pen.measureText(value).width <= at.column + 3) {
      write(draws, value, x + at.column / 2, top + high / 2,
        { ink: marked ? shown.inks.text : shown.inks.quiet, weight: marked ? 700 : 400, align: "center" });
      if (marked) { pen.fillStyle = shown.inks.warm; pen.fillRect(x, top + high - 3, at.column, 3); }
    }
  });
}

function triangle({ pen, at }, x, y, ink) {
  const size = .22 * at.rem;
  pen.fillStyle = ink;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - size, y - 1.3 * size);
  pen.lineTo(x + size, y - 1.3 * size);
  pen.fill();
}

function upright(draws, text, x, y, marked) {
  const { pen, at, shown } = draws, low = at.high.below < 2 * at.rem, style = { ink: marked ? shown.inks.text : shown.inks.quiet, weight: marked ? 700 : 400 };
  if (at.column < .8 * at.rem && !marked) return;  // letters would lie on one another
  if (fitting(draws, text, at.column - 2) === text) {
    write(draws, text, x, y + .6 * at.rem, { ...style, align: "center" });
  } else if (low) {
    write(draws, text, x - at.column / 2 + 2, y + .6 * at.rem, style);
  } else {
    pen.save();
    pen.translate(x, y);
    pen.rotate(Math.PI / 2);
    write(draws, fitting(draws, text, at.high.below - .2 * at.rem), 0, 0, style);
    pen.restore();
  }
  if (marked) { pen.fillStyle = shown.inks.warm; pen.fillRect(x - at.column / 2, y - .2 * at.rem, at.column, 3); }
}

function drawAxis(draws) {
  const { shown, at } = draws, y = at.axis + .6 * at.rem, n = columns(shown);
  const every = [1, 2, 5, 10, 20, 50].find(each => each * at.column >= 2.2 * at.rem) || 100;
  write(draws, "step", draws.indent, y);
  beside(draws, `${shown.start + draws.i + 1} of ${shown.steps}`, y, { ink: shown.inks.text, weight: 600 });
  for (let i = 0; i < n; i++) {
    const step = shown.start + i + 1;
    if (step % every === 0 || (step === 1 && every > 1))
      writeStep(draws, String(step), at.left + (i + .5) * at.column, y);
  }
}

function writeStep(draws, text, middle, y) {  // the last one ends with its column, so as not to meet what stands beside
  const { pen, at, font } = draws, end = at.width - at.right;
  pen.font = `400 ${.75 * at.rem}px ${font}`;
  const out = middle + pen.measureText(text).width / 2 > end;
  write(draws, text, out ? end : middle, y, { align: out ? "right" : "center" });
}
