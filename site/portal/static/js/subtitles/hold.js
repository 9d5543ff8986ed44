// 某某正在校对: who corrects now, the page's sign of life, 接手.
import { Refusal } from "./api.js";

const IDLE_MS = 5 * 60 * 1000; // without a key, a press or playing: the page does not keep others out

export class Hold {
  // parts: {bar, words, button, dialog, dialogWords, confirm}; on: {mine(revision), theirs(), lost()}
  constructor(api, parts, everySeconds, isPlaying, on) {
    this.api = api;
    this.parts = parts;
    this.on = on;
    this.isPlaying = isPlaying;
    this.mine = false;
    this.activeAt = Date.now();
    for (const event of ["keydown", "pointerdown"]) {
      document.addEventListener(event, () => this.onActivity(), true);
    }
    parts.button.addEventListener("click", () => this.ask());
    parts.confirm.addEventListener("click", () => this.takeOver());
    this.timer = setInterval(() => this.beat(), everySeconds * 1000);
    window.addEventListener("pagehide", () => this.letGo());
  }

  // holder: as the draft says, null for nobody.
  async begin(holder) {
    if (holder && !holder.mine) this.show(holder);
    else await this.take("");
  }

  async take(from) {
    try {
      const answer = await this.api.post("/hold", { take_over: from });
      this.isMine(answer.revision);
    } catch (error) {
      if (!(error instanceof Refusal)) return; // nobody answered: the next beat asks again
      if (error.code === "taken") this.show(error.body);
      else this.say(error.message);
    }
  }

  isMine(revision) {
    const before = this.mine;
    this.mine = true;
    this.holder = null;
    this.parts.bar.hidden = true;
    if (!before) this.on.mine(revision);
  }

  show(holder) {
    const before = this.mine;
    const isNews = before || !this.holder || this.holder.key !== holder.key;
    this.mine = false;
    this.holder = holder;
    if (!isNews) return;
    this.say(before ? `${holder.name}接手了校对。您还没存上的内容留在这一页上。` : `${holder.name}正在校对，您现在只能看。`);
    this.parts.button.hidden = false;
    if (before) this.on.lost();
    else this.on.theirs();
  }

  say(words) {
    this.parts.words.textContent = words;
    this.parts.bar.hidden = false;
  }

  ask() {
    this.parts.dialogWords.textContent =
      `${this.holder.name}可能正在输入。接手以后，对方的页面会变成只能看，没存上的内容留在对方页面里。`;
    this.parts.dialog.showModal();
  }

  async takeOver() {
    this.parts.dialog.close();
    await this.take(this.holder ? this.holder.key : "");
  }

  async beat() {
    if (Date.now() - this.activeAt > IDLE_MS && !this.isPlaying()) return;
    await this.take(""); // a sign of life, or taking it once the other one has left
  }

  onActivity() {
    const wasIdle = Date.now() - this.activeAt > IDLE_MS;
    this.activeAt = Date.now();
    if (wasIdle) this.beat();
  }

  letGo() {
    if (!this.mine) return;
    // It must arrive though the page goes: no answer is waited for.
    fetch(`${this.api.base}/release`, {
      method: "POST",
      keepalive: true,
      headers: { "content-type": "application/json" },
      body: "{}",
    }).catch(() => undefined);
  }
}
