import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../../../../site/portal/static/player/audience/outbox.js";

class Storage {
  getItem(key) {
    return key in this ? this[key] : null;
  }
  setItem(key, value) {
    this[key] = value;
  }
  removeItem(key) {
    delete this[key];
  }
}

test("a report waits until it is settled", () => {
  const outbox = new Outbox("a", new Storage(), 0);
  const report = { seq: 0 };
  outbox.add(report, 1);
  outbox.add({ seq: 1 }, 2);
  assert.deepEqual(outbox.next(1), [report]);
  outbox.settle([report], 3);
  assert.deepEqual(outbox.next(5), [{ seq: 1 }]);
});

test("what a closed page left behind is taken over once", () => {
  const storage = new Storage();
  new Outbox("a", storage, 0).add({ visit: "a", seq: 0 }, 0);
  const next = new Outbox("b", storage, 120000);
  assert.deepEqual(next.next(5), [{ visit: "a", seq: 0 }]);
  assert.deepEqual(new Outbox("c", storage, 240000).next(5), []);
});

test("a page beside this one keeps what is its own", () => {
  const storage = new Storage();
  new Outbox("a", storage, 0).add({ visit: "a", seq: 0 }, 1000);
  assert.deepEqual(new Outbox("b", storage, 2000).next(5), []);
});

test("without a storage it is kept in the page", () => {
  const outbox = new Outbox("a", null, 0);
  outbox.add({ seq: 0 }, 1);
  assert.deepEqual(outbox.next(5), [{ seq: 0 }]);
});

test("a storage that refuses or holds rubbish stops nothing", () => {
  const storage = new Storage();
  storage.setItem("wkt.beacons.x", "{");
  storage.setItem = () => {
    throw new Error("full");
  };
  const outbox = new Outbox("a", storage, 1);
  outbox.add({ seq: 0 }, 1);
  assert.deepEqual(outbox.next(5), [{ seq: 0 }]);
});

test("it holds a bounded number, the newest", () => {
  const outbox = new Outbox("a", null, 0);
  for (let seq = 0; seq < 500; seq += 1) outbox.add({ seq }, seq);
  assert.equal(outbox.next(1000).length, 400);
  assert.equal(outbox.next(1)[0].seq, 100);
});
