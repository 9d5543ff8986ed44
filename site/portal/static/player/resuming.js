// A replay goes on where it was left: the position is kept in this browser, and said when it is used.
import { Positions, browserStorage } from "./resume.js";
import { STRINGS as S } from "./strings.js";
import { clockTime } from "./time.js";

const SAVE_EVERY = 5000; // ms
const SHOWN = 12000; // ms

export class Resuming {
  // note: the element that says it.
  constructor(video, note) {
    this.video = video;
    this.note = note;
    this.positions = new Positions(browserStorage());
    this.savedAt = 0;
  }

  read(number) {
    return this.positions.read(number);
  }

  forget(number) {
    this.positions.forget(number);
  }

  save(number) {
    const { currentTime, duration } = this.video;
    const now = Date.now();
    if (!isFinite(duration) || now - this.savedAt < SAVE_EVERY) return;
    this.savedAt = now;
    this.positions.write(number, currentTime, duration, now);
  }

  show(at) {
    this.note.querySelector("span").textContent = S.resumedAt(clockTime(at));
    this.note.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), SHOWN);
  }

  hide() {
    this.note.hidden = true;
  }
}
