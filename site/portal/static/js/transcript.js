// The transcript beside the player: it follows what is said and goes where one points; it can be searched and copied.
// Without this module it is a text whose times are links.
import { secondAsked } from "../player/time.js";

const YIELD_MS = 6000; // so long the text stays where a reader has scrolled it
const SAID_MS = 4000;
const TYPING_MS = 150;

class Transcript {
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.video = player.video;
    this.text = root.querySelector(".transcript-text");
    this.cues = Array.from(root.querySelectorAll(".cue"));
    this.starts = this.cues.map((cue) => Number(cue.dataset.start));
    this.ends = this.cues.map((cue) => Number(cue.dataset.end));
    this.current = -1;
    this.found = [];
    this.readUntil = 0;
    this.prepareCues();
    this.listen();
    this.showFirst();
  }

  // One of the cues is in the order of the Tab key, the arrow keys go from one to the next.
  prepareCues() {
    for (const cue of this.cues) {
      cue.setAttribute("role", "button");
      cue.tabIndex = -1;
    }
    if (this.cues.length) this.cues[0].tabIndex = 0;
  }

  listen() {
    const { root, video } = this;
    for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, () => this.follow());
    root.addEventListener("click", (event) => this.onClick(event));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.text.addEventListener(name, () => this.yieldToReader(), { passive: true });
    }
    const find = root.querySelector(".transcript-find");
    this.input = find.querySelector("input");
    this.count = find.querySelector(".transcript-count");
    this.steps = Array.from(find.querySelectorAll("[data-find]"));
    find.hidden = false;
    this.input.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.find(this.input.value), TYPING_MS);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.step(event.shiftKey ? -1 : 1);
      }
    });
    for (const button of root.querySelectorAll('[data-do="copy"], [data-do="print"]')) button.hidden = false;
    this.back = root.querySelector('[data-do="follow"]');
    document.addEventListener("click", (event) => {
      const open = root.querySelector(".transcript-downloads[open]");
      if (open && !open.contains(event.target)) open.open = false;
    });
  }

  // What the address asks for: a second, or words to look for.
  showFirst() {
    const words = new URLSearchParams(window.location.search).get("find");
    if (words) {
      this.input.value = words.slice(0, 60);
      this.find(this.input.value);
      return;
    }
    const second = secondAsked(window.location.search);
    if (second !== undefined) this.mark(this.indexAt(second + 0.999));
  }

  // -- following

  indexAt(time) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  get isReplay() {
    return Boolean(this.player.source) && !this.player.isLive;
  }

  follow() {
    if (!this.isReplay || this.player.dataset.started !== "true") return;
    const at = this.indexAt(this.video.currentTime + 0.05);
    if (at !== this.current) this.mark(at);
  }

  mark(at) {
    if (this.cues[this.current]) this.cues[this.current].removeAttribute("aria-current");
    this.current = at;
    const cue = this.cues[at];
    if (!cue) return;
    cue.setAttribute("aria-current", "true");
    if (Date.now() < this.readUntil) this.back.hidden = false;
    else this.bring(cue);
  }

  // Into the middle of the text's own box; the page itself stays where it is.
  bring(cue) {
    this.back.hidden = true;
    const box = this.text.getBoundingClientRect();
    const place = cue.getBoundingClientRect();
    const isSeen = place.top >= box.top + 24 && place.bottom <= box.bottom - 48;
    if (isSeen || this.text.scrollHeight <= this.text.clientHeight) return;
    const top = this.text.scrollTop + place.top - box.top - this.text.clientHeight / 3;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.text.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  }

  yieldToReader() {
    this.readUntil = Date.now() + YIELD_MS;
  }

  resume() {
    this.readUntil = 0;
    if (this.cues[this.current]) this.bring(this.cues[this.current]);
    else this.back.hidden = true;
  }

  // -- what people do

  onClick(event) {
    const target = event.target.closest("[data-do], [data-find], [data-jump], .cue");
    if (!target || !this.root.contains(target)) return;
    if (target.dataset.find) this.step(Number(target.dataset.find));
    else if (target.dataset.do === "copy") this.copy();
    else if (target.dataset.do === "print") window.print();
    else if (target.dataset.do === "follow") this.resume();
    else if (target.dataset.jump) {
      if (!this.isReplay || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.jump(Number(target.dataset.jump));
    } else if (target.matches(".cue") && String(window.getSelection()) === "") {
      this.jump(Number(target.dataset.start));
    }
  }

  onKey(event) {
    const at = this.cues.indexOf(event.target);
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.jump(this.starts[at]);
      return;
    }
    const moves = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.focus(moves[event.key]);
  }

  focus(at) {
    const cue = this.cues[at];
    if (!cue) return;
    for (const each of this.cues) each.tabIndex = -1;
    cue.tabIndex = 0;
    cue.focus();
  }

  jump(seconds) {
    if (!this.isReplay) return;
    this.readUntil = 0;
    this.player.jumpTo(seconds);
    this.mark(this.indexAt(seconds + 0.05));
  }

  // -- searching in it

  find(typed) {
    const words = plain(typed);
    for (const cue of this.cues) cue.classList.remove("is-found", "is-found-now");
    this.found = words ? this.cuesWith(words) : [];
    for (const at of this.found) this.cues[at].classList.add("is-found");
    for (const button of this.steps) button.hidden = this.found.length < 2;
    this.at = -1;
    this.count.textContent = words ? (this.found.length ? `${this.found.length} 处` : "没有找到") : "";
    if (this.found.length) this.step(1);
  }

  // A word may begin in one cue and end in the next.
  cuesWith(words) {
    const texts = this.cues.map((cue) => plain(cue.textContent));
    const whole = texts.join("");
    const owners = [];
    texts.forEach((text, at) => {
      for (let letter = 0; letter < text.length; letter += 1) owners.push(at);
    });
    const found = new Set();
    for (let at = whole.indexOf(words); at >= 0; at = whole.indexOf(words, at + 1)) found.add(owners[at]);
    return Array.from(found);
  }

  step(by) {
    if (!this.found.length) return;
    if (this.at >= 0) this.cues[this.found[this.at]].classList.remove("is-found-now");
    this.at = (this.at + by + this.found.length) % this.found.length;
    const cue = this.cues[this.found[this.at]];
    cue.classList.add("is-found-now");
    this.count.textContent = `${this.at + 1} / ${this.found.length}`;
    this.yieldToReader();
    this.bring(cue);
  }

  // -- copying

  // The chosen text, or what is being said, with a link to its second.
  async copy() {
    const chosen = this.selected();
    const at = chosen ? chosen.at : this.current;
    const cue = this.cues[at];
    if (!cue) {
      this.say("先选中一段文字，或从要复制的地方开始播放。");
      return;
    }
    const text = chosen ? chosen.text : cue.textContent;
    const done = await toClipboard(`${text}\n${this.root.dataset.address}?t=${Math.floor(this.starts[at])}`);
    this.say(done ? "已复制，连同这一句的链接。" : "浏览器不让复制，请手工选中再复制。");
  }

  selected() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const at = this.cues.findIndex((cue) => selection.containsNode(cue, true));
    return at < 0 ? null : { at, text: String(selection).replace(/\s+/g, " ").trim() };
  }

  say(text) {
    const said = this.root.querySelector(".transcript-said");
    said.textContent = text;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      said.textContent = "";
    }, SAID_MS);
  }
}

// Letters and digits only, in half width and lower case.
function plain(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // no secure page, or refused
  }
}

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

const root = document.querySelector(".transcript");
const player = document.querySelector("lecture-player");
if (root && player) customElements.whenDefined("lecture-player").then(() => new Transcript(root, player));
