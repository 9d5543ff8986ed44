// The menus for quality (with 省流听讲) and speed.
import { Menu } from "./menu.js";
import { AUTO, levelName, qualityChoices } from "./quality.js";
import { STRINGS as S } from "./strings.js";

const AUDIO = "audio";
const RATES = [0.75, 1, 1.25, 1.5, 2];

export class Choices {
  // player: {chooseQuality(name|null), setAudioOnly(boolean), setRate(rate)}
  constructor(parts, player) {
    this.parts = parts;
    this.player = player;
    this.quality = new Menu(parts.quality, (value) => this.onQuality(value));
    this.speed = new Menu(parts.speed, (rate) => player.setRate(rate));
    parts.audio.addEventListener("click", () => player.setAudioOnly(!this.audioOnly));
    this.levels = [];
    this.audioOnly = false;
  }

  // state: {engine, audioOnly, hasAudio}
  showQuality({ engine, audioOnly, hasAudio }) {
    this.levels = audioOnly || !engine ? [] : engine.levels;
    this.audioOnly = audioOnly;
    const chosen = engine ? engine.chosenLevel : AUTO;
    const choices = qualityChoices(this.levels, engine ? engine.currentLevel : -1);
    if (hasAudio) choices.push({ value: AUDIO, label: S.audioOnly, note: "" });
    this.quality.show(choices, audioOnly ? AUDIO : chosen);
    const level = this.levels[chosen];
    const name = audioOnly ? S.audioOnly : level ? levelName(level) : S.auto;
    this.parts.quality.hidden = choices.length < 2;
    this.label(this.parts.quality, name, S.qualityOf(name));
    this.parts.audio.hidden = !hasAudio;
    this.parts.audio.setAttribute("aria-pressed", String(audioOnly));
  }

  showSpeed(isReplay, rate) {
    this.parts.speed.hidden = !isReplay;
    this.speed.show(
      RATES.map((value) => ({ value, label: `${value}×`, note: "" })),
      rate,
    );
    this.label(this.parts.speed, rate === 1 ? S.speed : `${rate}×`, S.speedOf(rate));
  }

  label(box, text, spoken) {
    const button = box.querySelector(".lp-button");
    button.textContent = text;
    button.setAttribute("aria-label", spoken);
  }

  onQuality(value) {
    if (value === AUDIO) {
      this.player.setAudioOnly(true);
      return;
    }
    const level = this.levels[value];
    this.player.chooseQuality(level ? levelName(level) : null);
  }
}
