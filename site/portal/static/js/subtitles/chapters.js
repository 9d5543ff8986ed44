// The chapters that the laws spoken of make, as the public will get them of what is saved, and those that were declined.
// Pressing one goes to its cue.
import { clock } from "./time.js";

const AFTER_MS = 1000; // behind a save: while somebody types on, they are not asked for again and again

export class Chapters {
  // parts: {list, none}; on.goTo(id): to the cue a chapter begins at; on.decide({law, article, wanted}): gives the
  // chapters as they are then, null when it could not be done; without it nobody decides here, on.mayDecide(): now?
  constructor(api, parts, on) {
    this.api = api;
    this.parts = parts;
    this.on = on;
    parts.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.cue) on.goTo(button.dataset.cue);
      else this.decide(button);
    });
  }

  loadSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), AFTER_MS);
  }

  async load() {
    try {
      this.show((await this.api.get("/chapters")).chapters);
    } catch {
      // a help: those shown before stay
    }
  }

  async decide(button) {
    const { law, article } = button.dataset;
    button.disabled = true;
    const chapters = await this.on.decide({ law, article, wanted: button.dataset.wanted === "true" });
    button.disabled = false;
    if (!chapters) return;
    this.show(chapters);
    const same = (each) => each.dataset.law === law && each.dataset.article === article;
    [...this.parts.list.querySelectorAll("[data-law]")].find(same)?.focus();
  }

  show(chapters) {
    this.parts.none.hidden = chapters.length > 0;
    this.parts.list.replaceChildren(...chapters.map((chapter) => this.item(chapter)));
  }

  item({ cue, at_ms, title, law, article, name, url, declined_by }) {
    const item = document.createElement("li");
    item.classList.toggle("is-declined", Boolean(declined_by));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chapter";
    button.dataset.cue = cue;
    const at = document.createElement("span");
    at.textContent = clock(at_ms).replace(/\.\d+$/, "");
    const words = document.createElement(declined_by ? "s" : "b");
    words.textContent = title;
    button.append(at, words);
    if (declined_by) {
      const by = document.createElement("small");
      by.textContent = `不作章节（${declined_by}）`;
      button.append(by);
    }
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = "查法律";
    link.setAttribute("aria-label", `查法律：《${name}》，新窗口打开`);
    item.append(button, link);
    if (this.on.decide) item.append(this.decision(title, law, article, Boolean(declined_by)));
    return item;
  }

  decision(title, law, article, isDeclined) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small";
    button.dataset.needsHold = "";
    button.disabled = !this.on.mayDecide();
    Object.assign(button.dataset, { law, article, wanted: String(isDeclined) });
    button.textContent = isDeclined ? "恢复" : "不用";
    button.setAttribute("aria-label", `${isDeclined ? "恢复章节" : "不用章节"}：${title}`);
    return button;
  }
}
