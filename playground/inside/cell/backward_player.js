// The player of a sweep, drawn by the functions of backward.js, which stand before it in one script.
class Player {
  constructor(root, data) {
    Object.assign(this, { root, data, n: data.read.length, playing: false, picked: null, speed: 1 });
    this.last = 2 * this.n + 3;
    this.frame = this.last;
    this.picked = Math.min(this.n - 1, Math.max(0, data.step - 1 - data.first));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const slider = this.slider = root.querySelector("input"), phases = root.querySelector(".bptt-phases");
    slider.max = this.last;
    slider.oninput = () => this.go(Number(slider.value));
    root.querySelector("select").onchange = event => { this.speed = Number(event.target.value); };
    root.querySelector("[data-do=back]").onclick = () => this.go(this.frame - 1);
    root.querySelector("[data-do=next]").onclick = () => this.go(this.frame + 1);
    const play = root.querySelector(".bptt-play");
    play.onclick = () => this.play(!this.playing);
    play.hidden = root.querySelector(".bptt-speed").hidden = this.calm;
    play.style.display = root.querySelector(".bptt-speed").style.display = this.calm ? "none" : "";
    phases.replaceChildren();
    const starts = [0, this.n, this.n + 1, this.last - 2, this.last - 1, this.last];
    this.phases = PHASES.map((name, i) => {
      const button = put("button", phases, name);
      button.type = "button";
      button.onclick = () => this.go(starts[i]);
      return button;
    });
    root.onkeydown = event => this.key(event);
    const graph = root.querySelector(".bptt-graph");
    const pick = event => {
      const t = Math.floor((event.clientX - graph.getBoundingClientRect().left) / this.L.pitch);
      if (!this.playing && t >= 0 && t < this.n && t !== this.picked) { this.picked = t; this.pointed = true; this.show(); this.pointed = false; }
    };
    graph.onclick = pick;
    graph.onpointermove = event => { if (event.pointerType === "mouse") pick(event); };
    this.cards = cards(root, data);
    this.watch = new ResizeObserver(() => { if (root.clientWidth !== this.wide) this.draw(); });
    this.watch.observe(root);
    this.play(false);
    this.draw();
  }

  draw() {
    this.wide = this.root.clientWidth;
    if (!this.wide) return;
    this.L = build(this.root, this.data);
    const scroll = this.root.querySelector(".bptt-scroll"), hidden = this.L.width > scroll.clientWidth;
    if (hidden && this.data.step === 1 && this.frame === this.last) this.picked = this.n - 1;
    legend(this.root, this.data, this.L);
    this.show();
  }

  end() { clearTimeout(this.timer); this.watch.disconnect(); }

  phase() {
    const { frame, n } = this;
    if (frame < n) return [0, frame];
    if (frame === n) return [1, n - 1];
    return frame <= 2 * n ? [2, 2 * n - frame] : [frame - 2 * n + 2, 0];
  }

  go(frame) {
    this.frame = Math.max(0, Math.min(this.last, frame));
    this.picked = null;
    this.show();
  }

  play(on) {
    clearTimeout(this.timer);
    this.playing = on;
    if (on && this.frame === this.last) this.go(0);
    this.root.classList.toggle("plays", on);
    this.root.querySelector(".bptt-play span").textContent = on ? "Pause" : "Play";
    this.root.querySelector(".bptt-here").setAttribute("aria-live", on ? "off" : "polite");
    if (on) this.wait();
  }

  wait() {
    const each = Math.max(FASTEST, Math.min(SLOWEST, SWEEP_MS / (this.last + 1)));
    const slow = this.frame >= 2 * this.n ? SLOWEST : each;
    this.timer = setTimeout(() => {
      if (!this.root.isConnected) return this.end();
      this.go(this.frame + 1);
      this.frame === this.last ? this.play(false) : this.wait();
    }, slow / this.speed);
  }

  key(event) {
    const own = event.target.closest("button, input, select");
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -this.last, End: this.last }[event.key];
    if (event.code === "Space" && !own && !this.calm) this.play(!this.playing);
    else if (steps && !event.target.closest("input, select")) this.go(this.frame + steps);
    else if (event.code !== "Space" || own) return;
    event.preventDefault();
    event.stopPropagation();
  }

  show() {
    const { L, data, n } = this, [phase, at] = this.phase(), t = this.picked ?? at;
    const forward = phase ? n - 1 : at, backward = phase < 2 ? n : phase === 2 ? at : 0;
    if (!L) return;
    L.columns.forEach((column, i) => {
      column.forward.style.visibility = i <= forward ? "" : "hidden";
      column.backward.style.visibility = i >= backward ? "" : "hidden";
    });
    shade(this.root, data, L, forward, backward);
    L.spot.setAttribute("x", t * L.pitch);
    const scroll = this.root.querySelector(".bptt-scroll");
    if (L.width > scroll.clientWidth && !this.pointed) scroll.scrollLeft = L.middle(t) - scroll.clientWidth / 2;
    this.slider.value = this.frame;
    this.slider.setAttribute("aria-valuetext", `${PHASES[phase]}, step ${data.first + at + 1}`);
    this.phases.forEach((button, i) => i === phase ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current"));
    describe(this.root, data, t, t >= backward, forward);
    this.cards.weights.forEach(({ bar, part, text }, i) => {
      const weight = data.weights[i], done = phase > 2, from = Math.min(backward, n - 1), none = backward >= n;
      bar.style.width = `${100 * (none ? 0 : done ? weight.most : weight.fill[from])}%`;
      part.style.width = `${100 * (phase === 2 ? weight.part[from] : 0)}%`;
      text.textContent = none ? (weight.few ? "" : "0") : done ? weight.total : weight.soFar[from];
    });
    this.cards.parts.forEach((lines, i) => lines.forEach(line => line.classList.toggle("later", phase < 3 + i)));
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".bptt");
  if (!root || root.player && root.player.data.name === data.name) return;
  if (root.player) root.player.end();
  root.player = new Player(root, data);
}
