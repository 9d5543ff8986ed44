// <lecture-stage>: one place that is countdown, live player, notice of an interruption and replay, in turn.
import { Reporter } from "./audience/reporter.js";
import { Countdown } from "./countdown.js";
import { StatusPoller } from "./poller.js";
import { STRINGS as S } from "./strings.js";
import { secondAsked } from "./time.js";
import { viewOf } from "./view.js";

const LAST_SECONDS = 6000; // ms that a live may still play out after it has ended

export class LectureStage extends HTMLElement {
  connectedCallback() {
    this.stage = this.querySelector(".stage");
    this.player = this.querySelector("lecture-player");
    this.number = this.dataset.number;
    this.base = this.dataset.base;
    this.mode = null;
    this.offset = 0;
    this.countdown = new Countdown(this.querySelector(".countdown"), () => this.apply(this.status));
    this.poller = new StatusPoller(
      this.dataset.statusUrl,
      (status, offset) => {
        this.offset = offset;
        this.apply(status);
      },
      (isLost) => this.onLost(isLost),
    );
    this.player.addEventListener("gone", () => this.poller.ask()); // it may have been stopped: ask at once
    this.apply(JSON.parse(this.dataset.status));
    this.poller.start();
    this.reporter = new Reporter({
      video: this.player.video,
      url: this.dataset.beaconsUrl,
      number: this.number,
      mode: () => this.mode,
      latency: () => this.latency,
    });
  }

  // Of whoever watches the newest of the live; what was sought on purpose is no latency.
  get latency() {
    const { engine, followsLive } = this.player;
    return engine && followsLive ? engine.latency : null;
  }

  disconnectedCallback() {
    this.poller.stop();
    this.countdown.stop();
    this.reporter.stop();
  }

  apply(status) {
    this.status = status;
    const now = Date.now() + this.offset;
    const { view, mode, interrupted } = viewOf(status, now);
    this.stage.dataset.view = view;
    for (const panel of this.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== view;
    if (view === "waiting") this.countdown.run(Date.parse(status.starts_at), this.offset);
    else this.countdown.stop();
    this.player.hidden = view !== "player";
    if (view === "cut" && this.mode !== null) {
      this.mode = null;
      this.player.halt(); // nothing of what it has buffered is shown any more
    }
    if (view === "player") {
      this.show(mode, status);
      if (this.mode === "live") {
        this.player.setInterrupted(interrupted);
        this.player.setLiveCaptions(Boolean(status.captions));
      }
    }
    this.tellPage(status.state, view);
  }

  // Elements anywhere on the page with data-when="live ended …" are shown in these states only.
  tellPage(state, view) {
    for (const element of document.querySelectorAll(`[data-of="${this.number}"][data-when]`)) {
      const states = element.dataset.when.split(" ");
      element.hidden = !(states.includes(view) || (view !== "cut" && states.includes(state)));
    }
  }

  show(mode, status) {
    if (this.mode === mode) return;
    const before = this.mode;
    this.mode = mode;
    if (mode === "live") this.showLive(before, status);
    else if (before === "live") this.finishLive(status);
    else this.player.load(this.replay(status));
  }

  showLive(before, status) {
    const { video } = this.player;
    const watching = before === "replay" && !video.paused && !video.ended;
    this.player.load({
      number: this.number,
      mode: "live",
      url: this.resolve(status.playlist_url),
      audioUrl: this.resolve(status.audio_url),
      liveCaptions: status.captions,
      autoplay: true,
      startAt: watching ? video.currentTime : undefined,
    });
    if (watching) this.player.messages.line(S.reopened, { seconds: 10 });
  }

  // The lecture is over. Who follows it live sees its last seconds; who is watching an earlier part stays there.
  async finishLive(status) {
    if (!this.player.followsLive) {
      this.player.load({ ...this.replay(status), startAt: this.player.video.currentTime, autoplay: true });
      return;
    }
    this.player.stopWaiting();
    await this.playedOut();
    if (this.mode !== "replay") return;
    this.player.load({ ...this.replay(status), startAt: 0 });
    this.player.showLiveEnded();
  }

  // Resolves when the playhead stands still, at the latest after LAST_SECONDS.
  playedOut() {
    const { video } = this.player;
    const until = Date.now() + LAST_SECONDS;
    let last = -1;
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (video.paused || video.ended || video.currentTime === last || Date.now() > until) {
          clearInterval(look);
          resolve();
        }
        last = video.currentTime;
      }, 700);
    });
  }

  replay(status) {
    return {
      number: this.number,
      mode: "replay",
      url: this.resolve(status.replay_url),
      audioUrl: this.resolve(status.replay_audio_url),
      captionsUrl: this.dataset.captions || null,
      poster: this.dataset.poster,
      startAt: secondAsked(window.location.search),
      autoplay: false,
    };
  }

  resolve(url) {
    return url && url.startsWith("/") ? this.base + url : url;
  }

  onLost(isLost) {
    if (this.mode !== null) this.player.setOffline(isLost);
  }
}
