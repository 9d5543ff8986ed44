import assert from "node:assert/strict";
import test from "node:test";

const sent = [];
const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
define("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
define("window", new EventTarget());
define("location", { search: "?u=520028" });
define("navigator", { userAgent: "Mozilla/5.0 (iPhone) MicroMessenger" });
define("fetch", async (_url, { body }) => {
  sent.push(...JSON.parse(body));
  return { status: 204 };
});

const { Reporter } = await import("../../../../../site/portal/static/player/audience/reporter.js");

class Video extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { paused: false, seeking: false, readyState: 4, currentTime: 0, playbackRate: 1, muted: false });
    this.textTracks = [{ kind: "subtitles", mode: "disabled" }];
  }

  tell(name, changes = {}) {
    Object.assign(this, changes);
    this.dispatchEvent(new Event(name));
  }
}

function watching({ mode = "live", latency = 2.5 } = {}) {
  const video = new Video();
  const reporter = new Reporter({ video, url: "/", number: "2026-11-2", mode: () => mode, latency: () => latency });
  sent.length = 0;
  video.tell("playing");
  video.tell("timeupdate", { currentTime: 1 });
  return { video, reporter };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function last(reporter) {
  reporter.report();
  await settled();
  reporter.stop();
  return sent.at(-1);
}

test("a picture that waits for data is told once", async () => {
  const { video, reporter } = watching();
  video.tell("waiting");
  video.tell("playing");
  video.tell("timeupdate", { currentTime: 1.5 });
  const report = await last(reporter);
  assert.equal(report.stalls, 1);
  assert.equal(report.latency, 2.5);
  assert.equal(report.captions, false);
  assert.deepEqual(report.ranges, [[0, 1.5]]);
});

test("waiting after a leap or before the beginning is no stall", async () => {
  const { video, reporter } = watching();
  video.tell("seeking", { seeking: true, currentTime: 60 });
  video.tell("waiting");
  video.tell("seeked", { seeking: false });
  video.tell("waiting");
  assert.equal((await last(reporter)).stalls, 0);
});

test("what was told is not told again", async () => {
  const { video, reporter } = watching();
  video.tell("waiting");
  reporter.report();
  await settled();
  video.tell("timeupdate", { currentTime: 1.2 });
  assert.equal((await last(reporter)).stalls, 0);
});

test("captions that the player draws itself are captions; a replay has no latency", async () => {
  const { video, reporter } = watching({ mode: "replay" });
  video.textTracks = [{ kind: "metadata", mode: "hidden" }, { kind: "captions", mode: "hidden" }];
  const report = await last(reporter);
  assert.equal(report.captions, true);
  assert.equal(report.latency, null);
});
