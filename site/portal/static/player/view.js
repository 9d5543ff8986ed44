// What the stage shows for a status of the lecture. Pure.
//
// status: {state, starts_at, has_media, cut_off, captions, playlist_url, audio_url, replay_url, replay_audio_url}; now in ms.
export function viewOf(status, now) {
  if (status.cut_off) return { view: "cut", mode: null, interrupted: false };
  const opening = { view: "opening", mode: null, interrupted: false };
  switch (status.state) {
    case "scheduled": {
      const starts = status.starts_at ? Date.parse(status.starts_at) : NaN;
      return { view: starts > now ? "waiting" : "soon", mode: null, interrupted: false };
    }
    case "live":
      return status.has_media ? { view: "player", mode: "live", interrupted: false } : opening;
    case "interrupted":
      return status.has_media ? { view: "player", mode: "live", interrupted: true } : opening;
    default:
      return status.has_media
        ? { view: "player", mode: "replay", interrupted: false }
        : { view: "empty", mode: null, interrupted: false };
  }
}

const FAST = 1000;
const USUAL = 3000;
const CAPTIONED = 2000; // live captions are taken away within 3 s
const CALM = 15000;
const EARLIEST_PUBLISH = 31 * 60000; // an encoder is let in 30 minutes before the start

// Milliseconds until the status is asked for again; null when nothing can change any more.
export function pollDelay(status, now) {
  if (!status) return USUAL;
  if (status.cut_off) return CALM;
  if (status.state === "ended") return null;
  if (status.state === "interrupted" || (status.state === "live" && !status.has_media)) return FAST;
  if (status.state === "scheduled" && status.starts_at && Date.parse(status.starts_at) - now > EARLIEST_PUBLISH) {
    return CALM;
  }
  return status.captions ? CAPTIONED : USUAL;
}
