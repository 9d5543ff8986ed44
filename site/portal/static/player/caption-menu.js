// The menu 字幕: on or off, size, colours, place. It stays open while one tries what can be read best.
import { PLACES, SIZES, STYLES } from "./caption-prefs.js";
import { Menu } from "./menu.js";
import { STRINGS as S } from "./strings.js";

const GROUPS = { size: SIZES, style: STYLES, place: PLACES };

export class CaptionMenu {
  // captions: {isThere, isLive, apply()}
  constructor(box, prefs, captions) {
    this.box = box;
    this.prefs = prefs;
    this.captions = captions;
    this.menu = new Menu(box, (value) => this.choose(value), { staysOpen: true });
    this.show();
  }

  show() {
    this.box.hidden = !this.captions.isThere;
    const choices = [
      { heading: this.captions.isLive ? S.liveCaptions : S.captions },
      { value: "on:true", label: S.captionsOn },
      { value: "on:false", label: S.captionsOff },
    ];
    for (const [name, values] of Object.entries(GROUPS)) {
      choices.push({ heading: S.captionGroups[name] });
      choices.push(...values.map((value) => ({ value: `${name}:${value}`, label: S.captionChoices[value] })));
    }
    const isOn = this.prefs.get("on");
    this.menu.show(choices, (value) => {
      const [name, text] = value.split(":");
      return String(this.prefs.get(name)) === text;
    });
    const button = this.box.querySelector(".lp-button");
    button.setAttribute("aria-label", isOn ? S.captionsAreOn : S.captionsAreOff);
    button.dataset.on = String(isOn);
  }

  choose(value) {
    const [name, text] = value.split(":");
    this.prefs.set(name, name === "on" ? text === "true" : text);
    if (name !== "on") this.prefs.set("on", true);
    this.captions.apply();
    this.show();
  }

  toggle() {
    if (this.captions.isThere) this.choose(`on:${!this.prefs.get("on")}`);
  }
}
