// The editor's dialogs: find and replace, moving times, cues that two people changed, what an earlier visit left.
import { clock } from "./time.js";

export class FindReplace {
  // parts: {dialog, find, put, count, all, next}; editor: {matches(text), goTo(id), replaceAll(find, put)}
  constructor(parts, editor) {
    this.parts = parts;
    this.editor = editor;
    parts.find.addEventListener("input", () => this.count());
    parts.next.addEventListener("click", () => this.next());
    parts.all.addEventListener("click", () => this.all());
    parts.find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.next();
    });
  }

  open(text) {
    if (text) this.parts.find.value = text;
    this.parts.dialog.showModal();
    this.parts.find.select();
    this.count();
  }

  count() {
    const found = this.parts.find.value ? this.editor.matches(this.parts.find.value).length : 0;
    this.parts.count.textContent = this.parts.find.value ? `有 ${found} 条字幕写着“${this.parts.find.value}”。` : "";
    this.parts.all.disabled = this.parts.next.disabled = found === 0;
  }

  next() {
    const found = this.editor.matches(this.parts.find.value);
    if (!found.length) return;
    const here = this.editor.current;
    const after = found.find((cue) => this.editor.isAfter(cue.id, here)) || found[0];
    this.parts.dialog.close();
    this.editor.goTo(after.id);
  }

  all() {
    const count = this.editor.replaceAll(this.parts.find.value, this.parts.put.value);
    this.parts.dialog.close();
    this.editor.say(`替换了 ${count} 处，可以撤销。`);
  }
}

// parts: {dialog, form, amount, range}; shift(ms, range)
export function listenToShift(parts, shift) {
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const seconds = Number(parts.amount.value.trim().replace("，", "."));
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 3600) {
      parts.amount.setCustomValidity("请填秒数，例如 -0.5 或 2。");
      parts.amount.reportValidity();
      return;
    }
    parts.dialog.close();
    shift(seconds * 1000, new FormData(parts.form).get("range"));
  });
  parts.amount.addEventListener("input", () => parts.amount.setCustomValidity(""));
}

const shown = (cue) => (cue ? `${clock(cue.start_ms)} – ${clock(cue.end_ms)}　${cue.lines.join(" / ")}` : "（删除了这一条）");

// parts: {dialog, list, form}; decide(choices: Map of id → "mine" | "theirs")
export class Conflicts {
  constructor(parts, decide) {
    this.parts = parts;
    parts.dialog.addEventListener("cancel", (event) => event.preventDefault());
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = new FormData(parts.form);
      parts.dialog.close();
      decide(this.conflicts, new Map(this.conflicts.map(({ id }) => [id, chosen.get(`choice-${id}`)])));
    });
  }

  open(conflicts) {
    this.conflicts = conflicts;
    this.parts.list.replaceChildren(...conflicts.map((each) => this.item(each)));
    if (!this.parts.dialog.open) this.parts.dialog.showModal();
  }

  item({ id, mine, theirs }) {
    const item = document.createElement("fieldset");
    item.className = "conflict";
    const legend = document.createElement("legend");
    legend.textContent = clock((mine || theirs).start_ms);
    item.append(legend);
    for (const [value, words, cue] of [["mine", "我写的", mine], ["theirs", "现在的", theirs]]) {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = `choice-${id}`;
      radio.value = value;
      radio.checked = value === "mine";
      const name = document.createElement("b");
      name.textContent = `${words}：`;
      label.append(radio, name, shown(cue));
      item.append(label);
    }
    return item;
  }
}
