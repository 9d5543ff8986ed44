import assert from "node:assert/strict";
import { test } from "node:test";
import * as list from "../../../../../site/portal/static/js/subtitles/cue-list.js";

const cue = (id, start, end, text, more = {}) => ({
  id,
  start_ms: start,
  end_ms: end,
  lines: text.split("/"),
  prob: 0.9,
  held: "",
  doubtful: false,
  ...more,
});
const CUES = [cue("a", 0, 2000, "各位听众大家好"), cue("b", 2000, 4000, "今天讲行政复议法"), cue("c", 5000, 7000, "谢谢")];
const texts = (cues) => cues.map((each) => each.lines.join("/"));

test("a cue is cut at the caret, its time in proportion to the letters, and both halves know where they are from", () => {
  const made = list.split(CUES, "b", 3);
  assert.deepEqual(texts(made.cues), ["各位听众大家好", "今天讲", "行政复议法", "谢谢"]);
  const [first, second] = made.cues.slice(1, 3);
  assert.deepEqual([first.id, second.id], ["b", made.id]);
  assert.deepEqual([first.end_ms, second.start_ms, second.end_ms], [2750, 2750, 4000]);
  assert.deepEqual([first.sources, second.sources], [["b"], ["b"]]);
});

test("nothing is cut where one half would be empty, and a very short cue is cut in the middle", () => {
  assert.equal(list.split(CUES, "b", 0), null);
  assert.equal(list.split(CUES, "b", 8), null);
  const made = list.split([cue("a", 0, 150, "一二")], "a", 1, 140);
  assert.deepEqual(made.cues.map((each) => [each.start_ms, each.end_ms]), [[0, 75], [75, 150]]);
});

test("two cues are joined on one line where there is room, on two where there is none, and the less sure one counts", () => {
  const [first] = list.join([cue("a", 0, 1, "你好"), cue("b", 1, 2, "大家", { prob: 0.3, doubtful: true })], "a");
  assert.deepEqual([first.lines, first.end_ms, first.prob, first.doubtful], [["你好大家"], 2, 0.3, true]);
  const long = list.join([cue("a", 0, 1, "一".repeat(10)), cue("b", 1, 2, "二".repeat(10))], "a");
  assert.equal(long[0].lines.length, 2);
  const latin = list.join([cue("a", 0, 1, "open"), cue("b", 1, 2, "data")], "a");
  assert.deepEqual(latin[0].lines, ["open data"]);
  assert.equal(list.join(CUES, "c"), null);
});

test("what is cut and joined again is as it was, and is from one cue", () => {
  const made = list.split(CUES, "b", 3);
  const joined = list.join(made.cues, "b");
  assert.deepEqual(texts(joined), texts(CUES));
  assert.deepEqual([joined[1].start_ms, joined[1].end_ms], [2000, 4000]);
});

test("shifting keeps distances and goes not before the beginning", () => {
  const moved = list.shift(CUES, -3000, new Set(["b", "c"]));
  assert.deepEqual(moved.map((each) => [each.id, each.start_ms]), [["a", 0], ["b", 0], ["c", 3000]]);
  assert.equal(list.shift(CUES, 100, new Set()), CUES);
});

test("times never run backwards", () => {
  const [first] = list.retime(CUES, "a", -5, -9);
  assert.deepEqual([first.start_ms, first.end_ms], [0, 0]);
});

test("a new cue fills the room behind the current one", () => {
  const made = list.insertAfter(CUES, "b");
  const fresh = made.cues.find((each) => each.id === made.id);
  assert.deepEqual([fresh.start_ms, fresh.end_ms], [4000, 5000]);
  assert.equal(list.insertAfter([], null).cues.length, 1);
});

test("everywhere is replaced, and counted", () => {
  const { cues, count } = list.replaceAll(CUES, "讲", "讲讲");
  assert.equal(count, 1);
  assert.deepEqual(texts(cues)[1], "今天讲讲行政复议法");
  assert.equal(list.replaceAll(CUES, "", "x").count, 0);
  assert.equal(list.replaceAll([cue("a", 0, 1, "a.b.c")], ".", "$&").cues[0].lines[0], "a$&b$&c");
});

test("the next to look at goes round, and is none when all are looked at", () => {
  const cues = [cue("a", 0, 1, "一", { held: "静音" }), CUES[1], cue("c", 5, 6, "三", { doubtful: true })];
  assert.equal(list.nextToLookAt(cues, "a"), "c");
  assert.equal(list.nextToLookAt(cues, "c"), "a");
  assert.equal(list.nextToLookAt(CUES, "a"), null);
  assert.equal(list.nextToLookAt(list.look(list.look(cues, "a"), "c"), "a"), null);
});

test("invisible marks go, half-width letters count a half", () => {
  assert.deepEqual(list.linesOf("a\u200bb\u202e\r\n 二　三 "), ["ab", " 二 三 "]);
  assert.equal(list.widthOf("第11条"), 3);
});
