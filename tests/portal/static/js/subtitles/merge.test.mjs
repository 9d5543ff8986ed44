import assert from "node:assert/strict";
import { test } from "node:test";
import * as merging from "../../../../../site/portal/static/js/subtitles/merge.js";

const cue = (id, text, more = {}) => ({ id, start_ms: 0, end_ms: 1000, lines: text.split("/"), held: "", doubtful: false, ...more });
const maps = (...lists) => lists.map((each) => merging.byId(each));
const texts = ({ cues }) => cues.map((each) => `${each.id}:${each.lines.join("/")}`);

test("only what is different is sent", () => {
  const saved = merging.byId([cue("a", "一"), cue("b", "二", { doubtful: true }), cue("c", "三")]);
  const now = [cue("a", "一/"), { ...cue("b", "二"), looked: true }, cue("d", "四", { sources: ["c", "x"] })];
  const changes = merging.changesOf(saved, now);
  assert.deepEqual(changes.cues.map(({ id, sources }) => [id, sources]), [["d", ["c"]]]);
  assert.deepEqual([changes.removed, changes.looked], [["c"], ["b"]]);
  assert.equal(merging.isNothing(merging.changesOf(saved, [...saved.values()])), true);
});

test("what was looked at and undone waits for a person again; what was typed is sent as typed", () => {
  const saved = merging.byId([cue("a", "一"), cue("b", "二"), cue("c", "三", { held: "静音" })]);
  const now = [cue("a", "一", { held: "静音" }), cue("b", "乙", { doubtful: true }), cue("c", "三", { held: "静音" })];
  const changes = merging.changesOf(saved, now);
  assert.deepEqual([changes.unlooked, changes.cues.map(({ id }) => id)], [["a"], ["b"]]);
  assert.equal(merging.isNothing({ ...changes, cues: [] }), false);
  const half = [cue("a", "一", { held: "静音", sources: ["a"] })];
  assert.deepEqual(merging.changesOf(merging.byId([cue("a", "一")]), half).unlooked, []);
});

test("what only one of both changed is taken over", () => {
  const [base, mine, theirs] = maps([cue("a", "一"), cue("b", "二")], [cue("a", "甲"), cue("b", "二")], [cue("a", "一"), cue("b", "乙"), cue("c", "新")]);
  const merged = merging.merge(base, mine, theirs);
  assert.deepEqual(texts(merged), ["a:甲", "b:乙", "c:新"]);
  assert.deepEqual(merged.conflicts, []);
});

test("what both changed is asked about, and stands as it is mine meanwhile", () => {
  const [base, mine, theirs] = maps([cue("a", "一")], [cue("a", "甲")], [cue("a", "乙")]);
  const merged = merging.merge(base, mine, theirs);
  assert.deepEqual(texts(merged), ["a:甲"]);
  assert.deepEqual(merged.conflicts.map((each) => each.id), ["a"]);
});

test("deleting against changing is asked about, both ways; the same change on both sides is none", () => {
  const base = [cue("a", "一")];
  let [old, mine, theirs] = maps(base, [], [cue("a", "乙")]);
  assert.deepEqual(merging.merge(old, mine, theirs).conflicts.map(({ mine: my }) => my), [null]);
  [old, mine, theirs] = maps(base, [cue("a", "甲")], []);
  const merged = merging.merge(old, mine, theirs);
  assert.deepEqual([texts(merged), merged.conflicts.length], [["a:甲"], 1]);
  [old, mine, theirs] = maps(base, [cue("a", "同")], [cue("a", "同")]);
  assert.deepEqual(merging.merge(old, mine, theirs).conflicts, []);
});

test("what could not be sent comes back onto what the server has by now", () => {
  const saved = merging.byId([cue("a", "一"), cue("b", "二"), cue("c", "三")]);
  const now = [cue("a", "甲"), cue("b", "二")];
  const pending = JSON.parse(JSON.stringify(merging.pendingOf(saved, now, merging.changesOf(saved, now))));
  const restored = merging.restorePending(pending, merging.byId([cue("a", "一"), cue("b", "别人改的"), cue("c", "三")]));
  assert.deepEqual(texts(restored), ["a:甲", "b:别人改的"]);
  assert.deepEqual(restored.conflicts, []);
});
