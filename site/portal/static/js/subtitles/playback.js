// The player under the editor's hands: from a cue, in a loop, slowly.
const SLOW = 0.75;
const EARLY = 0.02; // seconds: a seek lands on the cue's first sound, not just before it

export class Playback {
  // player: <lecture-player>, or null when there is nothing to play. tick(seconds) while it plays and after seeks.
  constructor(player, source, tick) {
    this.player = player;
    this.tick = tick;
    this.loop = null; // {start, end} in seconds
    this.slow = false;
    if (!player) return;
    player.load({ ...source, mode: "replay", autoplay: false, startAt: 0 });
    this.video = player.video;
    const frame = () => {
      this.onFrame();
      if (!this.video.paused) requestAnimationFrame(frame);
    };
    this.video.addEventListener("play", () => requestAnimationFrame(frame));
    for (const event of ["seeked", "pause", "timeupdate"]) this.video.addEventListener(event, () => this.onFrame());
  }

  get canPlay() {
    return Boolean(this.player);
  }

  get isPlaying() {
    return this.canPlay && !this.video.paused;
  }

  get seconds() {
    return this.canPlay ? this.video.currentTime : 0;
  }

  onFrame() {
    const at = this.video.currentTime;
    if (this.loop && (at >= this.loop.end || at < this.loop.start - 1)) {
      if (this.isPlaying) this.video.currentTime = this.loop.start + EARLY;
    }
    this.tick(this.video.currentTime);
  }

  async playFrom(seconds) {
    if (!this.canPlay) return;
    await this.seek(seconds);
    await this.player.play();
  }

  async seek(seconds) {
    if (!this.canPlay) return;
    if (this.player.engine) {
      this.video.currentTime = Math.max(0, seconds) + EARLY;
      return;
    }
    this.player.source.startAt = Math.max(0, seconds) + EARLY;
    this.player.parts.resume.hidden = true;
    await this.player.attach(this.player.source.startAt);
    this.player.dataset.started = "true";
    this.player.parts.bigPlay.hidden = true;
  }

  toggle() {
    if (!this.canPlay) return;
    if (this.player.engine) this.player.togglePlay();
    else this.playFrom(this.seconds);
  }

  pause() {
    if (this.canPlay) this.video.pause();
  }

  skip(seconds) {
    if (this.canPlay && this.player.engine) this.player.skip(seconds);
  }

  setLoop(cue) {
    this.loop = cue ? { start: cue.start_ms / 1000, end: cue.end_ms / 1000 } : null;
  }

  toggleSlow() {
    if (!this.canPlay) return;
    this.slow = !this.slow;
    this.player.setRate(this.slow ? SLOW : 1);
  }
}
