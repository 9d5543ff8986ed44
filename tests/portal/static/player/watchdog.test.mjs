import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Watchdog } from "../../../../site/portal/static/player/watchdog.js";

// A video whose playhead is moved by hand, on a clock that is moved by hand.
const make = () => {
  let now = 0;
  mock.method(performance, "now", () => now);
  const said = [];
  const video = { currentTime: 0, addEventListener: () => undefined };
  const on = { tick: () => undefined };
  for (const word of ["moving", "stalled", "slow", "stuck"]) on[word] = () => said.push(word);
  let should = true;
  const dog = new Watchdog(video, () => should, on);
  const pass = (seconds, rate) => {
    for (let step = 0; step < seconds * 2; step += 1) {
      now += 500;
      video.currentTime += 0.5 * rate;
      dog.tick();
    }
  };
  const attachAnewAndLook = () => {
    dog.restart();
    now += 200;
    dog.tick();
  };
  return { said, pass, attachAnewAndLook, rest: () => (should = false) };
};

test("movement is said once, not at every look", () => {
  const { said, pass } = make();
  pass(5, 1);
  assert.deepEqual(said, ["moving"]);
});

test("a stop is first a stall, then slow, then stuck, and stuck again as long as it lasts", () => {
  const { said, pass } = make();
  pass(2, 1);
  pass(16, 0);
  assert.deepEqual(said, ["moving", "stalled", "slow", "stuck"]);
  pass(2, 1);
  assert.deepEqual(said.slice(-1), ["moving"]);
});

test("waiting for the first picture is no stall", () => {
  const { said, pass } = make();
  pass(5, 0);
  assert.deepEqual(said, []);
});

test("a look just after attaching anew is no movement", () => {
  const { said, pass, attachAnewAndLook } = make();
  pass(2, 1);
  attachAnewAndLook();
  assert.deepEqual(said, ["moving"]);
  pass(1, 1);
  assert.deepEqual(said, ["moving", "moving"]);
});

test("what is paused is not watched", () => {
  const { said, pass, rest } = make();
  pass(2, 1);
  rest();
  pass(60, 0);
  assert.deepEqual(said, ["moving"]);
});
