import assert from "node:assert/strict";
import { test } from "node:test";
import { correctionBetween } from "../../../../../site/portal/static/js/subtitles/wording.js";

const CASES = [
  ["今天讲行政负义法", "今天讲行政复议法", { wrong: "负义", right: "复议" }],
  ["向哪个机官申请", "向哪个机关申请", { wrong: "机官申", right: "机关申" }], // one letter: with its neighbours
  ["今天讲法", "今天讲法律", null], // nothing was wrong
  ["今天讲法律", "今天讲法", null],
  ["一样", "一样", null],
  ["一 样", "一\n样", null],
  ["完全不同的一句话说了很多很多很多很多很多", "别的", null],
  ["", "新", null],
];

test("the wording that was put right is found, and nothing else is", () => {
  for (const [before, after, expected] of CASES) assert.deepEqual(correctionBetween(before, after), expected, before);
});
