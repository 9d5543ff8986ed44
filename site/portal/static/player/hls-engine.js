// Playing over Media Source Extensions by hls.js.
import { firstEstimate } from "./latency.js";
import { isUnlisted } from "./listing.js";

const WORKER = new URL("../vendor/hls.worker.js", import.meta.url).href;
const CATCH_UP_RATE = 1.3;
const BACK_BUFFER = 30; // seconds kept behind the playhead
const RECOVERY_PAUSE = 5000; // ms between two recoveries of the decoder

export class HlsEngine {
  // source: {url, live, lowLatency, startAt}. on: {levels(), failed(kind), gone(), captionsLost(forGood)}.
  constructor(Hls, video, source, on) {
    this.Hls = Hls;
    this.video = video;
    this.on = on;
    this.lastRecovery = -Infinity;
    const hls = new Hls({
      workerPath: WORKER,
      lowLatencyMode: source.lowLatency,
      maxLiveSyncPlaybackRate: source.live ? CATCH_UP_RATE : 1,
      liveDurationInfinity: true,
      backBufferLength: BACK_BUFFER,
      capLevelToPlayerSize: true,
      abrEwmaDefaultEstimate: firstEstimate(navigator.connection),
      startPosition: source.startAt === undefined ? -1 : source.startAt,
    });
    this.hls = hls;
    hls.subtitleDisplay = false; // captions are drawn by the player (captions.js)
    hls.on(Hls.Events.MANIFEST_PARSED, () => on.levels());
    hls.on(Hls.Events.LEVELS_UPDATED, () => on.levels());
    hls.on(Hls.Events.LEVEL_SWITCHED, () => on.levels());
    hls.on(Hls.Events.ERROR, (_event, data) => this.onError(data));
    hls.loadSource(source.url);
    hls.attachMedia(video);
  }

  onError(data) {
    if (isOfCaptions(data)) {
      this.onCaptionsError(data);
      return;
    }
    if (data.response && data.response.code === 410) this.on.gone();
    if (!data.fatal) return;
    const decoder = data.type === this.Hls.ErrorTypes.MEDIA_ERROR;
    if (decoder && performance.now() - this.lastRecovery > RECOVERY_PAUSE) {
      this.lastRecovery = performance.now();
      this.hls.recoverMediaError();
      return;
    }
    this.on.failed(decoder ? "media" : "network");
  }

  // Captions alone have failed: the picture goes on without them, though hls.js takes that for fatal.
  onCaptionsError(data) {
    const isGone = Boolean(data.response) && data.response.code === 410;
    if (!data.fatal && !isGone) return; // it tries again
    this.on.captionsLost(isGone);
    this.hls.subtitleTrack = -1;
    if (data.fatal) this.hls.startLoad();
    if (isGone) this.on.gone();
  }

  // Whether the stream had captions when it was attached; null while that is not known.
  get listsCaptions() {
    return this.hls.levels.length ? this.hls.allSubtitleTracks.length > 0 : null;
  }

  get levels() {
    return this.hls.levels || [];
  }

  get currentLevel() {
    return this.hls.currentLevel;
  }

  get chosenLevel() {
    return this.hls.autoLevelEnabled ? -1 : this.hls.loadLevel;
  }

  chooseLevel(level) {
    if (level === -1) this.hls.loadLevel = -1;
    else this.hls.nextLevel = level;
  }

  // Whether the server lists no more what is being loaded. hls.js reads the multivariant playlist only once.
  async isUnlisted() {
    const level = this.hls.levels[this.hls.loadLevel];
    return Boolean(level) && isUnlisted(level.uri, this.hls.url);
  }

  // Where live playback belongs, in media seconds; null before it is known.
  get livePosition() {
    const position = this.hls.liveSyncPosition;
    return typeof position === "number" && isFinite(position) ? position : null;
  }

  // Seconds behind the newest of the live; null before it is known.
  get latency() {
    return this.hls.latency > 0 ? Math.round(this.hls.latency * 1000) / 1000 : null;
  }

  detach() {
    this.hls.destroy();
  }
}

function isOfCaptions({ context, frag }) {
  return Boolean((context && context.type === "subtitleTrack") || (frag && frag.type === "subtitle"));
}
