// Playing by the browser's own HLS, where there is no Media Source (WeChat on iOS).
const HOLD_BACK = 4; // seconds behind the newest media, where the browser tells no better

export class NativeEngine {
  constructor(video, source, on) {
    this.video = video;
    this.onVideoError = () => on.failed(video.error && video.error.code === 2 ? "network" : "media");
    this.onMetadata = () => {
      if (source.startAt) video.currentTime = source.startAt;
    };
    video.addEventListener("error", this.onVideoError);
    video.addEventListener("loadedmetadata", this.onMetadata);
    video.src = source.url;
    video.load();
  }

  // Whether the stream had captions when it was attached; null while that is not known.
  get listsCaptions() {
    if (this.video.readyState === 0) return null;
    return Array.from(this.video.textTracks).some((track) => track.kind === "subtitles");
  }

  get levels() {
    return []; // the browser chooses by itself
  }

  get currentLevel() {
    return -1;
  }

  get chosenLevel() {
    return -1;
  }

  chooseLevel() {
    return undefined;
  }

  // The browser reads the multivariant playlist itself.
  async isUnlisted() {
    return false;
  }

  get livePosition() {
    const { seekable } = this.video;
    return seekable.length ? Math.max(0, seekable.end(seekable.length - 1) - HOLD_BACK) : null;
  }

  get latency() {
    const { seekable, currentTime } = this.video;
    return seekable.length ? Math.max(0, seekable.end(seekable.length - 1) - currentTime) : null;
  }

  detach() {
    this.video.removeEventListener("error", this.onVideoError);
    this.video.removeEventListener("loadedmetadata", this.onMetadata);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
