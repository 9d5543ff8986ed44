// What somebody asked to be played: a quality by its name, 自动 (null), or sound alone (省流听讲).
import { levelName } from "./quality.js";

export class Asked {
  // player: its source, its engine, reattach(). choices, listening: where the menu and the notice are shown.
  constructor(player, choices, listening) {
    this.player = player;
    this.choices = choices;
    this.listening = listening;
    this.quality = null;
    this.audioOnly = false;
  }

  get url() {
    const { source } = this.player;
    return this.audioOnly && source.audioUrl ? source.audioUrl : source.url;
  }

  chooseQuality(name) {
    this.quality = name;
    if (this.audioOnly) this.setAudioOnly(false);
    else this.apply();
    this.show();
  }

  async setAudioOnly(isOn) {
    const { player } = this;
    if (isOn && !player.source.audioUrl) return;
    this.audioOnly = isOn;
    this.listening.hidden = !isOn;
    this.show();
    if (player.engine) await player.reattach();
  }

  // To an engine that has just read its levels.
  apply() {
    const { engine } = this.player;
    if (!engine || this.audioOnly) return;
    const level = engine.levels.findIndex((each) => levelName(each) === this.quality);
    if (level !== engine.chosenLevel) engine.chooseLevel(level);
  }

  show() {
    const { engine, source } = this.player;
    this.choices.showQuality({ engine, audioOnly: this.audioOnly, hasAudio: Boolean(source && source.audioUrl) });
  }
}
