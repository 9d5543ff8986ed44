import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { addEventListener: () => undefined, removeEventListener: () => undefined };
globalThis.window = globalThis.document;
const { StatusPoller } = await import("../../../../site/portal/static/player/poller.js");

const ENDED = { state: "ended", starts_at: null, has_media: true, server_time: "2026-11-24T07:00:00Z" };
const answer = (status) => () => Promise.resolve({ ok: true, json: () => Promise.resolve(status) });
const failure = () => Promise.reject(new Error("no network"));

const make = () => {
  const got = { statuses: [], lost: [] };
  const poller = new StatusPoller(
    "/status",
    (status, offset) => got.statuses.push([status, offset]),
    (isLost) => got.lost.push(isLost),
  );
  return { poller, got };
};

test("it tells the status and how far the server's clock is from ours", async () => {
  const { poller, got } = make();
  globalThis.fetch = answer({ ...ENDED, server_time: new Date(Date.now() + 60000).toISOString() });
  await poller.ask();
  assert.equal(got.statuses[0][0].state, "ended");
  assert.ok(Math.abs(got.statuses[0][1] - 60000) < 2000);
  poller.stop();
});

test("one failure is nothing, two are a lost connection, and an answer finds it again", async () => {
  const { poller, got } = make();
  globalThis.fetch = failure;
  await poller.ask();
  assert.deepEqual(got.lost, []);
  await poller.ask();
  assert.deepEqual(got.lost, [true]);
  await poller.ask();
  assert.deepEqual(got.lost, [true]);
  globalThis.fetch = answer(ENDED);
  await poller.ask();
  assert.deepEqual(got.lost, [true, false]);
  poller.stop();
});

test("after the end nothing is asked any more", async () => {
  const { poller } = make();
  globalThis.fetch = answer(ENDED);
  await poller.ask();
  assert.equal(poller.timer, null);
  poller.stop();
});

test("who has left is told nothing", async () => {
  const { poller, got } = make();
  globalThis.fetch = answer(ENDED);
  const asked = poller.ask();
  poller.stop();
  await asked;
  assert.deepEqual(got.statuses, []);
});
