// How somebody wants the captions, kept in this browser only. Pure but for the storage it is given.
const KEY = "wkt.captions";

export const SIZES = ["small", "usual", "large", "huge"];
export const STYLES = ["dark", "yellow", "light", "outline"];
export const PLACES = ["bottom", "top"];
const USUAL = { on: true, size: "usual", style: "dark", place: "bottom" };
const ALLOWED = { on: [true, false], size: SIZES, style: STYLES, place: PLACES };

export class CaptionPrefs {
  // storage: localStorage or anything alike, or null; it may refuse, then nothing is remembered.
  constructor(storage) {
    this.storage = storage;
    this.chosen = { ...USUAL, ...this.read() };
  }

  get(name) {
    return this.chosen[name];
  }

  set(name, value) {
    if (!ALLOWED[name] || !ALLOWED[name].includes(value)) return;
    this.chosen[name] = value;
    try {
      this.storage.setItem(KEY, JSON.stringify(this.chosen));
    } catch {
      this.storage = null; // full or forbidden: go on without
    }
  }

  // What was remembered, without what is none of the choices.
  read() {
    try {
      const saved = JSON.parse(this.storage.getItem(KEY)) || {};
      const kept = {};
      for (const name of Object.keys(ALLOWED)) if (ALLOWED[name].includes(saved[name])) kept[name] = saved[name];
      return kept;
    } catch {
      return {};
    }
  }
}
