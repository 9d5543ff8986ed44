// Where somebody stopped in a replay, kept in this browser only.
const KEY = "wkt.positions";
const KEPT = 50;
const WORTH = 15; // seconds from the start below which nothing is resumed
const NEAR_END = 20; // seconds before the end from which a replay counts as seen

// storage: localStorage or anything alike; it may refuse (private windows), then nothing is remembered.
export class Positions {
  constructor(storage) {
    this.storage = storage;
  }

  read(number) {
    const saved = this.all()[number];
    if (!saved || saved.at < WORTH || saved.at > saved.of - NEAR_END) return 0;
    return saved.at;
  }

  write(number, at, of, now) {
    const all = this.all();
    all[number] = { at: Math.floor(at), of: Math.floor(of), when: now };
    const latest = Object.entries(all).sort((a, b) => b[1].when - a[1].when);
    this.save(Object.fromEntries ? Object.fromEntries(latest.slice(0, KEPT)) : all);
  }

  forget(number) {
    const all = this.all();
    delete all[number];
    this.save(all);
  }

  all() {
    try {
      return JSON.parse(this.storage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  }

  save(all) {
    try {
      this.storage.setItem(KEY, JSON.stringify(all));
    } catch {
      this.storage = null; // full or forbidden: go on without
    }
  }
}

// localStorage, or null where even asking for it is forbidden.
export function browserStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
