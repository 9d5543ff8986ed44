// The script timed by hand: a key whenever the next line begins.
import { Api, Refusal } from "./api.js";
import { newId } from "./cue-list.js";
import { Playback } from "./playback.js";
import { Taps } from "./taps.js";
import { clock } from "./time.js";

const KEYS = { Space: "next", Enter: "end", NumpadEnter: "end", Backspace: "back", KeyP: "play", KeyR: "slow" };

export class SubtitleTapper extends HTMLElement {
  connectedCallback() {
    const { dataset } = this;
    this.api = new Api(dataset.base);
    this.piece = (name) => this.querySelector(`[data-part="${name}"]`);
    this.rows = [...this.piece("list").children];
    this.taps = new Taps(this.rows.map((row) => JSON.parse(row.dataset.lines)));
    this.playback = new Playback(this.querySelector("lecture-player"), { number: dataset.number, url: dataset.media }, () => undefined);
    const acts = {
      next: () => this.tap((at) => this.taps.next(at)),
      end: () => this.tap((at) => this.taps.end(at)),
      back: () => this.back(),
      play: () => this.playback.toggle(),
      slow: () => this.slow(),
      save: () => this.save(),
    };
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) acts[button.dataset.do]();
    });
    // Before the player's own keys, for which the space bar is playing.
    document.addEventListener(
      "keydown",
      (event) => {
        const act = KEYS[event.code];
        if (!act || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
        if (event.target instanceof Element && event.target.closest("a, input, textarea, select")) return;
        if (event.code === "Enter" && event.target instanceof Element && event.target.closest("button")) return;
        event.preventDefault();
        event.stopPropagation();
        acts[act]();
      },
      true,
    );
    window.addEventListener("beforeunload", (event) => {
      if (this.taps.done.length && !this.isSaved) event.preventDefault();
    });
    this.show();
  }

  tap(act) {
    const refused = act(Math.round(this.playback.seconds * 1000));
    if (refused) this.say(refused);
    this.show();
  }

  back() {
    const at = this.taps.back();
    if (at !== null) this.playback.seek(Math.max(0, at / 1000 - 2));
    this.show();
  }

  slow() {
    this.playback.toggleSlow();
    this.querySelector("[data-do=slow]").setAttribute("aria-pressed", String(this.playback.slow));
  }

  show() {
    const { done, lines } = this.taps;
    this.rows.forEach((row, index) => {
      const cue = done[index];
      row.querySelector(".at").textContent = cue ? clock(cue.start_ms) : "";
      row.toggleAttribute("data-done", Boolean(cue));
      if (index === done.length) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
    const here = this.rows[Math.min(done.length, this.rows.length - 1)];
    if (here) here.scrollIntoView({ block: "nearest" });
    this.querySelector("[data-do=save]").disabled = !done.length;
    if (done.length) this.say(done.length === lines.length ? "全部打完，可以存成草稿了。" : `打了 ${done.length} 条，还有 ${lines.length - done.length} 条。`);
  }

  say(words) {
    this.piece("said").textContent = words;
  }

  async save() {
    const cues = this.taps.finished(Math.round(this.playback.seconds * 1000)).map((cue) => ({ id: newId(), ...cue }));
    try {
      await this.api.post("/tapped", { revision: Number(this.dataset.revision), cues });
    } catch (error) {
      this.say(error instanceof Refusal ? error.message : "没有网络，没有存上。打好的点还在这一页，连上后再点一次。");
      return;
    }
    this.isSaved = true;
    location.assign(this.dataset.base);
  }
}

customElements.define("subtitle-tapper", SubtitleTapper);
