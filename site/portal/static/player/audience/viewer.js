// For which unit somebody watches: by the link they came by, or by their own choice on the page.

const KEY = "wkt.unit";

// The code of the link, such as ?u=520028; null without one.
export function linkedUnit(search) {
  const found = /[?&]u=([0-9A-Za-z]{1,16})(?:&|$)/.exec(search);
  return found ? found[1] : null;
}

// What was chosen: a code, "" for 社会公众, null where nothing was.
export function chosenUnit(storage) {
  try {
    return storage ? storage.getItem(KEY) : null;
  } catch {
    return null;
  }
}

export function chooseUnit(storage, code) {
  try {
    if (storage) storage.setItem(KEY, code);
  } catch {
    // it holds for this page only
  }
}

// A rough kind of device, for the choice of formats; nothing that could tell one from another.
export function terminalKind(navigator) {
  const { userAgent } = navigator;
  if (/MicroMessenger/i.test(userAgent)) return "wechat";
  if (/Mobile|Android|iPhone|iPad/i.test(userAgent)) return "phone";
  return "desktop";
}

// A track that the player draws itself is "hidden", one that nobody wants is "disabled" (captions.js).
export function usesCaptions(video) {
  return Array.from(video.textTracks).some((track) => track.kind !== "metadata" && track.mode !== "disabled");
}
