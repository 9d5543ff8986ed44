// Plays ?url= by hls.js, by parts unless ?plain is set, and watches its pictures' barcodes.
import Hls from "./hls.mjs";
import "./barcode.js";

const asked = new URLSearchParams(location.search);
const video = document.querySelector("video");
const lowLatency = !asked.has("plain");
const hls = new Hls({
  lowLatencyMode: lowLatency,
  maxLiveSyncPlaybackRate: lowLatency ? 1.5 : 1,
  backBufferLength: 30,
  workerPath: new URL("./hls.worker.js", location.href).href,
});
window.benchWatch(video);
hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) window.benchSeen.errors.push(data.details); });
hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
hls.loadSource(asked.get("url"));
hls.attachMedia(video);
