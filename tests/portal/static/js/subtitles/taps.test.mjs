import assert from "node:assert/strict";
import { test } from "node:test";
import { Taps } from "../../../../../site/portal/static/js/subtitles/taps.js";

const taps = () => new Taps([["一"], ["二"], ["三"]]);

test("each tap begins a line and ends the one before", () => {
  const made = taps();
  for (const at of [1000, 3000, 5000]) assert.equal(made.next(at), null);
  assert.deepEqual(made.finished(6500), [
    { start_ms: 1000, end_ms: 3000, lines: ["一"] },
    { start_ms: 3000, end_ms: 5000, lines: ["二"] },
    { start_ms: 5000, end_ms: 6500, lines: ["三"] },
  ]);
  assert.match(made.next(9000), /已经打完/);
});

test("a line stands seven seconds at most, and ends where it was told to", () => {
  const made = taps();
  made.next(0);
  made.end(1500);
  made.next(4000);
  made.next(20000);
  assert.deepEqual(made.finished(20100).map((each) => each.end_ms), [1500, 11000, 21000]);
});

test("a tap too early is refused in words", () => {
  const made = taps();
  made.next(1000);
  assert.match(made.next(1100), /还早/);
  assert.match(made.end(1100), /刚刚开始/);
  assert.match(taps().end(5), /还没有/);
});

test("a tap is taken back", () => {
  const made = taps();
  made.next(1000);
  made.next(3000);
  assert.equal(made.back(), 3000);
  assert.deepEqual(made.finished(2500).map((each) => each.end_ms), [2500]);
  made.back();
  assert.equal(made.back(), null);
});
