// Which way to play: Media Source where it is, the browser's own HLS where only that is, else none.
import { HlsEngine } from "./hls-engine.js";
import { NativeEngine } from "./native-engine.js";

const HLS_TYPE = "application/vnd.apple.mpegurl";

// source: as the engines take it; captions: whether those of the stream are wanted.
// Resolves to an engine attached to the video, or null when this browser can play neither.
export async function attachEngine(video, source, on) {
  if (window.MediaSource || window.ManagedMediaSource) {
    const { default: Hls } = await (source.captions
      ? import("../vendor/hls.captions.mjs")
      : import("../vendor/hls.mjs"));
    if (Hls.isSupported()) return new HlsEngine(Hls, video, source, on);
  }
  return video.canPlayType(HLS_TYPE) ? new NativeEngine(video, source, on) : null;
}
