// The list of cues. Only the current one can be typed in; the others are light, so that two hours stay quick.
import { textOf, widthOf } from "./cue-list.js";
import { clock } from "./time.js";

const WIDEST = 16;
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

export class ListView {
  // on: {choose(id, focus), type(id, text), times(id, start, end), playFrom(id), look(id), drop(id)}
  constructor(list, on) {
    this.list = list;
    this.on = on;
    this.rows = new Map();
    this.shown = new Map();
    this.faults = new Map();
    this.mayType = false;
    this.filter = () => true;
    list.addEventListener("click", (event) => this.onClick(event));
    list.addEventListener("input", (event) => this.onInput(event));
    list.addEventListener("change", (event) => this.onTimes(event));
  }

  // Bring the rows to what the cues are now; only those that changed are made anew.
  show(cues, current) {
    const wanted = cues.filter((cue) => this.filter(cue) || cue.id === current);
    const ids = new Set(wanted.map((cue) => cue.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.rows.delete(id);
      this.shown.delete(id);
    }
    const numbers = new Map(cues.map((cue, index) => [cue.id, index + 1]));
    let place = this.list.firstElementChild;
    for (const cue of wanted) {
      const row = this.row(cue, cue.id === current, numbers.get(cue.id));
      if (row === place) place = place.nextElementSibling;
      else this.list.insertBefore(row, place);
    }
  }

  row(cue, isCurrent, number) {
    const old = this.rows.get(cue.id);
    const faults = this.faults.get(cue.id) || [];
    const key = [cue, isCurrent, number, faults, this.mayType];
    const before = this.shown.get(cue.id);
    if (old && before && key.every((part, index) => part === before[index])) return old;
    this.shown.set(cue.id, key);
    if (old && isCurrent && before && before[1] && this.mayType === before[4]) {
      this.refreshCurrent(old, cue, number, faults);
      return old;
    }
    const row = old || element("li", "cue");
    row.dataset.id = cue.id;
    row.classList.toggle("cue-current", isCurrent);
    row.replaceChildren(this.head(cue, isCurrent, number), isCurrent && this.mayType ? this.box(cue, number) : this.words(cue, number));
    if (isCurrent) row.append(element("p", "cue-count"));
    row.append(this.faultList(faults));
    if (isCurrent) {
      row.setAttribute("aria-current", "true");
      this.count(row, cue);
    } else {
      row.removeAttribute("aria-current");
    }
    this.rows.set(cue.id, row);
    return row;
  }

  // The row that is being typed in: nothing under the caret is replaced.
  refreshCurrent(row, cue, number, faults) {
    const box = row.querySelector("textarea");
    if (box && box.value.replace(/\s+$/gm, "") !== textOf(cue).replace(/\s+$/gm, "")) box.value = textOf(cue);
    if (box) grow(box);
    const holdsFocus = row.querySelector(".cue-head").contains(document.activeElement);
    if (holdsFocus) {
      this.fillTimes(row, cue);
    } else {
      row.querySelector(".cue-head").replaceWith(this.head(cue, true, number));
    }
    this.count(row, cue);
    row.querySelector(".cue-faults").replaceWith(this.faultList(faults));
  }

  head(cue, isCurrent, number) {
    const head = element("div", "cue-head");
    head.append(element("span", "cue-number", String(number)));
    const play = element("button", "cue-play", clock(cue.start_ms));
    play.type = "button";
    play.dataset.act = "play";
    play.setAttribute("aria-label", `从 ${clock(cue.start_ms)} 播放第 ${number} 条`);
    head.append(play);
    if (isCurrent && this.mayType) {
      head.append(this.timeField("start", "开始", cue.start_ms), this.timeField("end", "结束", cue.end_ms));
    }
    if (cue.held) head.append(element("span", "pill pill-attention", `待核对：${cue.held}`));
    else if (cue.doubtful) head.append(element("span", "pill pill-attention", `没把握 ${Math.round(cue.prob * 100)}%`));
    if (isCurrent && this.mayType && (cue.held || cue.doubtful)) {
      head.append(this.button("look", cue.held ? "保留，没错" : "看过，没错"));
      if (cue.held) head.append(this.button("drop", "删掉"));
    }
    return head;
  }

  button(act, words) {
    const button = element("button", "cue-look button", words);
    button.type = "button";
    button.dataset.act = act;
    return button;
  }

  timeField(edge, label, ms) {
    const field = element("label", "cue-edge");
    field.append(element("span", "visually-hidden", `${label}时间`));
    const input = element("input", "input");
    input.value = clock(ms);
    input.dataset.edge = edge;
    input.autocomplete = "off";
    input.inputMode = "decimal";
    field.append(input);
    return field;
  }

  fillTimes(row, cue) {
    for (const input of row.querySelectorAll("[data-edge]")) {
      if (input !== document.activeElement) input.value = clock(cue[`${input.dataset.edge}_ms`]);
    }
  }

  box(cue, number) {
    const box = element("textarea", "input cue-text");
    box.value = textOf(cue);
    box.rows = 1;
    box.setAttribute("aria-label", `第 ${number} 条字幕，${clock(cue.start_ms)}`);
    box.spellcheck = false;
    queueMicrotask(() => grow(box));
    return box;
  }

  words(cue, number) {
    const words = element(this.mayType ? "button" : "p", "cue-words");
    if (this.mayType) {
      words.type = "button";
      words.dataset.act = "choose";
      words.setAttribute("aria-label", `修改第 ${number} 条：${cue.lines.join(" ") || "没有文字"}`);
    }
    for (const line of cue.lines.length ? cue.lines : [""]) words.append(element("span", "cue-line", line || " "));
    return words;
  }

  count(row, cue) {
    const seconds = (cue.end_ms - cue.start_ms) / 1000;
    const widths = cue.lines.map(widthOf);
    const letters = widths.reduce((sum, width) => sum + width, 0);
    const speed = seconds > 0 ? `，每秒 ${(letters / seconds).toFixed(1)} 字` : "";
    const count = row.querySelector(".cue-count");
    count.textContent = `每行 ${widths.join("、") || 0} 字（最多 ${WIDEST}），停留 ${seconds.toFixed(1)} 秒${speed}`;
    count.classList.toggle("cue-over", widths.some((width) => width > WIDEST));
  }

  faultList(faults) {
    const list = element("ul", "cue-faults");
    list.hidden = !faults.length;
    for (const fault of faults) {
      const item = element("li", fault.level === "error" ? "cue-error" : "cue-warning");
      item.append(element("b", "", fault.level === "error" ? "要改：" : "注意："), fault.message);
      list.append(item);
    }
    return list;
  }

  // What the rules say, by cue; ids: of the cues that were looked at.
  setFaults(faults, ids) {
    const fresh = new Map();
    for (const fault of faults) fresh.set(fault.cue, [...(fresh.get(fault.cue) || []), fault]);
    for (const id of ids) {
      if (fresh.has(id)) this.faults.set(id, fresh.get(id));
      else this.faults.delete(id);
    }
  }

  get textBox() {
    return this.list.querySelector(".cue-current textarea");
  }

  reveal(id, focus, caret) {
    const row = this.rows.get(id);
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    if (!focus) return;
    const target = this.mayType ? row.querySelector("textarea") : row;
    if (target === row) row.tabIndex = -1;
    if (target) target.focus({ preventScroll: true });
    if (this.mayType && target && caret !== undefined) target.setSelectionRange(caret, caret);
  }

  markPlaying(id) {
    if (this.playing === id) return;
    this.rows.get(this.playing)?.classList.remove("cue-playing");
    this.rows.get(id)?.classList.add("cue-playing");
    this.playing = id;
  }

  onClick(event) {
    const row = event.target.closest(".cue");
    if (!row) return;
    const act = event.target.closest("[data-act]")?.dataset.act;
    const { id } = row.dataset;
    if (act === "play") this.on.playFrom(id);
    else if (act === "look") this.on.look(id);
    else if (act === "drop") this.on.drop(id);
    else if (act === "choose" || !this.mayType) this.on.choose(id, true);
  }

  onInput(event) {
    const row = event.target.closest(".cue");
    if (!row || !event.target.matches("textarea")) return;
    grow(event.target);
    this.on.type(row.dataset.id, event.target.value);
  }

  onTimes(event) {
    const row = event.target.closest(".cue");
    if (!row || !event.target.dataset.edge) return;
    const value = (edge) => row.querySelector(`[data-edge=${edge}]`).value;
    this.on.times(row.dataset.id, value("start"), value("end"));
  }
}

function grow(box) {
  box.rows = Math.max(1, box.value.split("\n").length);
}
