// What the player does when playback does not go on: wait, say so, attach anew, give up low latency.
import { StallRecord } from "./latency.js";
import { STRINGS as S } from "./strings.js";

const RETRY_SECONDS = [1, 2, 4, 8];
const TRIES_IN_PLACE = 4; // of a replay before it is given up, of a live before it goes on where live is now
const MOVE_AGAIN_WITHIN = 4000; // ms after the signal is back (then attached anew)
const NOTICED = 1500; // ms without movement from which an interruption is said in the middle

export class Recovery {
  constructor(player) {
    this.player = player;
    this.messages = player.messages;
    this.stalls = new StallRecord();
    this.timer = null;
    this.reset();
  }

  // For a new source.
  reset() {
    this.cancel();
    this.failures = 0;
    this.broken = false; // the engine gave up while the signal was away
    this.interrupted = false;
    this.stalls.clear();
  }

  cancel() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  get isWaiting() {
    return this.timer !== null;
  }

  setInterrupted(isInterrupted) {
    if (this.interrupted === isInterrupted) return;
    this.interrupted = isInterrupted;
    if (isInterrupted) {
      this.messages.line(S.interrupted, { tone: "attention" });
      return;
    }
    this.messages.clear("interrupted");
    this.messages.line(S.restored, { seconds: 4 });
    this.moveAgain();
  }

  // The lecture is over: nobody waits for the signal any more.
  stopWaiting() {
    this.interrupted = false;
    this.messages.clear("interrupted");
    this.messages.line("");
  }

  // The signal is back: players that do not go on by themselves are attached anew, where live is now.
  moveAgain() {
    const { player } = this;
    if (this.broken || player.video.error) {
      player.reattach();
      return;
    }
    const before = player.video.currentTime;
    setTimeout(() => {
      const stoodStill = Math.abs(player.video.currentTime - before) < 0.1;
      if (!this.interrupted && player.shouldMove() && stoodStill) player.reattach();
    }, MOVE_AGAIN_WITHIN);
  }

  // still: ms without movement.
  tick(still) {
    if (!this.interrupted) return;
    if (still > NOTICED) this.messages.show("interrupted", S.interrupted, S.interruptedText);
    else if (still === 0) this.messages.clear("interrupted");
  }

  moving() {
    this.failures = 0;
    this.messages.clear("slow", "reconnecting", "interrupted", "failed");
  }

  stalled() {
    const { player } = this;
    if (this.interrupted || !player.isLive) return;
    if (!player.lowLatency || !this.stalls.add(performance.now())) {
      this.leaveUnlisted();
      return;
    }
    player.lowLatency = false;
    this.messages.line(S.smoother, { seconds: 6 });
    player.reattach();
  }

  // A stream that can no longer be joined (keyframes too far apart) does not go on after a hitch: hls.js waits for
  // ever. The server has put another one in its place by then.
  async leaveUnlisted() {
    const { player } = this;
    const { engine, video } = player;
    const before = video.currentTime;
    if (!engine || !(await engine.isUnlisted())) return;
    if (player.engine === engine && video.currentTime === before) player.reattach();
  }

  slow() {
    const { player } = this;
    if (this.interrupted) return;
    const listen = [S.audioOnly, () => player.setAudioOnly(true)];
    const actions = player.source.audioUrl && !player.audioOnly ? [listen] : [];
    this.messages.show("slow", S.slow, S.slowText, [...actions, [S.retry, () => player.reattach()]]);
    if (player.isLive) this.leaveUnlisted();
  }

  // Nothing has moved for long: attach anew; when that was no help, a live goes on where live is now.
  stuck() {
    const isAgain = this.failures > 0;
    this.failures += 1;
    this.player.reattach({ toLive: isAgain });
  }

  failed(kind) {
    if (this.interrupted) {
      this.broken = true; // attached anew when the signal is back
      return;
    }
    if (!this.player.isLive && this.failures >= TRIES_IN_PLACE) {
      this.messages.show("failed", S.failed, S.failedText, [[S.retry, () => this.retry()]]);
      return;
    }
    const wait = RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    if (this.failures > 1 || kind === "network") {
      this.messages.show("reconnecting", S.reconnecting, S.reconnectingText, [[S.retry, () => this.retry()]]);
    }
    this.cancel();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.player.reattach({ toLive: this.failures > TRIES_IN_PLACE });
    }, wait * 1000);
  }

  retry() {
    this.failures = 0;
    this.messages.clear();
    this.player.reattach();
  }
}
