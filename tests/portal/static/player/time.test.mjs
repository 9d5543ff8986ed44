import assert from "node:assert/strict";
import { test } from "node:test";
import { clockTime, remaining } from "../../../../site/portal/static/player/time.js";

test("times are written as players write them", () => {
  assert.deepEqual([0, 59.9, 898, 3723, -2].map(clockTime), ["00:00", "00:59", "14:58", "1:02:03", "00:00"]);
});

test("what remains is counted down to the second and not below", () => {
  assert.deepEqual(remaining(90061001), { days: 1, hours: 1, minutes: 1, seconds: 2 });
  assert.deepEqual(remaining(400), { days: 0, hours: 0, minutes: 0, seconds: 1 });
  assert.equal(remaining(0), null);
  assert.equal(remaining(-5), null);
});
