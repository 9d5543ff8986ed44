import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../../site/portal/static/js/subtitles/history.js";

test("typing without a pause is one step, another thing is a step of its own", () => {
  const history = new History("0");
  history.put("1", "type:a", "a", 0);
  history.put("2", "type:a", "a", 1000);
  history.put("3", "type:b", "b", 1200);
  history.put("4", "type:b", "b", 9000);
  assert.equal(history.undo("b"), "b");
  assert.equal(history.cues, "3");
  history.undo("b");
  assert.equal(history.cues, "2");
  assert.equal(history.undo("a"), "a");
  assert.equal(history.cues, "0");
  assert.equal(history.undo("a"), null);
});

test("redo goes forward until something else is changed", () => {
  const history = new History("0");
  history.put("1", "", "a");
  history.undo("a");
  history.redo("a");
  assert.equal(history.cues, "1");
  history.undo("a");
  history.put("2", "", "a");
  assert.equal(history.redo("a"), null);
});

test("what the server says of the list is no step", () => {
  const history = new History("0");
  history.put("1", "", "a");
  history.refresh("1 saved");
  history.undo("a");
  assert.equal(history.cues, "0");
  history.redo("a");
  assert.equal(history.cues, "1 saved");
});
