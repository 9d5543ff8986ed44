// The countdown before a lecture: days, hours, minutes and seconds in their boxes.
import { remaining } from "./time.js";

export class Countdown {
  // box holds elements with data-unit="days|hours|minutes|seconds"; onDone when the moment has come.
  constructor(box, onDone) {
    this.box = box;
    this.onDone = onDone;
    this.timer = null;
  }

  // startsAt and offset (server's clock minus ours) in ms.
  run(startsAt, offset) {
    this.startsAt = startsAt;
    this.offset = offset;
    if (this.timer === null) this.timer = setInterval(() => this.draw(), 250);
    this.draw();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  draw() {
    const left = remaining(this.startsAt - (Date.now() + this.offset));
    if (left === null) {
      this.stop();
      this.onDone();
      return;
    }
    for (const number of this.box.querySelectorAll("[data-unit]")) {
      const amount = left[number.dataset.unit];
      const text = number.dataset.unit === "days" ? String(amount) : String(amount).padStart(2, "0");
      if (number.textContent !== text) number.textContent = text;
      if (number.dataset.unit === "days") number.parentElement.hidden = amount === 0;
    }
  }
}
