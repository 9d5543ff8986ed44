// Reports on their way: kept until the server has said that it has them, also over a closed page.
// Each has a visit and a number, so that one sent twice counts once.

const PREFIX = "wkt.beacons.";
const MOST = 400; // reports kept; beyond it the oldest go
const ADOPT_AFTER = 60000; // ms after which what another page left behind is taken over

// storage: localStorage or anything alike; it may refuse, then reports are kept in this page only.
export class Outbox {
  constructor(visit, storage, now) {
    this.key = PREFIX + visit;
    this.storage = storage;
    this.waiting = this.adopt(now);
  }

  add(report, now) {
    this.waiting.push(report);
    this.waiting = this.waiting.slice(-MOST);
    this.save(now);
  }

  next(most) {
    return this.waiting.slice(0, most);
  }

  // The server has taken these, or never will.
  settle(reports, now) {
    const gone = new Set(reports);
    this.waiting = this.waiting.filter((report) => !gone.has(report));
    this.save(now);
  }

  save(now) {
    if (!this.storage) return;
    try {
      if (this.waiting.length === 0) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify({ at: now, reports: this.waiting }));
    } catch {
      this.storage = null; // full or forbidden: go on without
    }
  }

  // What pages before this one could not send.
  adopt(now) {
    const found = [];
    if (!this.storage) return found;
    try {
      for (const key of Object.keys(this.storage)) {
        if (!key.startsWith(PREFIX) || key === this.key) continue;
        const left = JSON.parse(this.storage.getItem(key));
        if (now - left.at < ADOPT_AFTER) continue;
        this.storage.removeItem(key);
        found.push(...left.reports);
      }
    } catch {
      return found;
    }
    return found.slice(-MOST);
  }
}
