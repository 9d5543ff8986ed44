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
    reattach: () => (player.reattached += 1),
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
