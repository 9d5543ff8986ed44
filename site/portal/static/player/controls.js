// The player's markup: media-chrome's controls, our own buttons, and what lies over the picture.
import { STRINGS as S } from "./strings.js";

export function controlsMarkup() {
  return `
    <media-controller lang="zh-CN" nohotkeys defaultstreamtype="live" liveedgeoffset="8">
      <video slot="media" playsinline webkit-playsinline x5-video-player-type="h5-page" preload="none"></video>
      <div class="lp-listening" noautohide hidden>
        <span class="lp-icon lp-icon-audio"></span><span>${S.audioOnlyOn}</span>
      </div>
      <media-loading-indicator slot="centered-chrome" noautohide>
        <span slot="icon" class="lp-wheel"></span>
      </media-loading-indicator>
      <div class="lp-shade" aria-hidden="true"></div>
      <div class="lp-captions" aria-hidden="true" noautohide hidden></div>
      <div class="lp-over" noautohide>
        <button type="button" class="lp-big-play" aria-label="${S.play}" hidden></button>
        <div class="lp-message" role="status" hidden>
          <strong></strong><p></p><div class="lp-actions"></div>
        </div>
      </div>
      <div class="lp-bar" role="status" noautohide hidden></div>
      <button type="button" class="lp-button lp-solid lp-unmute" noautohide hidden>
        <span class="lp-icon lp-icon-sound"></span><span>${S.unmute}</span>
      </button>
      <div class="lp-resume" noautohide hidden>
        <span></span><button type="button" class="lp-button">${S.fromStart}</button>
      </div>
      <div class="lp-bottom">
        <media-time-range></media-time-range>
        <div class="lp-row">
          <media-play-button></media-play-button>
          <media-mute-button></media-mute-button>
          <media-volume-range class="lp-wide"></media-volume-range>
          <media-time-display class="lp-time" showduration hidden></media-time-display>
          <button type="button" class="lp-button lp-live" hidden><span></span></button>
          <span class="lp-space"></span>
          <button type="button" class="lp-button lp-audio lp-wide" aria-pressed="false" title="${S.audioOnlyHint}">
            <span class="lp-icon lp-icon-audio"></span><span>${S.audioOnly}</span>
          </button>
          <div class="lp-menu-box lp-captions-box" hidden>
            <button type="button" class="lp-button" aria-haspopup="menu" aria-expanded="false">
              <span class="lp-icon lp-icon-captions"></span><span class="lp-wide">${S.captions}</span>
            </button>
            <div class="lp-menu" role="menu" aria-label="${S.captions}" hidden></div>
          </div>
          <div class="lp-menu-box lp-speed" hidden>
            <button type="button" class="lp-button" aria-haspopup="menu" aria-expanded="false"></button>
            <div class="lp-menu" role="menu" aria-label="${S.speed}" hidden></div>
          </div>
          <div class="lp-menu-box lp-quality">
            <button type="button" class="lp-button" aria-haspopup="menu" aria-expanded="false"></button>
            <div class="lp-menu" role="menu" aria-label="${S.quality}" hidden></div>
          </div>
          <media-fullscreen-button></media-fullscreen-button>
        </div>
      </div>
    </media-controller>`;
}

// media-chrome moves a range that is seen sixty times a second, and the page is drawn anew each time. Told that it is
// not seen, it moves with the video's own time, four times a second.
export function calmTimeRange(root) {
  root.querySelector("media-time-range").checkVisibility = () => false;
}

// The parts by name, once the markup is in the element.
export function findParts(root) {
  const one = (selector) => root.querySelector(selector);
  return {
    root,
    controller: one("media-controller"),
    video: one("video"),
    listening: one(".lp-listening"),
    bigPlay: one(".lp-big-play"),
    message: one(".lp-message"),
    bar: one(".lp-bar"),
    unmute: one(".lp-unmute"),
    resume: one(".lp-resume"),
    time: one(".lp-time"),
    live: one(".lp-live"),
    audio: one(".lp-audio"),
    captions: one(".lp-captions"),
    captionMenu: one(".lp-captions-box"),
    speed: one(".lp-speed"),
    quality: one(".lp-quality"),
    fullscreen: one("media-fullscreen-button"),
  };
}
