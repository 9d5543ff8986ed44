// The time line: the outline of the sound with the cues on it; edges are dragged, a press plays from there.
import { clock } from "./time.js";

const SPANS = [8, 16, 40]; // seconds that are shown
const EDGE = 8; // CSS pixels around a cue's edge
const FRAME_MS = 20; // the least a drag leaves of a cue

export class Timeline {
  // on: {retime(id, start, end), choose(id), seek(seconds), done()}
  constructor(canvas, on) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.on = on;
    this.cues = [];
    this.current = null;
    this.at = 0;
    this.span = 1;
    this.centre = 0;
    this.peaks = null;
    this.mayDrag = false;
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.onDown(event));
    canvas.addEventListener("pointermove", (event) => this.onMove(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.onUp(event));
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    const styles = getComputedStyle(canvas);
    this.colours = Object.fromEntries(
      ["wave", "cue", "cue-now", "edge", "ink", "head", "held"].map((name) => [
        name,
        styles.getPropertyValue(`--tl-${name}`).trim() || "#465263",
      ]),
    );
  }

  get seconds() {
    return SPANS[this.span];
  }

  zoom(by) {
    this.span = Math.min(SPANS.length - 1, Math.max(0, this.span + by));
    this.draw();
  }

  show({ cues, current }) {
    if (cues) this.cues = cues;
    if (current !== undefined && current !== this.current) {
      this.current = current;
      const cue = this.cues.find((each) => each.id === current);
      if (cue && !this.drag) this.follow((cue.start_ms + cue.end_ms) / 2000, true);
    }
    this.draw();
  }

  // The playhead moved: keep it in sight.
  moveHead(seconds) {
    this.at = seconds;
    this.follow(seconds, false);
    this.draw();
  }

  follow(seconds, always) {
    const away = Math.abs(seconds - this.centre);
    if (!this.drag && (always || away > this.seconds * 0.4)) this.centre = seconds + (always ? 0 : this.seconds * 0.3);
  }

  // -- geometry

  get from() {
    return Math.max(0, this.centre - this.seconds / 2);
  }

  x(seconds) {
    return ((seconds - this.from) / this.seconds) * this.canvas.clientWidth;
  }

  time(x) {
    return this.from + (x / this.canvas.clientWidth) * this.seconds;
  }

  // -- drawing

  draw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.paint();
    });
  }

  paint() {
    const { canvas, context } = this;
    const [width, height, ratio] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1];
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.paintWave(width, height);
    for (const cue of this.visible()) this.paintCue(cue, height);
    this.paintScale(width, height);
    context.fillStyle = this.colours.head;
    context.fillRect(this.x(this.at) - 1, 0, 2, height);
  }

  visible() {
    const [from, to] = [this.from * 1000, (this.from + this.seconds) * 1000];
    return this.cues.filter((cue) => cue.end_ms > from && cue.start_ms < to);
  }

  paintWave(width, height) {
    if (!this.peaks) return;
    const { context } = this;
    const [middle, reach] = [height * 0.42, height * 0.34];
    context.fillStyle = this.colours.wave;
    for (let x = 0; x < width; x += 2) {
      const first = Math.floor(this.time(x) * this.peaks.rate);
      const last = Math.max(first + 1, Math.floor(this.time(x + 2) * this.peaks.rate));
      let loudest = 0;
      for (let step = first; step < last && step < this.peaks.steps.length; step += 1) {
        if (this.peaks.steps[step] > loudest) loudest = this.peaks.steps[step];
      }
      const tall = Math.max(1, (loudest / 255) * reach);
      context.fillRect(x, middle - tall, 1.5, tall * 2);
    }
  }

  paintCue(cue, height) {
    const { context } = this;
    const [left, right] = [this.x(cue.start_ms / 1000), this.x(cue.end_ms / 1000)];
    const isCurrent = cue.id === this.current;
    context.fillStyle = this.colours[isCurrent ? "cue-now" : cue.held ? "held" : "cue"];
    context.fillRect(left + 1, 2, Math.max(2, right - left - 2), height - 22);
    context.fillStyle = this.colours.edge;
    context.fillRect(left, 2, isCurrent ? 3 : 1, height - 22);
    context.fillRect(right - (isCurrent ? 3 : 1), 2, isCurrent ? 3 : 1, height - 22);
    context.save();
    context.beginPath();
    context.rect(left + 4, 0, Math.max(0, right - left - 8), height);
    context.clip();
    context.fillStyle = this.colours.ink;
    context.font = "13px sans-serif";
    context.fillText(cue.lines.join(" "), left + 6, height - 28);
    context.restore();
  }

  paintScale(width, height) {
    const { context } = this;
    const step = this.seconds > 20 ? 5 : this.seconds > 10 ? 2 : 1;
    context.fillStyle = this.colours.ink;
    context.font = "12px sans-serif";
    for (let second = Math.ceil(this.from / step) * step; second < this.from + this.seconds; second += step) {
      const x = this.x(second);
      context.fillRect(x, height - 18, 1, 4);
      context.fillText(clock(second * 1000).replace(/\.000$/, ""), x + 3, height - 5);
    }
  }

  // -- the pointer

  place(event) {
    return event.clientX - this.canvas.getBoundingClientRect().left;
  }

  edgeAt(x) {
    const near = (seconds) => Math.abs(this.x(seconds) - x) <= EDGE;
    const order = [...this.visible()].sort((one, other) => (other.id === this.current) - (one.id === this.current));
    for (const cue of order) {
      if (near(cue.start_ms / 1000)) return { id: cue.id, edge: "start" };
      if (near(cue.end_ms / 1000)) return { id: cue.id, edge: "end" };
    }
    return null;
  }

  onDown(event) {
    if (event.button) return;
    const x = this.place(event);
    const grip = this.mayDrag ? this.edgeAt(x) : null;
    if (grip) {
      this.drag = grip;
      this.canvas.setPointerCapture(event.pointerId);
      this.on.choose(grip.id);
      return;
    }
    const at = this.time(x);
    const cue = this.visible().find((each) => at * 1000 >= each.start_ms && at * 1000 < each.end_ms);
    if (cue) this.on.choose(cue.id);
    this.on.seek(at);
  }

  onMove(event) {
    const x = this.place(event);
    if (!this.drag) {
      this.canvas.style.cursor = this.mayDrag && this.edgeAt(x) ? "ew-resize" : "pointer";
      return;
    }
    const cue = this.cues.find((each) => each.id === this.drag.id);
    if (!cue) return;
    const at = Math.max(0, this.time(x) * 1000);
    if (this.drag.edge === "start") this.on.retime(cue.id, Math.min(at, cue.end_ms - FRAME_MS), cue.end_ms);
    else this.on.retime(cue.id, cue.start_ms, Math.max(at, cue.start_ms + FRAME_MS));
  }

  onUp() {
    if (!this.drag) return;
    this.drag = null;
    this.on.done();
  }

  onWheel(event) {
    event.preventDefault();
    if (event.ctrlKey) this.zoom(Math.sign(event.deltaY));
    else this.centre = Math.max(0, this.centre + ((event.deltaX || event.deltaY) / this.canvas.clientWidth) * this.seconds);
    this.draw();
  }
}
