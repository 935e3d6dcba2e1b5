// Networks unrolled over one example. What is to be drawn stands as JSON in an element beside this one, which the server
// replaces while the networks learn; this element stays, and with it what is pointed at.
export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.closest(".st-key-inside-picture") || document;
  let root = parentElement.querySelector(".unrolled");
  if (!root) root = build(parentElement);
  root.can = data;
  root.trigger = setTriggerValue;
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
    root.sized = new ResizeObserver(() => draw(root));
    root.sized.observe(root.canvas);
  }
  return () => { root.watched.disconnect(); root.sized.disconnect(); root.watched = null; };
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
  const below = make("div", "unrolled-below", root);
  root.said = make("div", "unrolled-said", below);
  root.open = make("button", "unrolled-open", below);
  root.open.type = "button";
  root.at = null;  // the column that is pointed at, else the one whose input is followed
  root.network = 0;
  const canvas = root.canvas;
  canvas.onpointermove = event => point(root, event);
  canvas.onpointerleave = () => { root.at = null; show(root); };
  canvas.onclick = event => { point(root, event); choose(root); };
  canvas.ondblclick = () => open(root);
  canvas.onfocus = canvas.onblur = () => draw(root);
  canvas.onkeydown = event => key(root, event);
  root.open.onclick = () => open(root);
  return root;
}

// --- what the visitor does ---------------------------------------------------------------------------------

const columns = shown => shown.columns;
const column = root => root.at ?? Math.max(0, root.shown.chosen - root.shown.start);

function point(root, event) {
  if (!root.shown) return;
  const box = root.canvas.getBoundingClientRect(), at = layout(root);
  const i = Math.floor((event.clientX - box.left - at.left) / at.column);
  root.at = i < 0 || i >= columns(root.shown) ? null : i;
  const y = event.clientY - box.top;
  const band = at.networks.findIndex(each => y >= each.top && y < each.bottom);
  if (band >= 0) root.network = band;
  show(root);
}

function key(root, event) {
  if (!root.shown) return;
  const last = columns(root.shown) - 1, at = column(root), nets = root.shown.networks.length;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }[event.key];
  const band = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (to !== undefined) root.at = Math.min(last, Math.max(0, to));
  else if (band) root.network = (root.network + band + nets) % nets;
  else if (event.key === "Escape") root.at = null;
  else if (event.key === "Enter") {
    if (root.shown.start + at === root.shown.chosen) open(root);
    else choose(root);
  } else return;
  event.preventDefault();
  show(root);
}

function choose(root) {
  const at = column(root), step = root.shown.start + at;
  if (step >= root.shown.reads || step === root.shown.chosen) return;  // only what is read can be another input
  root.trigger("chosen", step + 1);
}

function open(root) {
  if (!root.can.opens) return;
  const step = Math.min(root.shown.start + column(root), root.shown.reads - 1);
  root.trigger("open", { cell: root.shown.networks[root.network].cell, step: step + 1 });
}

// --- what is said ------------------------------------------------------------------------------------------

function take(root) {
  root.canvas.setAttribute("aria-label", root.shown.alt);
  root.finding.textContent = root.shown.finding;
  root.network = Math.min(root.network, root.shown.networks.length - 1);
  root.strips = root.shown.networks.map(network => network.strips.map(strip => picture(strip, root.shown)));
  if (root.at !== null && root.at >= columns(root.shown)) root.at = null;
  show(root, "off");  // read aloud is what a visitor has asked for, not every half second
}

function show(root, aloud = "polite") {
  if (!root.shown) return;
  root.said.setAttribute("aria-live", aloud);
  const shown = root.shown, i = column(root), step = shown.start + i;
  const writes = step >= shown.reads;
  const marked = shown.marked.includes(i) ? ", marked" : "";
  const lines = [[null, writes ? `Step ${step + 1} of ${shown.steps} writes` :
    `Step ${step + 1} of ${shown.steps} reads ${shown.labels[i].replace(/(.)\*$/, "$1")}${marked}`]];
  for (const network of shown.networks) lines.push([network, said(network, i, shown)]);
  root.said.replaceChildren(...lines.map(([network, text]) => {
    const line = document.createElement("div");
    if (network) {
      const name = make("b", "", line);
      name.textContent = network.name;
      name.style.color = network.colour;
    }
    line.append(network ? ` ${text}` : text);
    return line;
  }));
  const readable = !writes && root.can.opens;
  root.open.hidden = !readable;
  if (readable) root.open.textContent = `Open step ${step + 1} of the ${shown.networks[root.network].name} on the Cell page`;
  draw(root);
}

function said(network, i, shown) {
  if (!network.finite) return "no finite numbers";
  const at = i - answersFrom(network, shown), parts = [];
  const verb = shown.start + i >= shown.reads ? "writes" : shown.last ? "would answer" : "answers";
  if (at >= 0 && network.answers[at]) {
    const sure = network.sure.length ? ` (${Math.round(100 * network.sure[at])} % sure)` : "";
    const right = { 1: ", right", 0: ", wrong" }[network.right[at]] || "";
    parts.push(`${verb} ${network.answers[at]}${sure}${right}`);
  }
  for (const strip of network.strips) parts.push(`|${strip.name}| ${strip.size[i]}`);
  const left = network.left[i];
  if (left !== null && left !== undefined) parts.push(`left ${share(left)}`);
  return parts.join(" · ");
}

const share = left => left < 1e-4 ? "under 0.01 %" : `${Number((100 * left).toPrecision(2))} %`;
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

function layout(root) {
  const shown = root.shown, rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const width = root.canvas.clientWidth, narrow = width < 34 * rem;
  const left = (narrow ? 3.2 : 3.8) * rem, right = shown.last ? (narrow ? 3.1 : 4.6) * rem : .3 * rem;
  const h = shown.heights, networks = [];
  let y = 0;
  for (const network of shown.networks) {
    const top = y, answers = y, strips = [];
    y += h.answers * rem;
    for (const _ of network.strips) { strips.push(y); y += (h.strip + h.between) * rem; }
    const kept = y;
    y += h.left * rem;
    networks.push({ top, answers, strips, kept, bottom: y });
    y += h.gap * rem;
  }
  return { rem, width, left, right, networks, below: y, axis: y + h.below * rem,
    column: (width - left - right) / columns(shown) };
}

function draw(root) {
  const shown = root.shown, canvas = root.canvas;
  if (!shown || !canvas.clientWidth) return;
  const at = layout(root), ratio = window.devicePixelRatio || 1;
  canvas.style.height = `${shown.height * at.rem}px`;
  const [width, height] = [Math.round(at.width * ratio), Math.round(shown.height * at.rem * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, at.width, height);
  pen.textBaseline = "middle";
  const draws = { pen, shown, at, ratio, indent: .35 * at.rem, font: getComputedStyle(root).fontFamily };
  shown.networks.forEach((network, n) => drawNetwork(draws, network, at.networks[n], root.strips[n], n === root.network));
  drawBelow(draws);
  drawAxis(draws);
  if (shown.reads < shown.steps && shown.reads > shown.start) {  // reading ends, writing begins
    const x = at.left + (shown.reads - shown.start) * at.column;
    pen.fillStyle = shown.inks.faint;
    pen.fillRect(x - .5, 0, 1, at.axis);
  }
  outline(draws, shown.chosen - shown.start, shown.inks.accent, 2);
  if (root.at !== null || document.activeElement === canvas) outline(draws, column(root), shown.inks.text, 1);
}

function outline({ pen, shown, at }, i, ink, thick) {
  if (i < 0 || i >= columns(shown)) return;
  pen.strokeStyle = ink;
  pen.lineWidth = thick;
  const slim = Math.max(at.column, 3), x = at.left + i * at.column + (at.column - slim) / 2;
  pen.strokeRect(x, 1, slim, at.axis - 2);
}

function write({ pen, at, font, shown }, text, x, y, { ink = shown.inks.quiet, weight = 400, size = .75, align = "left" } = {}) {
  pen.font = `${weight} ${size * at.rem}px ${font}`;
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

function fitting({ pen, at, font }, text, room, size = .75) {
  pen.font = `400 ${size * at.rem}px ${font}`;
  if (pen.measureText(text).width <= room) return text;
  while (text && pen.measureText(`${text}…`).width > room) text = text.slice(0, -1);
  return text ? `${text}…` : "";
}

function drawNetwork(draws, network, place, strips, current) {
  const { pen, shown, at } = draws, h = shown.heights, middle = place.answers + h.answers * at.rem / 2;
  write(draws, network.name, draws.indent, middle, { ink: network.colour, weight: 700, size: .85 });
  if (current && shown.networks.length > 1 && document.activeElement?.closest(".unrolled")) {
    pen.fillStyle = network.colour;
    pen.fillRect(0, place.top, 2, place.bottom - place.top);
  }
  network.strips.forEach((strip, n) => {
    const y = place.strips[n], high = h.strip * at.rem;
    if (!network.finite) return n || write(draws, "no finite numbers any more", at.left, y + high / 2);
    const each = high * draws.ratio / strip.rows;  // thin rows of two heights would look like a pattern
    const tall = each < 2 ? Math.max(1, Math.floor(each)) * strip.rows / draws.ratio : high;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(strips[n], at.left, y, at.column * columns(shown), tall);
    if (at.column >= 5) {
      for (let i = 1; i < columns(shown); i++) pen.clearRect(at.left + i * at.column - .5, y, 1, tall);
    }
    pen.strokeStyle = `${shown.inks.faint}66`;
    pen.lineWidth = 1;
    pen.strokeRect(at.left - .5, y - .5, at.column * columns(shown) + 1, tall + 1);
    write(draws, strip.name, draws.indent, y + high / 2 - .45 * at.rem, { ink: shown.inks.text, weight: 600 });
    write(draws, `±${strip.scale}`, draws.indent, y + high / 2 + .45 * at.rem);
  });
  if (!network.finite) return;
  drawAnswers(draws, network, place);
  drawLeft(draws, network, place);
}

function drawAnswers(draws, network, place) {
  const { pen, shown, at } = draws, rem = at.rem, from = answersFrom(network, shown);
  const bottom = place.answers + (shown.heights.answers - .2) * rem, high = (network.numbers.length ? 1.7 : .75) * rem;
  const values = network.numbers.length ? heightsOf(network, shown) : network.sure.length ? network.sure : network.right.map(() => 1);
  const x = i => at.left + (from + i) * at.column, gap = at.column > 4 ? 1 : 0;
  values.forEach((value, i) => {
    if (!network.answers[i]) return;
    const tall = Math.max(1.5, high * Math.min(1, value)), wrong = network.right[i] === 0;
    pen.fillStyle = network.colour + (wrong ? "40" : "");
    pen.fillRect(x(i), bottom - tall, at.column - gap, tall);
  });
  if (network.numbers.length) {
    const level = bottom - high * between(shown.true_number, shown);
    pen.strokeStyle = shown.inks.text;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(at.left, level);
    pen.lineTo(at.left + at.column * columns(shown), level);
    pen.stroke();
    pen.setLineDash([]);
  } else {
    named(draws, network, place, from);
  }
  if (!shown.last) return;
  const end = at.left + at.column * columns(shown) + .35 * rem, last = network.answers.length - 1;
  write(draws, fitting(draws, network.answers[last], at.right - .35 * rem, .85), end, bottom - 1.3 * rem,
    { ink: network.colour, weight: 700, size: .85 });
  write(draws, fitting(draws, `true ${shown.true}`, at.right - .35 * rem), end, bottom - .3 * rem);
}

function range(shown) {
  const all = [shown.true_number, ...shown.networks.flatMap(network => network.numbers || [])];
  return [Math.min(0, ...all), Math.max(0, ...all)];
}

function between(value, shown) {
  const [low, high] = range(shown);
  return high > low ? (value - low) / (high - low) : 0;
}

const heightsOf = (network, shown) => network.numbers.map(value => between(value, shown));

function named(draws, network, place, from) {  // equal answers that follow one another are named once
  const { at, shown } = draws, y = place.answers + .55 * at.rem;
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
  const { pen, shown, at } = draws, high = (shown.heights.left - .25) * at.rem, bottom = place.kept + high;
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
  const { pen, shown, at } = draws, below = shown.below, rem = at.rem, top = at.below, high = shown.heights.below * rem;
  write(draws, "reads", draws.indent, below.kind === "words" ? top + .8 * rem : top + high / 2, { ink: shown.inks.text });
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
      upright(draws, value, x + at.column / 2, top + .2 * rem, marked);
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
  const { pen, at, shown } = draws, style = { ink: marked ? shown.inks.text : shown.inks.quiet, weight: marked ? 700 : 400 };
  if (at.column < .8 * at.rem && !marked) return;  // letters would lie on one another
  if (fitting(draws, text, at.column - 2) === text) {
    write(draws, text, x, y + .6 * at.rem, { ...style, align: "center" });
  } else {
    pen.save();
    pen.translate(x, y);
    pen.rotate(Math.PI / 2);
    write(draws, fitting(draws, text, (shown.heights.below - .3) * at.rem), 0, 0, style);
    pen.restore();
  }
  if (marked) { pen.fillStyle = shown.inks.warm; pen.fillRect(x - at.column / 2, y - .2 * at.rem, at.column, 3); }
}

function drawAxis(draws) {
  const { shown, at } = draws, y = at.axis + .65 * at.rem, n = columns(shown);
  const every = [1, 2, 5, 10, 20, 50].find(each => each * at.column >= 2.2 * at.rem) || 100;
  write(draws, "step", draws.indent, y);
  for (let i = 0; i < n; i++) {
    const step = shown.start + i + 1;
    if (step % every === 0 || (step === 1 && every > 1))
      write(draws, String(step), at.left + (i + .5) * at.column, y, { align: "center" });
  }
}
