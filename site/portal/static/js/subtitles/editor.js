// The editor of subtitles: holds the cues and brings its parts together.
import { Api, Refusal } from "./api.js";
import { Autosave } from "./autosave.js";
import { Changing } from "./changing.js";
import { Chapters } from "./chapters.js";
import * as list from "./cue-list.js";
import { Hints } from "./hints.js";
import { History } from "./history.js";
import { ListView } from "./list-view.js";
import { Playback } from "./playback.js";
import { STATES } from "./states.js";
import { readClock } from "./time.js";
import { Timeline } from "./timeline.js";
import { wire } from "./wiring.js";
import { correctionBetween } from "./wording.js";

const PEAKS_AGAIN_MS = 5000;

export class SubtitleEditor extends HTMLElement {
  async connectedCallback() {
    const { dataset } = this;
    this.mayCorrect = dataset.mayCorrect === "true";
    this.api = new Api(dataset.base);
    this.history = new History([]);
    this.current = null;
    this.changing = new Changing(this);
    this.piece = (name) => this.querySelector(`[data-part="${name}"]`);
    this.view = new ListView(this.piece("list"), {
      choose: (id, focus) => this.choose(id, focus),
      type: (id, text) => this.put(list.type(this.cues, id, text), `type:${id}`),
      times: (id, start, end) => this.setTimes(id, start, end),
      playFrom: (id) => this.playCue(id),
      look: (id) => this.look(id),
      drop: () => this.changing.removeHere(),
    });
    this.timeline = new Timeline(this.piece("timeline"), {
      retime: (id, start, end) => this.put(list.retime(this.cues, id, start, end), `drag:${id}`),
      choose: (id) => this.choose(id, false),
      seek: (seconds) => this.playback.seek(seconds),
      done: () => this.draw(),
    });
    const player = this.querySelector("lecture-player");
    this.playback = new Playback(player, { number: dataset.number, url: dataset.media }, (at) => this.onTick(at));
    this.hints = this.mayCorrect ? this.makeHints() : { show() {} };
    const chapters = { list: this.piece("chapters"), none: this.piece("no-chapters") };
    this.chapters = new Chapters(this.api, chapters, {
      goTo: (id) => this.choose(id, true),
      decide: this.mayCorrect ? (chapter) => this.decideChapter(chapter) : null,
      mayDecide: () => this.mayType,
    });
    this.autosave = new Autosave(this.api, `subtitles:${dataset.number}:${dataset.person}`, this, (state, words) =>
      this.showState(state, words),
    );
    wire(this);
    await this.load();
    this.loadPeaks();
    this.chapters.load();
  }

  makeHints() {
    const parts = { list: this.piece("hints"), none: this.piece("no-hints"), script: this.piece("script") };
    return new Hints(this.api, parts, (offer) => this.takeHint(offer));
  }

  get cues() {
    return this.history.cues;
  }

  get cue() {
    return this.cues.find((cue) => cue.id === this.current);
  }

  get mayType() {
    return this.view.mayType;
  }

  async load() {
    let draft;
    try {
      draft = await this.api.get("/draft");
    } catch (error) {
      this.showState("refused", error instanceof Refusal ? error.message : "没有网络，字幕打不开。连上后请刷新页面。");
      return;
    }
    const pending = this.autosave.left;
    this.begin(draft);
    if (this.mayCorrect) {
      await this.hold.begin(draft.hold);
      if (pending && this.hold.mine) this.autosave.bringBack(pending, draft);
    } else if (draft.hold) {
      this.piece("hold-words").textContent = `${draft.hold.name}正在校对。`;
      this.piece("hold").hidden = false;
    }
    this.dataset.ready = "true";
  }

  begin(draft) {
    this.history.begin(draft.cues);
    this.autosave.begin(draft);
    this.hints.answers = draft.answers;
    this.view.setFaults(draft.faults, draft.cues.map((cue) => cue.id));
    if (!this.cue) this.current = draft.cues.length ? draft.cues[0].id : null;
    this.draw();
  }

  async loadPeaks() {
    try {
      const answer = await this.api.ask("/waveform");
      if (answer.status === 204) {
        this.piece("wave-note").textContent = "波形还在算，过一会儿自动出现。";
        setTimeout(() => this.loadPeaks(), PEAKS_AGAIN_MS);
        return;
      }
      const rate = Number(answer.headers.get("x-steps-per-second"));
      this.timeline.peaks = { rate, steps: new Uint8Array(await answer.arrayBuffer()) };
      this.timeline.draw();
      this.piece("wave-note").textContent = this.timeline.peaks.steps.length ? "" : "这一期没有声音，画不出波形。";
    } catch (error) {
      this.piece("wave-note").textContent = error instanceof Refusal ? error.message : "";
      setTimeout(() => this.loadPeaks(), PEAKS_AGAIN_MS);
    }
  }

  // -- what Autosave asks of the editor

  // The list as the server settled it: what a person typed on stays.
  refresh(cues) {
    this.history.refresh(cues);
    this.draw();
  }

  // Another list: what others changed came in.
  take(cues, draft) {
    this.history.refresh(cues);
    this.hints.answers = draft.answers;
    this.view.setFaults(draft.faults, draft.cues.map((cue) => cue.id));
    if (!this.cue && cues.length) this.current = cues[0].id;
    this.draw();
    this.chapters.loadSoon();
  }

  accept(answer) {
    this.view.setFaults(answer.faults, answer.checked);
    this.piece("version").textContent = String(answer.version);
    this.draw();
    this.chapters.loadSoon();
  }

  conflicts(conflicts) {
    this.conflictDialog.open(conflicts);
  }

  taken(holder) {
    this.hold.show(holder);
  }

  // -- showing

  draw() {
    this.view.show(this.cues, this.current);
    this.timeline.show({ cues: this.cues, current: this.current });
    this.playback.setLoop(this.loops ? this.cue : null);
    const [held, doubtful] = ["held", "doubtful"].map((kind) => this.cues.filter((cue) => cue[kind]).length);
    this.piece("count-all").textContent = this.cues.length;
    this.piece("count-look").textContent = this.cues.filter((cue) => cue.held || cue.doubtful).length;
    this.piece("count-faults").textContent = this.view.faults.size;
    this.piece("summary").textContent = held || doubtful ? `待核对 ${held} 条，没把握 ${doubtful} 条` : "没有要核对的了";
    for (const button of this.querySelectorAll("[data-needs-hold]")) button.disabled = !this.mayType;
    if (!this.mayCorrect) return;
    this.piece("undo").disabled = !this.mayType || !this.history.past.length;
    this.piece("redo").disabled = !this.mayType || !this.history.future.length;
  }

  showState(state, words) {
    const place = this.piece("state");
    const text = words || STATES[state];
    if (place.textContent !== text) place.textContent = text;
    place.dataset.state = state;
  }

  say(words) {
    this.piece("said").textContent = words;
  }

  setMayType(may) {
    this.view.mayType = this.timeline.mayDrag = may;
    this.draw();
  }

  choose(id, focus, caret) {
    const isOther = id !== this.current;
    if (isOther) this.leaveCue();
    this.current = id;
    this.draw();
    this.view.reveal(id, focus, caret);
    if (isOther || !this.hinted) {
      this.hinted = true;
      this.hints.show(this.cue);
      this.textBefore = this.cue ? list.textOf(this.cue) : "";
    }
  }

  // What was put right in the cue that is left may be wrong elsewhere too.
  leaveCue() {
    const found = this.cue && this.textBefore ? correctionBetween(this.textBefore, list.textOf(this.cue)) : null;
    if (found) this.offerElsewhere(found.wrong, found.right);
  }

  onTick(seconds) {
    this.timeline.moveHead(seconds);
    const ms = seconds * 1000;
    const playing = this.cues.find((cue) => ms >= cue.start_ms && ms < cue.end_ms);
    this.view.markPlaying(playing ? playing.id : null);
  }

  // -- changing

  put(cues, what = "", current = this.current) {
    if (!this.mayType || cues === this.cues) return;
    this.history.put(cues, what, this.current);
    this.current = current;
    this.draw();
    this.autosave.changed();
  }

  setTimes(id, start, end) {
    const [from, to] = [readClock(start), readClock(end)];
    if (from === null || to === null || to <= from) {
      this.say("时间要写成 分:秒.毫秒，结束要晚于开始，没有改。");
      this.draw();
      return;
    }
    this.put(list.retime(this.cues, id, from, to));
  }

  takeHint(offer) {
    if (!this.cue || !this.mayType) return;
    this.put(list.type(this.cues, this.current, offer.text));
    this.choose(this.current, true);
    if (offer.wrong) this.offerElsewhere(offer.wrong, offer.right);
  }

  look(id) {
    this.put(list.look(this.cues, id));
    this.goToDoubtful();
  }

  step(by) {
    const index = list.indexOf(this.cues, this.current);
    const cue = this.cues[Math.min(this.cues.length - 1, Math.max(0, index + by))];
    if (cue) this.choose(cue.id, true);
  }

  // Whether a chapter is wanted. What was typed goes first: both are changes of the same draft.
  async decideChapter(chapter) {
    await this.autosave.send();
    try {
      const answer = await this.api.post("/chapters", { revision: this.autosave.revision, ...chapter });
      this.autosave.revision = answer.revision;
      this.piece("version").textContent = String(answer.version);
      this.say(chapter.wanted ? "已恢复这处章节。" : "不用这处章节了，要用可以恢复。");
      return answer.chapters;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        this.say("没有网络，没有改成。连上后请再点一次。");
        return null;
      }
      this.say(error.message);
      if (error.code === "stale" || error.code === "taken") await this.autosave.failed(error);
      return null;
    }
  }

  // -- find and replace

  matches(text) {
    return this.cues.filter((cue) => cue.lines.some((line) => line.includes(text)));
  }

  isAfter(id, other) {
    return list.indexOf(this.cues, id) > list.indexOf(this.cues, other);
  }

  goTo(id) {
    this.choose(id, true);
  }

  replaceAll(find, put) {
    const { cues, count } = list.replaceAll(this.cues, find, put);
    if (count) this.put(cues);
    if (count) this.offerElsewhere(find, put);
    return count;
  }

  // The same wording may be wrong in other lectures, and belong into the glossary.
  offerElsewhere(wrong, right) {
    const link = this.piece("elsewhere");
    const query = new URLSearchParams({ wrong, right });
    link.href = `${this.dataset.base}/elsewhere?${query}`;
    link.querySelector("span").textContent = `其他期里的“${wrong}”也改成“${right}”？`;
    link.hidden = false;
  }

  // -- playing

  playCue(id) {
    this.choose(id, document.activeElement !== document.body);
    const cue = this.cues.find((each) => each.id === id);
    if (cue) this.playback.playFrom(cue.start_ms / 1000);
  }

  playOrPause() {
    if (!this.playback.canPlay) this.say(this.dataset.noPicture);
    else if (this.playback.isPlaying) this.playback.pause();
    else if (this.cue) this.playback.playFrom(this.cue.start_ms / 1000);
  }

  toggleLoop() {
    this.loops = !this.loops;
    this.piece("loop").setAttribute("aria-pressed", String(Boolean(this.loops)));
    this.draw();
    if (this.loops && this.cue) this.playback.playFrom(this.cue.start_ms / 1000);
  }

  toggleSlow() {
    this.playback.toggleSlow();
    this.piece("slow").setAttribute("aria-pressed", String(this.playback.slow));
  }

  goToDoubtful() {
    const id = list.nextToLookAt(this.cues, this.current);
    if (id === null) this.say("没有要核对的了。");
    else this.choose(id, true);
  }

  filterBy(kind, button) {
    const kinds = {
      all: () => true,
      look: (cue) => cue.held || cue.doubtful,
      faults: (cue) => this.view.faults.has(cue.id),
    };
    this.view.filter = kinds[kind];
    for (const each of this.querySelectorAll("[data-filter]")) each.setAttribute("aria-pressed", String(each === button));
    this.draw();
  }

  // -- the hold

  leaveText() {
    const row = this.view.rows.get(this.current);
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }

  selectedText() {
    const box = this.view.textBox;
    return box ? box.value.slice(box.selectionStart, box.selectionEnd) : "";
  }

  // The page holds the subtitles now. What others did before comes in first, with what this page could not save.
  async onMine(revision) {
    this.setMayType(true);
    if (this.autosave.state === "lost" || revision !== this.autosave.revision) {
      this.autosave.tell("waiting");
      await this.autosave.rebase();
    }
    if (!this.hinted && this.cue) this.choose(this.current, false);
  }

  decide(conflicts, choices) {
    const theirs = new Map(conflicts.filter(({ id }) => choices.get(id) === "theirs").map((each) => [each.id, each.theirs]));
    const kept = this.cues.filter((cue) => !theirs.has(cue.id));
    this.history.refresh(list.sorted([...kept, ...[...theirs.values()].filter(Boolean)]));
    this.draw();
    this.autosave.changed();
  }

  // 校对完成 goes with all that was typed, and with the revision it was saved as.
  async saveThenSubmit(event, form) {
    if (form.dataset.ready) {
      delete form.dataset.ready; // once: a page that comes back from the browser's memory saves anew
      return;
    }
    event.preventDefault();
    await this.autosave.send();
    if (this.autosave.state !== "saved") {
      this.say("还有没存上的改动，存上后再提交。");
      return;
    }
    form.querySelector("[name=revision]").value = this.autosave.revision;
    form.dataset.ready = "true";
    // Not inside this very event, where a form cannot be submitted again.
    setTimeout(() => form.requestSubmit());
  }
}

customElements.define("subtitle-editor", SubtitleEditor);
