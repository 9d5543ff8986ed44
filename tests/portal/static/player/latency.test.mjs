import assert from "node:assert/strict";
import { test } from "node:test";
import { StallRecord, firstEstimate, startsWithLowLatency } from "../../../../site/portal/static/player/latency.js";

test("a network nothing is known of starts with low latency", () => {
  assert.equal(startsWithLowLatency(undefined), true);
  assert.equal(startsWithLowLatency({ effectiveType: "4g", rtt: 50 }), true);
});

test("slow networks, long round trips and saved data start with plain HLS", () => {
  for (const connection of [{ effectiveType: "3g" }, { effectiveType: "4g", rtt: 800 }, { saveData: true }]) {
    assert.equal(startsWithLowLatency(connection), false);
  }
});

test("the first estimate follows what the browser tells, within bounds", () => {
  assert.equal(firstEstimate(undefined), 2e6);
  assert.equal(firstEstimate({ downlink: 0.1 }), 3e5);
  assert.equal(firstEstimate({ downlink: 2 }), 1.4e6);
  assert.equal(firstEstimate({ downlink: 100 }), 5e6);
});

test("three stalls within a minute are too many", () => {
  const stalls = new StallRecord();
  assert.equal(stalls.add(0), false);
  assert.equal(stalls.add(20000), false);
  assert.equal(stalls.add(40000), true);
});

test("stalls long ago do not count", () => {
  const stalls = new StallRecord();
  stalls.add(0);
  stalls.add(1000);
  assert.equal(stalls.add(70000), false);
  stalls.add(71000);
  stalls.clear();
  assert.equal(stalls.add(72000), false);
});
