// 直播中, or the way back to it: how far the playhead is behind the newest that may be played.
import { STRINGS as S } from "./strings.js";
import { clockTime } from "./time.js";

const AT_EDGE = 4; // seconds behind the live position that still count as live
const LEFT_EDGE = 7; // from here on it is no longer live; between the two nothing changes

export class LiveEdge {
  constructor(button) {
    this.button = button;
    this.label = button.querySelector("span");
    this.atEdge = true;
    this.follows = true; // at the edge when it last moved, or paused: standing still for want of data changes nothing
    this.behind = 0;
  }

  // livePosition and position in media seconds; livePosition null while unknown.
  update(livePosition, position, { isNarrow, isInterrupted, isPaused, hasPicture }) {
    this.behind = livePosition === null ? 0 : Math.max(0, livePosition - position);
    if (this.behind < AT_EDGE) this.atEdge = true;
    else if (this.behind > LEFT_EDGE) this.atEdge = false;
    if (hasPicture && (isPaused || position !== this.position)) this.follows = this.atEdge;
    this.position = position;
    this.button.dataset.edge = String(this.atEdge && !isInterrupted);
    const away = isNarrow ? S.backToLive : `${S.backToLive} · ${S.behind(clockTime(this.behind))}`;
    const here = isInterrupted ? S.signalLost : S.live;
    const text = this.atEdge ? here : away;
    if (this.label.textContent !== text) this.label.textContent = text;
  }
}
