// Watches the playhead: tells when it stops though it should move, and when it moves again.
import { Stillness } from "./stillness.js";

const EVERY = 500; // ms
const STALLED = 1200;
const SLOW = 6000;
const STUCK = 15000;

export class Watchdog {
  // on: {tick(stillFor), moving(), stalled(), slow(), stuck()}; shouldMove(): whether it ought to.
  constructor(video, shouldMove, on) {
    this.video = video;
    this.shouldMove = shouldMove;
    this.on = on;
    this.stillness = new Stillness();
    this.restart();
    video.addEventListener("seeking", () => this.restart());
  }

  start() {
    this.timer = setInterval(() => this.tick(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  restart() {
    this.stillness.reset(this.video.currentTime, performance.now());
    this.hasMoved = false;
    this.said = null;
  }

  say(what) {
    if (this.said === what) return;
    this.said = what;
    this.on[what]();
  }

  tick() {
    if (!this.shouldMove()) {
      this.restart();
      this.on.tick(0);
      return;
    }
    const still = this.stillness.sample(this.video.currentTime, performance.now());
    this.on.tick(still);
    if (still === 0) {
      this.hasMoved = true;
      this.say("moving");
    } else if (still >= STUCK) {
      this.say("stuck");
      this.stillness.reset(this.video.currentTime, performance.now());
    } else if (still >= SLOW) this.say("slow");
    else if (still >= STALLED && this.hasMoved) this.say("stalled");
  }
}
