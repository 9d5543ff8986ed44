import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveEdge } from "../../../../site/portal/static/player/live-edge.js";

const WIDE = { isNarrow: false, isInterrupted: false };
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
