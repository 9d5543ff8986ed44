// Names of the qualities, and the choices of the menu.
import { STRINGS } from "./strings.js";

export const AUTO = -1;

// levels: hls.js levels; a rung's playlist is named after it: source.m3u8, 720p.m3u8.
export function levelName(level) {
  const address = Array.isArray(level.url) ? level.url[0] : level.url;
  const file = String(address || "").split(/[?#]/)[0].split("/").pop();
  const rung = file.replace(/\.m3u8$/, "");
  if (rung === "source") return STRINGS.source;
  if (/^\d+p$/.test(rung)) return rung;
  return level.height ? `${level.height}p` : STRINGS.source;
}

// Best first; [{value, label, note}] with 自动 in front. current: the level playing in automatic mode.
export function qualityChoices(levels, current) {
  const named = levels.map((level, value) => ({ value, label: levelName(level), rate: level.bitrate || 0 }));
  named.sort((a, b) => b.rate - a.rate);
  const playing = levels[current];
  const auto = { value: AUTO, label: STRINGS.auto, note: playing ? STRINGS.autoNow(levelName(playing)) : "" };
  return [auto, ...named.map(({ value, label }) => ({ value, label, note: "" }))];
}
