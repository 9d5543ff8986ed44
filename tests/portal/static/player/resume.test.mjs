import assert from "node:assert/strict";
import { test } from "node:test";
import { Positions } from "../../../../site/portal/static/player/resume.js";

const storage = () => {
  const kept = new Map();
  return { getItem: (key) => (kept.has(key) ? kept.get(key) : null), setItem: (key, value) => kept.set(key, value) };
};

test("a position is found again", () => {
  const positions = new Positions(storage());
  positions.write("2026-11-2", 192.7, 900, 1);
  assert.equal(positions.read("2026-11-2"), 192);
  assert.equal(positions.read("2026-11-1"), 0);
});

test("the first seconds and the last are not worth resuming", () => {
  const positions = new Positions(storage());
  positions.write("a", 9, 900, 1);
  positions.write("b", 890, 900, 1);
  assert.equal(positions.read("a"), 0);
  assert.equal(positions.read("b"), 0);
});

test("what was seen to its end is forgotten", () => {
  const positions = new Positions(storage());
  positions.write("a", 100, 900, 1);
  positions.forget("a");
  assert.equal(positions.read("a"), 0);
});

test("only the latest fifty are kept", () => {
  const positions = new Positions(storage());
  for (let order = 0; order < 60; order += 1) positions.write(`n${order}`, 100, 900, order);
  assert.equal(positions.read("n9"), 0);
  assert.equal(positions.read("n10"), 100);
});

test("a browser that refuses to remember breaks nothing", () => {
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  for (const kept of [refusing, null, { getItem: () => "not json", setItem: () => undefined }]) {
    const positions = new Positions(kept);
    positions.write("a", 100, 900, 1);
    assert.equal(positions.read("a"), 0);
  }
});
