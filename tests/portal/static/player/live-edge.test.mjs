import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveEdge } from "../../../../site/portal/static/player/live-edge.js";

const WIDE = { isNarrow: false, isInterrupted: false, isPaused: false, hasPicture: true };
const make = () => {
  const label = { textContent: "" };
  const button = { dataset: {}, querySelector: () => label };
  return { edge: new LiveEdge(button), button, label };
};

test("near the live position it is live", () => {
  const { edge, button, label } = make();
  edge.update(100, 98.5, WIDE);
  assert.equal(label.textContent, "直播中");
  assert.equal(button.dataset.edge, "true");
});

test("behind it there is a way back, with the distance where there is room", () => {
  const { edge, label } = make();
  edge.update(100, 68, WIDE);
  assert.equal(label.textContent, "回到直播 · 落后 00:32");
  edge.update(100, 68, { ...WIDE, isNarrow: true });
  assert.equal(label.textContent, "回到直播");
});

test("between the two bounds nothing changes, so that it does not flicker", () => {
  const { edge } = make();
  edge.update(100, 94, WIDE);
  assert.equal(edge.atEdge, true);
  edge.update(100, 90, WIDE);
  edge.update(100, 94.5, WIDE);
  assert.equal(edge.atEdge, false);
});

test("while the signal is away it does not claim to be live", () => {
  const { edge, button, label } = make();
  edge.update(100, 99, { ...WIDE, isInterrupted: true });
  assert.equal(label.textContent, "信号中断");
  assert.equal(button.dataset.edge, "false");
});

test("an unknown live position counts as live", () => {
  const { edge } = make();
  edge.update(null, 500, WIDE);
  assert.equal(edge.behind, 0);
});

test("who stands still for want of data still follows the live, who goes on far behind does not", () => {
  const { edge } = make();
  edge.update(100, 99, WIDE);
  edge.update(115, 99, WIDE);
  assert.deepEqual([edge.atEdge, edge.follows], [false, true]);
  edge.update(116, 100, WIDE);
  assert.equal(edge.follows, false);
});

test("who has paused stays there", () => {
  const { edge } = make();
  edge.update(100, 99, WIDE);
  edge.update(400, 99, { ...WIDE, isPaused: true });
  assert.equal(edge.follows, false);
});

test("without a picture the playhead says nothing about who follows", () => {
  const { edge } = make();
  edge.update(100, 99, WIDE);
  edge.update(100, 0, { ...WIDE, hasPicture: false });
  assert.equal(edge.follows, true);
});
