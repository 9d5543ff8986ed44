// For how long the playhead has not moved.
const MOVED = 0.05; // seconds of media

export class Stillness {
  constructor() {
    this.reset(0, 0);
  }

  reset(position, now) {
    this.position = position;
    this.since = now;
  }

  // position in media seconds, now in ms; returns ms without movement.
  sample(position, now) {
    if (Math.abs(position - this.position) >= MOVED) this.reset(position, now);
    return now - this.since;
  }
}
