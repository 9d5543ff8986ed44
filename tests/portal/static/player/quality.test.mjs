import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTO, levelName, qualityChoices } from "../../../../site/portal/static/player/quality.js";

const LEVELS = [
  { url: ["http://h/live/2026-11-2/480p.m3u8?_HLS_msn=3"], height: 480, bitrate: 300000 },
  { url: ["http://h/live/2026-11-2/source.m3u8"], height: 720, bitrate: 2000000 },
];

test("a level is named after its playlist", () => {
  assert.deepEqual(LEVELS.map(levelName), ["480p", "原画"]);
  assert.equal(levelName({ url: "http://h/x/odd.m3u8", height: 360 }), "360p");
  assert.equal(levelName({ url: [], height: 0 }), "原画");
});

test("the menu begins with 自动 and goes from best to least", () => {
  const choices = qualityChoices(LEVELS, 0);
  assert.deepEqual(choices.map((each) => each.label), ["自动", "原画", "480p"]);
  assert.deepEqual(choices.map((each) => each.value), [AUTO, 1, 0]);
  assert.equal(choices[0].note, "当前 480p");
});

test("without levels there is nothing to choose", () => {
  assert.deepEqual(qualityChoices([], -1), [{ value: AUTO, label: "自动", note: "" }]);
});
