import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Recovery } from "../../../../site/portal/static/player/recovery.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

// A player that only notes what is asked of it.
const make = (given = {}) => {
  const shown = [];
  const lines = [];
  const player = {
    isLive: true,
    lowLatency: true,
    audioOnly: false,
    source: { audioUrl: "/a.m3u8" },
    video: { currentTime: 10, error: null },
    reattached: 0,
    toLive: [],
    reattach: ({ toLive = false } = {}) => {
      player.reattached += 1;
      player.toLive.push(toLive);
    },
    shouldMove: () => true,
    setAudioOnly: () => undefined,
    messages: {
      show: (kind, _title, _text, actions = []) => shown.push([kind, actions.length]),
      clear: () => undefined,
      line: (text) => lines.push(text),
    },
    ...given,
  };
  return { player, recovery: new Recovery(player), shown, lines };
};

test("three stalls within a minute give up low latency and attach anew, once", () => {
  const { player, recovery, lines } = make();
  recovery.stalled();
  recovery.stalled();
  assert.equal(player.lowLatency, true);
  recovery.stalled();
  assert.equal(player.lowLatency, false);
  assert.equal(player.reattached, 1);
  assert.match(lines[0], /更流畅/);
  recovery.stalled();
  assert.equal(player.reattached, 1);
});

test("stalls of a replay and of an interruption do not count", () => {
  const replay = make({ isLive: false });
  for (let count = 0; count < 5; count += 1) replay.recovery.stalled();
  assert.equal(replay.player.reattached, 0);
  const away = make();
  away.recovery.setInterrupted(true);
  for (let count = 0; count < 5; count += 1) away.recovery.stalled();
  assert.equal(away.player.reattached, 0);
});

test("a live that fails is attached anew for ever, ever more slowly", () => {
  const { player, recovery, shown } = make();
  for (const seconds of [1, 2, 4, 8, 8, 8]) {
    recovery.failed("network");
    mock.timers.tick(seconds * 1000 - 1);
    const before = player.reattached;
    mock.timers.tick(1);
    assert.equal(player.reattached, before + 1);
  }
  assert.equal(shown[0][0], "reconnecting");
});

test("a replay that keeps failing ends with a message and a way to try again", () => {
  const { player, recovery, shown } = make({ isLive: false });
  for (let count = 0; count < 4; count += 1) {
    recovery.failed("network");
    mock.timers.tick(8000);
  }
  recovery.failed("network");
  mock.timers.tick(60000);
  assert.deepEqual(shown.at(-1), ["failed", 1]);
  assert.equal(player.reattached, 4);
});

test("when the signal is back and nothing has moved for four seconds, it is attached anew", () => {
  const { player, recovery } = make();
  recovery.setInterrupted(true);
  recovery.setInterrupted(false);
  mock.timers.tick(3999);
  assert.equal(player.reattached, 0);
  mock.timers.tick(1);
  assert.equal(player.reattached, 1);
});

test("when it goes on by itself it is left alone", () => {
  const { player, recovery } = make();
  recovery.setInterrupted(true);
  recovery.setInterrupted(false);
  player.video.currentTime = 12;
  mock.timers.tick(10000);
  assert.equal(player.reattached, 0);
});

test("an engine that gave up during the interruption is attached as soon as the signal is back", () => {
  const { player, recovery } = make();
  recovery.setInterrupted(true);
  recovery.failed("network");
  mock.timers.tick(60000);
  assert.equal(player.reattached, 0);
  recovery.setInterrupted(false);
  assert.equal(player.reattached, 1);
});

test("a slow network is offered the sound alone, where there is any", () => {
  const { recovery, shown } = make();
  recovery.slow();
  assert.deepEqual(shown, [["slow", 2]]);
  const silent = make({ source: { audioUrl: null } });
  silent.recovery.slow();
  assert.deepEqual(silent.shown, [["slow", 1]]);
});

const engine = (isUnlisted) => ({ isUnlisted: async () => isUnlisted });
const settled = () => new Promise(setImmediate);

test("a stream the server has taken out is left as soon as it stands still", async () => {
  for (const event of ["stalled", "slow"]) {
    const { player, recovery } = make({ engine: engine(true) });
    recovery[event]();
    await settled();
    assert.equal(player.reattached, 1, event);
  }
});

test("a stream that is listed, moves again or was attached anew meanwhile is left alone", async () => {
  const listed = make({ engine: engine(false) });
  listed.recovery.stalled();
  await settled();
  const moving = make({ engine: engine(true) });
  moving.recovery.stalled();
  moving.player.video.currentTime += 1;
  await settled();
  const another = make({ engine: engine(true) });
  another.recovery.stalled();
  another.player.engine = engine(true);
  await settled();
  assert.deepEqual([listed, moving, another].map(({ player }) => player.reattached), [0, 0, 0]);
});

test("where nothing moves it is attached anew in its place, and if that was no help where live is now", () => {
  const { player, recovery } = make();
  recovery.stuck();
  recovery.stuck();
  recovery.moving();
  recovery.stuck();
  assert.deepEqual(player.toLive, [false, true, false]);
});

test("a place that fails again and again is left for where live is now", () => {
  const { player, recovery } = make();
  for (let count = 0; count < 5; count += 1) {
    recovery.failed("media");
    mock.timers.tick(8000);
  }
  assert.deepEqual(player.toLive, [false, false, false, false, true]);
});
