// The chapters that the laws spoken of make, as the public will get them of what is saved. Pressing one goes to its cue.
import { clock } from "./time.js";

const AFTER_MS = 1000; // behind a save: while somebody types on, they are not asked for again and again

export class Chapters {
  // parts: {list, none}; goTo(id): to the cue a chapter begins at
  constructor(api, parts, goTo) {
    this.api = api;
    this.parts = parts;
    parts.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-cue]");
      if (button) goTo(button.dataset.cue);
    });
  }

  loadSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), AFTER_MS);
  }

  async load() {
    let chapters;
    try {
      ({ chapters } = await this.api.get("/chapters"));
    } catch {
      return; // a help: those shown before stay
    }
    this.parts.none.hidden = chapters.length > 0;
    this.parts.list.replaceChildren(...chapters.map((chapter) => this.item(chapter)));
  }

  item({ cue, at_ms, title, law, url }) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chapter";
    button.dataset.cue = cue;
    const at = document.createElement("span");
    at.textContent = clock(at_ms).replace(/\.\d+$/, "");
    button.append(at, title);
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = "查法律";
    link.setAttribute("aria-label", `查法律：《${law}》，新窗口打开`);
    item.append(button, link);
    return item;
  }
}
