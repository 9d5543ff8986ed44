import assert from "node:assert/strict";
import { test } from "node:test";
import { Played } from "../../../../../site/portal/static/player/audience/played.js";

const watch = (played, from, seconds, now = 0, rate = 1) => {
  for (let step = 0; step <= seconds * 4; step += 1) played.look(from + (step / 4) * rate, now + step * 250, rate);
  return now + seconds * 1000;
};

test("what was played without a break is one span", () => {
  const played = new Played();
  watch(played, 100, 15);
  assert.deepEqual(played.take(), [[100, 115]]);
  assert.deepEqual(played.take(), []);
});

test("a jump is not played", () => {
  const played = new Played();
  const now = watch(played, 0, 5);
  played.leave();
  watch(played, 600, 5, now + 100);
  assert.deepEqual(played.take(), [[0, 5], [600, 605]]);
});

test("a jump that nobody told of is not played either", () => {
  const played = new Played();
  const now = watch(played, 0, 5);
  watch(played, 600, 5, now + 250);
  assert.deepEqual(played.take(), [[0, 5], [600, 605]]);
});

test("double speed plays twice the media", () => {
  const played = new Played();
  watch(played, 0, 15, 0, 2);
  assert.deepEqual(played.take(), [[0, 30]]);
});

test("a hidden tab that is looked at once a minute still played", () => {
  const played = new Played();
  for (let minute = 0; minute <= 3; minute += 1) played.look(minute * 60, minute * 60000, 1);
  assert.deepEqual(played.take(), [[0, 180]]);
});

test("standing still and going back play nothing", () => {
  const played = new Played();
  played.look(50, 0, 1);
  played.look(50, 1000, 1);
  played.look(20, 2000, 1);
  assert.deepEqual(played.take(), []);
});

test("the same passage twice is told of twice", () => {
  const played = new Played();
  const now = watch(played, 0, 5);
  played.leave();
  watch(played, 0, 5, now);
  assert.deepEqual(played.take(), [[0, 5], [0, 5]]);
});

test("what is taken in between goes on without a gap", () => {
  const played = new Played();
  const now = watch(played, 0, 5);
  assert.deepEqual(played.take(), [[0, 5]]);
  watch(played, 5.25, 5, now + 250);
  assert.deepEqual(played.take(), [[5, 10.25]]);
});
