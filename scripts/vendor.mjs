// Lays the files that pages load from node_modules into one folder: hls.js with its worker, the media-chrome elements
// the player uses as one module, what charts take of ECharts, and the icons; and the faces of PDFs and posters into another, since static files are
// kept in memory and no browser asks for these. Called by scripts/frontend.
import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const [vendor, fonts] = process.argv.slice(2);
const from = (...parts) => path.join("node_modules", ...parts);

const FILES = {
  "hls.mjs": from("hls.js", "dist", "hls.light.min.mjs"),
  "hls.captions.mjs": from("hls.js", "dist", "hls.min.mjs"), // two thirds larger: only for who watches live captions
  "hls.worker.js": from("hls.js", "dist", "hls.worker.js"),
  // Whoever passes these on passes on their licences too (Apache-2.0 §4, BSD-3-Clause).
  "echarts.LICENSE": from("echarts", "LICENSE"),
  "echarts.NOTICE": from("echarts", "NOTICE"),
  "zrender.LICENSE": from("zrender", "LICENSE"),
};

const FONTS = {
  "NotoSansSC-Regular.ttf": from("@expo-google-fonts", "noto-sans-sc", "400Regular", "NotoSansSC_400Regular.ttf"),
  "NotoSansSC-Bold.ttf": from("@expo-google-fonts", "noto-sans-sc", "700Bold", "NotoSansSC_700Bold.ttf"),
  "LICENSE": from("@expo-google-fonts", "noto-sans-sc", "LICENSE_FONT"),
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
  "media-fullscreen-button",
  "media-loading-indicator",
];

// Bars and lines as SVG, which also prints sharp, with patterns for who tells colours badly: half of the whole ECharts.
const ECHARTS = `
  import { init, use } from "echarts/core";
  import { BarChart, LineChart } from "echarts/charts";
  import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
  import { SVGRenderer } from "echarts/renderers";
  use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
  export { init };
`;

const ICONS = [
  "accessibility", "alarm-clock", "arrow-left", "arrow-left-right", "arrow-right", "ban", "bell", "book-open",
  "building-2", "calendar-check", "calendar-clock", "calendar-days", "calendar-plus", "calendar-range",
  "captions", "chart-column", "check", "chevron-left", "chevron-right", "circle-alert", "circle-check", "circle-stop",
  "clipboard-list", "clock", "copy", "download", "external-link", "eye", "eye-off", "file-check", "file-text",
  "gauge", "headphones", "history", "house", "inbox", "info", "key", "key-round", "languages", "link",
  "list-video", "lock", "log-in", "log-out", "mail", "mail-warning", "mic", "monitor-play", "pencil", "play",
  "plus", "printer", "qr-code", "radio", "refresh-cw", "rotate-ccw", "scroll-text", "search", "search-x", "send",
  "settings", "shield-alert", "shield-check", "smartphone", "ticket", "triangle-alert", "tv", "undo-2",
  "upload", "user-check", "user-round", "users", "video-off", "volume-x", "wifi-off", "x",
];

await rm(vendor, { recursive: true, force: true });
await mkdir(path.join(vendor, "icons"), { recursive: true });
for (const [name, source] of Object.entries(FILES)) await cp(source, path.join(vendor, name));
await rm(fonts, { recursive: true, force: true });
await mkdir(fonts, { recursive: true });
for (const [name, source] of Object.entries(FONTS)) await cp(source, path.join(fonts, name));
for (const name of ICONS) await cp(from("lucide-static", "icons", `${name}.svg`), path.join(vendor, "icons", `${name}.svg`));
const modules = {
  "media-chrome.js": MEDIA_CHROME.map((name) => `import "media-chrome/dist/${name}.js";`).join("\n"),
  "echarts.js": ECHARTS,
};
for (const [name, contents] of Object.entries(modules)) {
  await build({
    stdin: { contents, resolveDir: "." },
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2019",
    logLevel: "error",
    outfile: path.join(vendor, name),
  });
}
