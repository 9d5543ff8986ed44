// Asks for the status of a lecture again and again, and says what it got.
import { pollDelay } from "./view.js";

const PATIENCE = 8000; // ms for one answer
const LOST_AFTER = 2; // failures in a row before the connection counts as lost

export class StatusPoller {
  // onStatus(status, clockOffset): clockOffset is the server's clock minus this machine's, in ms.
  constructor(url, onStatus, onLost) {
    this.url = url;
    this.onStatus = onStatus;
    this.onLost = onLost;
    this.failures = 0;
    this.status = null;
    this.offset = 0;
    this.timer = null;
    this.wake = () => {
      if (document.visibilityState === "visible") this.ask();
    };
  }

  start() {
    document.addEventListener("visibilitychange", this.wake);
    window.addEventListener("online", this.wake);
    this.ask();
  }

  stop() {
    document.removeEventListener("visibilitychange", this.wake);
    window.removeEventListener("online", this.wake);
    clearTimeout(this.timer);
    this.stopped = true;
  }

  async ask() {
    if (this.asking || this.stopped) return;
    clearTimeout(this.timer);
    this.asking = true;
    const abort = typeof AbortController === "function" ? new AbortController() : null;
    const patience = setTimeout(() => abort && abort.abort(), PATIENCE);
    const sent = Date.now();
    try {
      const answer = await fetch(this.url, { cache: "no-store", signal: abort ? abort.signal : undefined });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.take(await answer.json(), sent);
    } catch {
      this.failures += 1;
      if (this.failures === LOST_AFTER) this.onLost(true);
    } finally {
      clearTimeout(patience);
      this.asking = false;
      this.plan();
    }
  }

  take(status, sent) {
    if (this.failures >= LOST_AFTER) this.onLost(false);
    this.failures = 0;
    this.status = status;
    this.offset = Date.parse(status.server_time) - (sent + Date.now()) / 2;
    if (!this.stopped) this.onStatus(status, this.offset);
  }

  plan() {
    const delay = pollDelay(this.status, Date.now() + this.offset);
    if (delay === null || this.stopped) return;
    // a little spread, so that hundreds of pages do not ask in the same instant
    this.timer = setTimeout(() => this.ask(), delay * (0.9 + Math.random() * 0.2));
  }
}
