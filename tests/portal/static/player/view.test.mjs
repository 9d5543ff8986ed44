import assert from "node:assert/strict";
import { test } from "node:test";
import { pollDelay, viewOf } from "../../../../site/portal/static/player/view.js";

const NOW = Date.parse("2026-11-24T07:00:00Z");
const status = (state, more = {}) => ({ state, starts_at: null, has_media: false, ...more });
const seen = (...given) => viewOf(status(...given), NOW);

test("before its start a lecture counts down, then it is about to begin", () => {
  assert.equal(seen("scheduled", { starts_at: "2026-11-24T07:00:01Z" }).view, "waiting");
  assert.equal(seen("scheduled", { starts_at: "2026-11-24T07:00:00Z" }).view, "soon");
  assert.equal(seen("scheduled").view, "soon");
});

test("a live without media yet says that the picture is coming", () => {
  assert.equal(seen("live").view, "opening");
  assert.equal(seen("interrupted").view, "opening");
});

test("live and interrupted play the same live", () => {
  assert.deepEqual(seen("live", { has_media: true }), { view: "player", mode: "live", interrupted: false });
  assert.deepEqual(seen("interrupted", { has_media: true }), { view: "player", mode: "live", interrupted: true });
});

test("closed and ended are a replay, or nothing", () => {
  for (const state of ["closed", "ended"]) {
    assert.equal(seen(state, { has_media: true }).mode, "replay");
    assert.equal(seen(state).view, "empty");
  }
});

test("the status is asked for every three seconds, every second while it may change at once", () => {
  const delay = (...given) => pollDelay(status(...given), NOW);
  assert.equal(delay("live", { has_media: true }), 3000);
  assert.equal(delay("closed", { has_media: true }), 3000);
  assert.equal(delay("interrupted", { has_media: true }), 1000);
  assert.equal(delay("live"), 1000);
  assert.equal(delay("scheduled"), 3000);
  assert.equal(delay("scheduled", { starts_at: "2026-11-24T07:20:00Z" }), 3000);
  assert.equal(delay("scheduled", { starts_at: "2026-11-25T07:00:00Z" }), 15000);
  assert.equal(delay("ended", { has_media: true }), null);
  assert.equal(pollDelay(null, NOW), 3000);
});
