// Autosave: what is typed is sent a moment later, kept in this browser until it has arrived, and never thrown away.
import { Refusal, Unreachable } from "./api.js";
import { byId, changesOf, isNothing, merge, pendingOf, restorePending } from "./merge.js";

const AFTER_MS = 1200; // without another change
const AT_LAST_MS = 5000; // while somebody types on and on
const AGAIN_MS = 5000; // when nobody answered

// states: "saved", "waiting", "saving", "offline", "lost" (somebody else corrects), "refused"
export class Autosave {
  // editor: {cues, take(cues), refresh(cues), accept(answer), conflicts(list), taken(refusal)}; on(state, words)
  constructor(api, key, editor, on) {
    this.api = api;
    this.key = key;
    this.editor = editor;
    this.on = on;
    this.saved = new Map();
    this.revision = 0;
    this.state = "saved";
    this.busy = false;
    this.timer = 0;
    this.since = 0;
    window.addEventListener("online", () => this.state === "offline" && this.send());
    window.addEventListener("pagehide", () => this.remember());
  }

  // The draft as the server has it.
  begin(draft) {
    this.saved = byId(draft.cues);
    this.revision = draft.revision;
    this.tell("saved");
  }

  get changes() {
    return changesOf(this.saved, this.editor.cues);
  }

  get isDirty() {
    return !isNothing(this.changes);
  }

  // Something was changed.
  changed() {
    if (this.state === "lost") {
      this.remember();
      return;
    }
    if (!this.since) this.since = Date.now();
    if (this.state !== "offline") this.tell("waiting");
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(AFTER_MS, this.since + AT_LAST_MS - Date.now()));
    this.timer = setTimeout(() => this.send(), wait);
    this.rememberSoon();
  }

  // Send what there is now. Resolves when all has arrived, or cannot now.
  async send() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return this.busy;
    }
    this.busy = this.sendOnce();
    try {
      await this.busy;
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      return this.send();
    }
    return undefined;
  }

  async sendOnce() {
    this.since = 0;
    const changes = this.changes;
    if (isNothing(changes)) {
      this.forget();
      this.tell("saved");
      return;
    }
    const sent = this.editor.cues;
    this.tell("saving");
    try {
      const answer = await this.api.post("/save", { revision: this.revision, ...changes });
      this.arrived(sent, answer);
    } catch (error) {
      await this.failed(error);
    }
  }

  arrived(sent, answer) {
    this.revision = answer.revision;
    const said = byId(answer.cues);
    const plain = (cue) => {
      const { sources: _, looked: __, ...rest } = cue;
      return rest;
    };
    const settled = new Map(sent.map((cue) => [cue, said.has(cue.id) ? { ...cue, ...said.get(cue.id) } : cue]));
    this.saved = byId([...settled.values()].map(plain));
    const before = byId(sent);
    this.editor.refresh(
      this.editor.cues.map((cue) => {
        if (settled.has(cue)) return plain(settled.get(cue));
        return before.has(cue.id) ? { ...cue, sources: undefined } : cue;
      }),
    );
    this.editor.accept(answer);
    if (this.isDirty) {
      this.changed();
    } else {
      this.forget();
      this.tell("saved");
    }
  }

  async failed(error) {
    this.remember();
    if (error instanceof Unreachable) {
      this.tell("offline");
      this.timer = setTimeout(() => this.send(), AGAIN_MS);
    } else if (error instanceof Refusal && error.code === "stale") {
      await this.rebase();
    } else if (error instanceof Refusal && error.code === "taken") {
      this.tell("lost", error.message);
      this.editor.taken(error.body);
    } else if (error instanceof Refusal) {
      this.tell("refused", error.message);
    } else {
      throw error;
    }
  }

  // Somebody was quicker: take over what they changed, and ask about what both changed.
  async rebase() {
    let draft;
    try {
      draft = await this.api.get("/draft");
    } catch (error) {
      await this.failed(error);
      return;
    }
    const theirs = byId(draft.cues);
    const merged = merge(this.saved, byId(this.editor.cues), theirs);
    this.takeOver(draft, merged);
  }

  takeOver(draft, { cues, conflicts }) {
    this.saved = byId(draft.cues);
    this.revision = draft.revision;
    this.editor.take(cues, draft);
    if (conflicts.length) {
      this.tell("waiting");
      this.editor.conflicts(conflicts);
    } else {
      this.changed();
    }
  }

  tell(state, words = "") {
    this.state = state;
    this.on(state, words);
  }

  // -- in this browser

  rememberSoon() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => this.remember(), 300);
  }

  remember() {
    clearTimeout(this.remembering);
    const changes = this.changes;
    try {
      if (isNothing(changes)) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify(pendingOf(this.saved, this.editor.cues, changes)));
    } catch {
      // A browser that keeps nothing: the page itself still has it.
    }
  }

  forget() {
    clearTimeout(this.remembering);
    try {
      localStorage.removeItem(this.key);
    } catch {
      // as above
    }
  }

  // What an earlier visit could not send: how many cues, and taking them over.
  get left() {
    try {
      const pending = JSON.parse(localStorage.getItem(this.key));
      return pending && Array.isArray(pending.mine) && Array.isArray(pending.base) ? pending : null;
    } catch {
      return null;
    }
  }

  bringBack(pending, draft) {
    this.takeOver(draft, restorePending(pending, byId(draft.cues)));
  }
}
