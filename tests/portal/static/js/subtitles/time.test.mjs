import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, readClock } from "../../../../../site/portal/static/js/subtitles/time.js";

test("what is written is read back", () => {
  for (const ms of [0, 5, 59999, 60000, 3599999, 3600000, 86399999]) assert.equal(readClock(clock(ms)), ms);
});

test("people write times in many ways", () => {
  const cases = { "3.25": 3250, "02:03": 123000, "1:02:03.4": 3723400, "１": null, "1：02": 62000, "0:05。5": 5500, " 7 ": 7000 };
  for (const [text, ms] of Object.entries(cases)) assert.equal(readClock(text), ms, text);
  for (const text of ["", "abc", "1:60", "1:70:00", "1:2:3:4", "-1", "1.2345"]) assert.equal(readClock(text), null, text);
});
