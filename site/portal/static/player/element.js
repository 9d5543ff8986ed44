// <lecture-player>: plays a lecture live or as a replay, and says in plain words what is going on.
import { Asked } from "./asked.js";
import { CaptionMenu } from "./caption-menu.js";
import { CaptionPrefs } from "./caption-prefs.js";
import { Captions } from "./captions.js";
import { Choices } from "./choices.js";
import { calmTimeRange, controlsMarkup, findParts } from "./controls.js";
import { attachEngine } from "./engine.js";
import { listenToKeys } from "./keyboard.js";
import { startsWithLowLatency } from "./latency.js";
import { LiveCaptions } from "./live-captions.js";
import { LiveEdge } from "./live-edge.js";
import { Messages } from "./messages.js";
import { Recovery } from "./recovery.js";
import { browserStorage } from "./resume.js";
import { Resuming } from "./resuming.js";
import { observeSizes } from "./sizes.js";
import { STRINGS as S } from "./strings.js";
import { clockTime } from "./time.js";
import { Watchdog } from "./watchdog.js";

export class LecturePlayer extends HTMLElement {
  connectedCallback() {
    if (this.parts) return;
    this.innerHTML = controlsMarkup();
    calmTimeRange(this);
    this.parts = findParts(this);
    this.video = this.parts.video;
    this.messages = new Messages(this.parts);
    this.edge = new LiveEdge(this.parts.live);
    this.choices = new Choices(this.parts, this);
    this.asked = new Asked(this, this.choices, this.parts.listening);
    this.resuming = new Resuming(this.video, this.parts.resume);
    this.recovery = new Recovery(this);
    const prefs = new CaptionPrefs(browserStorage());
    this.captions = new Captions(this.video, this.parts.captions, prefs, () => this.showCaptionMenu());
    this.captionMenu = new CaptionMenu(this.parts.captionMenu, prefs, this.captions);
    this.liveCaptions = new LiveCaptions(this, this.captions);
    this.source = null;
    this.engine = null;
    this.attachments = 0;
    this.rate = 1;
    this.lowLatency = startsWithLowLatency(navigator.connection);
    this.watchdog = new Watchdog(this.video, () => this.shouldMove(), {
      tick: (still) => this.onTick(still),
      moving: () => this.recovery.moving(),
      stalled: () => this.recovery.stalled(),
      slow: () => this.recovery.slow(),
      stuck: () => this.recovery.stuck(),
    });
    this.watchdog.start();
    this.listen();
  }

  disconnectedCallback() {
    if (!this.parts) return;
    this.watchdog.stop();
    this.forgetKeys();
    this.sizes.disconnect();
    this.captions.stop();
    this.detach();
    this.parts = null;
  }

  listen() {
    const { video, parts } = this;
    video.addEventListener("play", () => this.onPlay());
    video.addEventListener("ended", () => this.onEnded());
    video.addEventListener("volumechange", () => {
      if (!video.muted) parts.unmute.hidden = true;
    });
    parts.bigPlay.addEventListener("click", () => this.togglePlay());
    parts.live.addEventListener("click", () => this.goLive());
    parts.unmute.addEventListener("click", () => this.unmute());
    parts.resume.querySelector("button").addEventListener("click", () => this.playFromStart());
    this.forgetKeys = listenToKeys(this);
    this.sizes = observeSizes(this, parts.controller);
  }

  // source: {number, mode: "live"|"replay", url, audioUrl, captionsUrl, liveCaptions, poster, startAt, autoplay}
  load(source) {
    this.source = source;
    this.recovery.reset();
    this.messages.clear();
    this.messages.line("");
    this.resuming.hide();
    const { isLive } = this;
    if (isLive) this.rate = 1;
    this.dataset.mode = source.mode;
    this.parts.live.hidden = !isLive;
    this.parts.time.hidden = isLive;
    if (source.poster) this.video.poster = source.poster;
    this.choices.showSpeed(!isLive, this.rate);
    this.asked.show();
    this.captions.load(source.captionsUrl || null);
    this.liveCaptions.begin(Boolean(source.liveCaptions));
    if (!isLive && source.startAt && !source.autoplay) this.messages.line(S.startsAt(clockTime(source.startAt)));
    if (source.autoplay) {
      this.begin();
    } else {
      this.detach();
      this.dataset.started = "false";
      this.parts.bigPlay.hidden = false;
    }
  }

  // Attach and play: live without sound until somebody asks for it, as browsers allow no other way.
  async begin() {
    const { source } = this;
    const saved = !this.isLive && source.startAt === undefined ? this.resuming.read(source.number) : 0;
    if (this.isLive && this.dataset.started !== "true") this.video.muted = true;
    await this.attach(saved || source.startAt);
    if (saved) this.resuming.show(saved);
    if (!this.isLive) this.messages.line("");
    await this.play();
  }

  async play() {
    this.dataset.started = "true";
    this.parts.bigPlay.hidden = true;
    try {
      await this.video.play();
    } catch (error) {
      if (error.name !== "NotAllowedError") return;
      if (this.video.muted) {
        this.parts.bigPlay.hidden = false;
        return;
      }
      this.video.muted = true;
      await this.play();
      return;
    }
    this.parts.unmute.hidden = !this.video.muted;
  }

  async attach(startAt) {
    this.detach();
    this.startAt = startAt;
    const attachment = ++this.attachments;
    const { source } = this;
    const isCurrent = () => attachment === this.attachments;
    const engine = await attachEngine(
      this.video,
      {
        url: this.asked.url,
        live: this.isLive,
        captions: this.isLive && this.liveCaptions.areWanted,
        lowLatency: this.isLive && this.lowLatency,
        startAt,
      },
      {
        levels: () => isCurrent() && this.onLevels(),
        failed: (kind) => {
          if (!isCurrent()) return;
          this.dispatchEvent(new Event("gone"));
          this.recovery.failed(kind);
        },
        gone: () => isCurrent() && this.dispatchEvent(new Event("gone")),
        captionsLost: (forGood) => isCurrent() && this.liveCaptions.lost(forGood),
      },
    );
    if (!isCurrent()) {
      if (engine) engine.detach();
      return;
    }
    this.engine = engine;
    this.recovery.broken = false;
    if (!engine) {
      this.messages.show("unsupported", S.unsupported, S.unsupportedText);
      return;
    }
    this.video.defaultPlaybackRate = this.rate;
    this.video.playbackRate = this.rate;
    this.watchdog.restart();
    this.asked.show();
  }

  detach() {
    this.recovery.cancel();
    this.attachments += 1;
    if (this.engine) this.engine.detach();
    this.engine = null;
  }

  // Stop for good and show nothing of what there is: until the next load.
  halt() {
    this.recovery.reset();
    this.messages.clear();
    this.messages.line("");
    this.captions.load(null);
    this.detach();
    this.source = null;
    this.video.removeAttribute("src");
    this.video.load();
  }

  // Attach again: where it was watched, and a live that was followed where live is now. toLive: there in any case.
  async reattach({ toLive = false } = {}) {
    if (!this.source) return;
    const keeps = !this.isLive || !(toLive || this.edge.follows);
    await this.attach(keeps ? this.place : undefined);
    await this.play();
  }

  // -- what people do

  togglePlay() {
    if (!this.source) return;
    if (!this.engine) {
      this.begin();
    } else if (this.video.ended) {
      this.playFromStart();
    } else if (this.video.paused) {
      this.play();
    } else {
      this.video.pause();
    }
  }

  toggleMute() {
    this.video.muted = !this.video.muted;
  }

  unmute() {
    this.video.muted = false;
    if (this.video.volume === 0) this.video.volume = 1;
    this.parts.unmute.hidden = true;
    if (this.video.paused) this.play();
  }

  toggleFullscreen() {
    this.parts.fullscreen.click();
  }

  toggleCaptions() {
    this.captionMenu.toggle();
  }

  skip(seconds) {
    const { video } = this;
    if (!this.engine || !video.seekable.length) return;
    const last = (this.isLive && this.engine.livePosition) || video.duration;
    const target = Math.max(video.seekable.start(0), video.currentTime + seconds);
    video.currentTime = isFinite(last) ? Math.min(last, target) : target;
  }

  goLive() {
    const position = this.engine ? this.engine.livePosition : null;
    if (position === null) {
      this.reattach({ toLive: true });
      return;
    }
    if (!this.edge.atEdge) this.video.currentTime = position;
    if (this.video.paused) this.play();
  }

  // To a second of a replay, and play from there.
  jumpTo(seconds) {
    if (!this.source || this.isLive) return;
    this.resuming.hide();
    this.messages.clear();
    if (this.engine) {
      this.video.currentTime = seconds;
      this.play();
    } else {
      this.source.startAt = seconds;
      this.begin();
    }
  }

  playFromStart() {
    this.resuming.hide();
    this.messages.clear();
    this.resuming.forget(this.source.number);
    if (this.engine) {
      this.video.currentTime = 0;
      this.play();
    } else {
      this.source.startAt = 0;
      this.begin();
    }
  }

  setRate(rate) {
    this.rate = rate;
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
    this.choices.showSpeed(!this.isLive, rate);
  }

  chooseQuality(name) {
    this.asked.chooseQuality(name);
  }

  setAudioOnly(isOn) {
    return this.asked.setAudioOnly(isOn);
  }

  // -- what the stage tells

  setInterrupted(isInterrupted) {
    this.recovery.setInterrupted(isInterrupted);
  }

  stopWaiting() {
    this.recovery.stopWaiting();
  }

  setLiveCaptions(isOn) {
    if (this.source && this.isLive) this.liveCaptions.set(isOn);
  }

  setOffline(isOffline) {
    this.messages.line(isOffline ? S.offline : "", { tone: "attention" });
  }

  get audioOnly() {
    return this.asked.audioOnly;
  }

  get isLive() {
    return this.source.mode === "live";
  }

  // Media seconds at which it is watched, or will be once there is a picture; undefined: where it begins by itself.
  get place() {
    const { video } = this;
    return video.readyState > 1 || video.seeking ? video.currentTime : this.startAt;
  }

  // Whether somebody is watching the newest of a live (and not an earlier part of it).
  get followsLive() {
    return this.edge.atEdge || !this.shouldMove();
  }

  showLiveEnded() {
    this.parts.bigPlay.hidden = true;
    this.messages.show("live-ended", S.liveEnded, S.liveEndedText, [[S.watchReplay, () => this.playFromStart()]]);
  }

  // -- what happens while playing

  shouldMove() {
    return Boolean(this.engine) && !this.video.paused && !this.video.ended;
  }

  onPlay() {
    if (!this.source) return;
    this.dataset.started = "true";
    if (this.recovery.broken && !this.recovery.interrupted) this.reattach();
    else if (!this.engine && !this.recovery.isWaiting) this.begin();
  }

  onTick(still) {
    if (!this.source) return;
    this.recovery.tick(still);
    if (!this.isLive) {
      if (still === 0 && this.shouldMove()) this.resuming.save(this.source.number);
      return;
    }
    const position = this.engine ? this.engine.livePosition : null;
    this.edge.update(position, this.video.currentTime, {
      isNarrow: this.dataset.width === "narrow",
      isInterrupted: this.recovery.interrupted,
      isPaused: this.video.paused,
      hasPicture: this.video.readyState > 1,
    });
  }

  onEnded() {
    if (this.isLive) return;
    this.resuming.forget(this.source.number);
    this.messages.show("ended", S.ended, "", [[S.watchAgain, () => this.playFromStart()]]);
  }

  onLevels() {
    this.asked.apply();
    this.asked.show();
  }

  showCaptionMenu() {
    if (this.captionMenu) this.captionMenu.show();
    if (this.liveCaptions) this.liveCaptions.ensure();
  }
}
