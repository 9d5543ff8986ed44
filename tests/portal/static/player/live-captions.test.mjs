import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveCaptions } from "../../../../site/portal/static/player/live-captions.js";
import { pollDelay } from "../../../../site/portal/static/player/view.js";

const playing = (engine) => ({
  isLive: true,
  audioOnly: false,
  moves: true,
  engine,
  attached: 0,
  shouldMove() {
    return this.moves;
  },
  reattach() {
    this.attached += 1;
    this.engine = { listsCaptions: true };
  },
});

const drawn = (isWanted = true) => ({
  isWanted,
  isLive: false,
  setLive(isOn) {
    this.isLive = isOn;
  },
});

test("who has a stream that lists them need not attach again", () => {
  const player = playing({ listsCaptions: true });
  const captions = drawn();
  new LiveCaptions(player, captions, () => 0).set(true);
  assert.equal(captions.isLive, true);
  assert.equal(player.attached, 0);
});

test("who came before they were on attaches once, and not again and again", () => {
  const player = playing({ listsCaptions: false });
  let now = 0;
  player.reattach = function reattach() {
    this.attached += 1; // a cache on the way still has the list of before
  };
  const live = new LiveCaptions(player, drawn(), () => now);
  live.set(true);
  for (now = 1000; now < 5000; now += 1000) live.set(true);
  assert.equal(player.attached, 1);
  live.set(true);
  assert.equal(player.attached, 2);
});

test("nobody is disturbed who does not want them, listens only, has paused or watches a replay", () => {
  const cases = [{ audioOnly: true }, { moves: false }, { isLive: false }, { engine: { listsCaptions: null } }];
  for (const values of cases) {
    const player = Object.assign(playing({ listsCaptions: false }), values);
    new LiveCaptions(player, drawn(), () => 0).set(true);
    assert.equal(player.attached, 0, JSON.stringify(values));
  }
  const player = playing({ listsCaptions: false });
  const captions = drawn(false);
  const live = new LiveCaptions(player, captions, () => 0);
  live.set(true);
  assert.equal(player.attached, 0);
  captions.isWanted = true; // by the menu
  live.ensure();
  assert.equal(player.attached, 1);
});

test("what was switched off and on again is not taken from the stream of before", () => {
  const player = playing({ listsCaptions: true });
  const captions = drawn();
  const live = new LiveCaptions(player, captions, () => 0);
  live.set(true);
  live.lost(true);
  assert.equal(captions.isLive, false);
  live.set(true);
  assert.equal(player.attached, 1);
});

test("what only failed is shown again by the next status, without attaching", () => {
  const player = playing({ listsCaptions: true });
  const captions = drawn();
  const live = new LiveCaptions(player, captions, () => 0);
  live.set(true);
  live.lost(false);
  assert.equal(captions.isLive, false);
  live.set(true);
  assert.equal(captions.isLive, true);
  assert.equal(player.attached, 0);
});

test("with live captions the status is asked for often enough to take them away within three seconds", () => {
  assert.ok(pollDelay({ state: "live", has_media: true, captions: true }, 0) * 1.1 + 400 < 3000);
});
