// Lays the files that pages load from node_modules into one folder: hls.js with its worker, the media-chrome elements
// the player uses as one module, and the icons. Called by scripts/frontend.
import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const vendor = process.argv[2];
const from = (...parts) => path.join("node_modules", ...parts);

const FILES = {
  "hls.mjs": from("hls.js", "dist", "hls.light.min.mjs"),
  "hls.worker.js": from("hls.js", "dist", "hls.worker.js"),
};

// media-chrome comes as some forty modules; over a phone's link that is forty round trips, so they become one.
const MEDIA_CHROME = [
  "lang/zh-CN",
  "media-controller",
  "media-control-bar",
  "media-play-button",
  "media-mute-button",
  "media-volume-range",
  "media-time-range",
  "media-time-display",
  "media-captions-button",
  "media-fullscreen-button",
  "media-loading-indicator",
];

const ICONS = [
  "accessibility", "alarm-clock", "arrow-left", "arrow-right", "calendar-days", "calendar-plus", "captions", "check",
  "chevron-left", "chevron-right", "circle-alert", "circle-check", "circle-stop", "clock", "copy", "eye", "eye-off", "external-link",
  "gauge", "headphones", "house", "info", "key-round", "list-video", "log-in", "log-out", "mic", "monitor-play",
  "play", "plus", "printer", "qr-code", "radio", "refresh-cw", "rotate-ccw", "search-x", "settings", "shield-alert",
  "smartphone", "triangle-alert", "tv", "user-round", "video-off", "volume-x", "wifi-off", "x",
];

await rm(vendor, { recursive: true, force: true });
await mkdir(path.join(vendor, "icons"), { recursive: true });
for (const [name, source] of Object.entries(FILES)) await cp(source, path.join(vendor, name));
for (const name of ICONS) await cp(from("lucide-static", "icons", `${name}.svg`), path.join(vendor, "icons", `${name}.svg`));
await build({
  stdin: {
    contents: MEDIA_CHROME.map((name) => `import "media-chrome/dist/${name}.js";`).join("\n"),
    resolveDir: ".",
  },
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2019",
  logLevel: "error",
  outfile: path.join(vendor, "media-chrome.js"),
});
