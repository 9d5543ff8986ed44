// Tells the server what was really played (DESIGN §7): every quarter of a minute, and when the page is left.
import { browserStorage } from "../resume.js";
import { Outbox } from "./outbox.js";
import { Played } from "./played.js";
import { chosenUnit, linkedUnit, terminalKind, usesCaptions } from "./viewer.js";

const EVERY = 15000; // ms
const LOOK = 1000; // ms, where a browser tells of the playhead less often
const AT_ONCE = 100; // reports in one request
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

export class Reporter {
  // video: the element that plays. url: where to. number: of the lecture. mode(): "live", "replay" or null.
  // latency(): seconds behind the live, null where nobody knows.
  constructor({ video, url, number, mode, latency }) {
    this.video = video;
    this.url = url;
    this.number = number;
    this.mode = mode;
    this.latency = latency;
    this.stalls = 0;
    this.visit = randomId();
    this.seq = 0;
    this.played = new Played();
    this.reportedMode = null;
    this.storage = browserStorage();
    this.outbox = new Outbox(this.visit, this.storage, Date.now());
    this.listen();
  }

  listen() {
    const { video } = this;
    const look = () => this.look();
    const leave = () => this.played.leave();
    this.heard = [
      [video, "timeupdate", look],
      [video, "playing", look],
      [video, "pause", () => { look(); leave(); }],
      [video, "waiting", () => this.onWaiting()],
      [video, "seeking", leave],
      [video, "emptied", leave],
      [video, "ended", () => { look(); leave(); this.report(); }],
      [document, "visibilitychange", () => this.report(document.visibilityState === "hidden")],
      [document, "freeze", () => this.report(true)],
      [window, "pagehide", () => this.report(true)],
      [window, "pageshow", () => this.send()],
      [window, "online", () => this.send()],
    ];
    for (const [target, name, handler] of this.heard) target.addEventListener(name, handler);
    this.timers = [setInterval(look, LOOK), setInterval(() => this.report(), EVERY)];
    this.send();
  }

  stop() {
    this.report(true);
    for (const [target, name, handler] of this.heard) target.removeEventListener(name, handler);
    this.timers.forEach(clearInterval);
  }

  look() {
    const { video } = this;
    if (video.paused || video.seeking || video.readyState < 2) return;
    const mode = this.mode();
    if (mode !== this.reportedMode) {
      // Everything until now belongs to the mode it was played in.
      this.report();
      this.played.leave();
      this.reportedMode = mode;
    }
    this.played.look(video.currentTime, performance.now(), video.playbackRate);
  }

  // A picture that stands still for want of data; what follows a leap or a beginning is none.
  onWaiting() {
    if (this.played.last && !this.video.seeking && !this.video.paused) this.stalls++;
    this.look();
  }

  // leaving: the page may be gone in a moment.
  report(leaving = false) {
    const ranges = this.played.take();
    if (ranges.length > 0 && this.reportedMode) this.outbox.add(this.beacon(ranges), Date.now());
    this.send(leaving);
  }

  beacon(ranges) {
    const chosen = chosenUnit(this.storage);
    return {
      visit: this.visit,
      seq: this.seq++,
      broadcast: this.number,
      mode: this.reportedMode,
      unit: chosen === null ? linkedUnit(location.search) : chosen || null,
      chosen: chosen !== null,
      ranges,
      visible: document.visibilityState === "visible",
      muted: this.video.muted,
      speed: this.video.playbackRate,
      terminal: terminalKind(navigator),
      stalls: this.takeStalls(),
      latency: this.reportedMode === "live" ? this.latency() : null,
      captions: usesCaptions(this.video),
      sent_at: new Date().toISOString(),
    };
  }

  takeStalls() {
    const { stalls } = this;
    this.stalls = 0;
    return stalls;
  }

  async send(leaving = false) {
    const reports = this.outbox.next(AT_ONCE);
    if (reports.length === 0) return;
    const body = JSON.stringify(reports);
    if (leaving) {
      // Nobody hears the answer: they stay in the outbox, and if they come again they count once.
      if (navigator.sendBeacon) navigator.sendBeacon(this.url, new Blob([body], { type: "application/json" }));
      return;
    }
    if (this.sending) return;
    this.sending = true;
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        credentials: "same-origin",
      });
      if (!LATER.has(answer.status)) this.outbox.settle(reports, Date.now());
    } catch {
      // no connection: with the next report
    } finally {
      this.sending = false;
    }
  }
}

// A random UUID (RFC 9562 §5.4). crypto.randomUUID is there on secure pages only.
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
