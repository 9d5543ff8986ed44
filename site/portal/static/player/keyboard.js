// Keys for the whole page, as people know them from other players.
const TYPING = "input, textarea, select, [contenteditable]";
const PRESSABLE = "button, a, summary, [role=button], [role=menuitemradio], media-play-button, media-mute-button";
const OWN_ARROWS = "media-time-range, media-volume-range, [role=menu], [role=menu] *";

// player: {togglePlay, toggleMute, toggleFullscreen, toggleCaptions, skip(seconds)}. Returns its undo.
export function listenToKeys(player) {
  const actions = {
    " ": () => player.togglePlay(),
    k: () => player.togglePlay(),
    m: () => player.toggleMute(),
    f: () => player.toggleFullscreen(),
    c: () => player.toggleCaptions(),
    j: () => player.skip(-10),
    l: () => player.skip(10),
    ArrowLeft: () => player.skip(-5),
    ArrowRight: () => player.skip(5),
  };
  const onKey = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const target = event.target instanceof Element ? event.target : document.body;
    if (!(key in actions) || target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    if (key === " " && target.closest(PRESSABLE)) return;
    if (key.startsWith("Arrow") && target.closest(OWN_ARROWS)) return;
    event.preventDefault();
    actions[key]();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
