// Captions over the picture, drawn by ourselves: what browsers offer for <track> differs too much to be chosen from.
//
// They come from the published file (a <track> in a replay) or, live, from a rendition of the stream that the browser
// or hls.js lays into video.textTracks. A track stays "hidden": the browser times it and shows nothing of it. Only in
// the full screen of iPhones, where no page can draw, is the track itself shown.
import { STRINGS as S } from "./strings.js";

const KINDS = ["subtitles", "captions"];
const LABEL = "字幕";

export class Captions {
  // box: the element that they are drawn into. onChange(): there are captions now, or none any more.
  constructor(video, box, prefs, onChange) {
    this.video = video;
    this.box = box;
    this.prefs = prefs;
    this.onChange = onChange;
    this.element = null; // the <track> of the published file
    this.cues = null; // its cues: hls.js empties every track of the video when it attaches
    this.isLive = false; // there are live captions now
    this.shown = null;
    this.frame = 0;
    this.inNativeFullscreen = false;
    this.draw = this.draw.bind(this);
    for (const name of ["timeupdate", "seeking", "seeked", "pause", "emptied"]) video.addEventListener(name, this.draw);
    video.addEventListener("play", () => this.follow());
    video.textTracks.addEventListener("addtrack", () => this.onTracks());
    video.textTracks.addEventListener("removetrack", () => this.onTracks());
    // hls.js sets the tracks of a video as it thinks right.
    video.textTracks.addEventListener("change", () => this.apply());
    video.addEventListener("webkitbeginfullscreen", () => this.setNativeFullscreen(true));
    video.addEventListener("webkitendfullscreen", () => this.setNativeFullscreen(false));
    this.apply();
  }

  // url: of the published file, or null where there is none (or the lecture is live).
  load(url) {
    if (this.element) this.element.remove();
    this.element = null;
    this.cues = null;
    this.isLive = false;
    if (url) {
      const element = document.createElement("track");
      element.kind = "subtitles";
      element.label = LABEL;
      element.srclang = "zh-CN";
      element.src = url;
      element.addEventListener("load", () => {
        if (element === this.element) this.keep(element.track);
      });
      element.addEventListener("error", () => {
        if (element === this.element) this.load(null);
      });
      this.element = element;
      this.video.append(element);
    }
    this.onTracks();
  }

  keep(track) {
    this.cues = Array.from(track.cues || []).map((cue) => ({ start: cue.startTime, end: cue.endTime, text: plain(cue) }));
    this.draw();
  }

  // Live captions come and go while one watches. What is gone is not shown any more, wherever one goes back to.
  setLive(isOn) {
    if (isOn === this.isLive) return;
    if (!isOn && this.rendition) empty(this.rendition);
    this.isLive = isOn;
    this.onTracks();
  }

  get isThere() {
    return Boolean(this.element || this.isLive);
  }

  // Somebody wants to see them.
  get isWanted() {
    return this.prefs.get("on");
  }

  // The captions that came with the stream.
  get rendition() {
    if (!this.isLive) return null;
    return Array.from(this.video.textTracks).find((track) => KINDS.includes(track.kind) && !this.isOwn(track)) || null;
  }

  isOwn(track) {
    return Boolean(this.element) && track === this.element.track;
  }

  onTracks() {
    const { rendition } = this;
    if (rendition && rendition !== this.watched) {
      rendition.addEventListener("cuechange", this.draw);
      this.watched = rendition;
    }
    this.apply();
    this.onChange();
  }

  setNativeFullscreen(isOn) {
    this.inNativeFullscreen = isOn;
    this.apply();
  }

  // Do as the preferences say.
  apply() {
    const isOn = this.prefs.get("on");
    const mode = !isOn ? "disabled" : this.inNativeFullscreen ? "showing" : "hidden";
    const used = this.element ? this.element.track : this.rendition;
    for (const track of Array.from(this.video.textTracks)) {
      const wanted = track === used ? mode : "disabled";
      if (KINDS.includes(track.kind) && track.mode !== wanted) track.mode = wanted;
    }
    this.box.dataset.on = String(isOn && this.isThere);
    for (const name of ["size", "style", "place"]) this.box.dataset[name] = this.prefs.get(name);
    this.draw();
    this.follow();
  }

  // While it plays: at every picture, so that a caption comes and goes with its sound.
  follow() {
    cancelAnimationFrame(this.frame);
    if (!this.prefs.get("on") || !this.isThere || this.video.paused) return;
    this.frame = requestAnimationFrame(() => {
      this.draw();
      this.follow();
    });
  }

  draw() {
    const text = this.prefs.get("on") ? this.textNow() : "";
    if (text === this.shown) return;
    this.shown = text;
    this.box.textContent = "";
    this.box.hidden = !text;
    if (!text) return;
    if (!this.element) {
      const mark = document.createElement("small");
      mark.textContent = S.liveCaptions;
      this.box.append(mark);
    }
    const span = document.createElement("span");
    span.textContent = text;
    this.box.append(span);
  }

  textNow() {
    if (this.element) return textAt(this.cues || [], this.video.currentTime);
    const { rendition } = this;
    return rendition ? Array.from(rendition.activeCues || []).map(plain).join("\n") : "";
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }
}

// cues: [{start, end, text}] in order, times in seconds. Pure.
export function textAt(cues, time) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  const cue = cues[low - 1];
  return cue && time < cue.end ? cue.text : "";
}

function empty(track) {
  const { mode } = track;
  track.mode = "hidden"; // a disabled track shows nobody its cues
  for (const cue of Array.from(track.cues || [])) track.removeCue(cue);
  track.mode = mode;
}

// A cue without its markup: text has its character references still in it.
function plain(cue) {
  return cue.getCueAsHTML ? cue.getCueAsHTML().textContent : cue.text;
}
