import assert from "node:assert/strict";
import { test } from "node:test";
import { Stillness } from "../../../../site/portal/static/player/stillness.js";

test("a playhead that moves is never still", () => {
  const stillness = new Stillness();
  stillness.reset(10, 0);
  assert.equal(stillness.sample(10.5, 500), 0);
  assert.equal(stillness.sample(11, 1000), 0);
});

test("standing still is counted from the last movement", () => {
  const stillness = new Stillness();
  stillness.reset(10, 0);
  stillness.sample(10.5, 500);
  assert.equal(stillness.sample(10.5, 2000), 1500);
  assert.equal(stillness.sample(10.51, 3000), 2500);
});

test("a seek backwards is a movement too", () => {
  const stillness = new Stillness();
  stillness.reset(10, 0);
  assert.equal(stillness.sample(2, 800), 0);
});
