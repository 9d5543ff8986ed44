// The editor of subtitles: holds the cues and brings its parts together.
import { Api, Refusal } from "./api.js";
import { Autosave } from "./autosave.js";
import * as list from "./cue-list.js";
import { Conflicts, FindReplace, listenToShift } from "./dialogs.js";
import { fillHelp } from "./help.js";
import { Hints } from "./hints.js";
import { History } from "./history.js";
import { Hold } from "./hold.js";
import { listenToKeys } from "./keys.js";
import { ListView } from "./list-view.js";
import { Playback } from "./playback.js";
import { STATES } from "./states.js";
import { readClock } from "./time.js";
import { Timeline } from "./timeline.js";

const PEAKS_AGAIN_MS = 5000;

export class SubtitleEditor extends HTMLElement {
  async connectedCallback() {
    const { dataset } = this;
    this.mayCorrect = dataset.mayCorrect === "true";
    this.api = new Api(dataset.base);
    this.history = new History([]);
    this.current = null;
    this.part = (name) => this.querySelector(`[data-part="${name}"]`);
    this.view = new ListView(this.part("list"), {
      choose: (id, focus) => this.choose(id, focus),
      type: (id, text) => this.put(list.type(this.cues, id, text), `type:${id}`),
      times: (id, start, end) => this.setTimes(id, start, end),
      playFrom: (id) => this.playCue(id),
      look: (id) => this.look(id),
    });
    this.timeline = new Timeline(this.part("timeline"), {
      retime: (id, start, end) => this.put(list.retime(this.cues, id, start, end), `drag:${id}`),
      choose: (id) => this.choose(id, false),
      seek: (seconds) => this.playback.seek(seconds),
      done: () => this.draw(),
    });
    const player = this.querySelector("lecture-player");
    this.playback = new Playback(player, { number: dataset.number, url: dataset.media }, (at) => this.onTick(at));
    this.hints = new Hints(
      this.api,
      { list: this.part("hints"), none: this.part("no-hints"), script: this.part("script") },
      (offer) => this.takeHint(offer),
    );
    this.autosave = new Autosave(this.api, `subtitles:${dataset.number}:${dataset.person}`, this, (state, words) =>
      this.showState(state, words),
    );
    this.listen();
    await this.load();
    this.loadPeaks();
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
      this.part("hold-words").textContent = `${draft.hold.name}正在校对。`;
      this.part("hold").hidden = false;
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
      const rate = Number(answer.headers.get("x-steps-per-second"));
      this.timeline.peaks = { rate, steps: new Uint8Array(await answer.arrayBuffer()) };
      this.timeline.draw();
      this.part("wave-note").textContent = this.timeline.peaks.steps.length ? "" : "这一期没有声音，画不出波形。";
    } catch (error) {
      this.part("wave-note").textContent = error instanceof Refusal ? error.message : "";
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
  }

  accept(answer) {
    this.view.setFaults(answer.faults, answer.checked);
    this.part("version").textContent = String(answer.version);
    this.draw();
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
    this.part("count-all").textContent = this.cues.length;
    this.part("count-look").textContent = this.cues.filter((cue) => cue.held || cue.doubtful).length;
    this.part("count-faults").textContent = this.view.faults.size;
    this.part("summary").textContent = held || doubtful ? `待核对 ${held} 条，没把握 ${doubtful} 条` : "没有要核对的了";
    for (const button of this.querySelectorAll("[data-needs-hold]")) button.disabled = !this.mayType;
    this.part("undo").disabled = !this.mayType || !this.history.past.length;
    this.part("redo").disabled = !this.mayType || !this.history.future.length;
  }

  showState(state, words) {
    const place = this.part("state");
    const text = words || STATES[state];
    if (place.textContent !== text) place.textContent = text;
    place.dataset.state = state;
  }

  say(words) {
    this.part("said").textContent = words;
  }

  setMayType(may) {
    this.view.mayType = this.timeline.mayDrag = may;
    this.draw();
  }

  choose(id, focus, caret) {
    const isOther = id !== this.current;
    this.current = id;
    this.draw();
    this.view.reveal(id, focus, caret);
    if (isOther || !this.hinted) {
      this.hinted = true;
      this.hints.show(this.cue);
    }
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

  splitHere() {
    const { cue } = this;
    if (!cue) return;
    const box = this.view.textBox;
    const isTyping = box && document.activeElement === box;
    const at = this.playback.seconds * 1000;
    const length = list.textOf(cue).length;
    const share = (at - cue.start_ms) / (cue.end_ms - cue.start_ms);
    const offset = isTyping ? box.selectionStart : Math.round(length * (share > 0 && share < 1 ? share : 0.5));
    const made = list.split(this.cues, cue.id, offset, isTyping || !(share > 0 && share < 1) ? undefined : at);
    if (!made) {
      this.say("光标前后都要有字才能拆。");
      return;
    }
    this.put(made.cues, "", made.id);
    this.choose(made.id, true, 0);
  }

  joinNext() {
    const joined = list.join(this.cues, this.current);
    if (!joined) {
      this.say("这是最后一条，没有可以合并的下一条。");
      return;
    }
    const caret = list.textOf(this.cue).length;
    this.put(joined);
    this.choose(this.current, true, caret);
  }

  insertHere() {
    const made = list.insertAfter(this.cues, this.current);
    this.put(made.cues, "", made.id);
    this.choose(made.id, true);
  }

  removeHere() {
    const index = list.indexOf(this.cues, this.current);
    if (index === -1) return;
    const next = this.cues[index + 1] || this.cues[index - 1];
    this.put(list.remove(this.cues, this.current), "", next ? next.id : null);
    if (next) this.choose(next.id, true);
    this.say("删除了一条，可以撤销。");
  }

  setEdge(edge) {
    const { cue } = this;
    if (!cue || !this.playback.canPlay) return;
    const at = this.playback.seconds * 1000;
    if (edge === "start" ? at >= cue.end_ms : at <= cue.start_ms) {
      this.say(edge === "start" ? "播放位置已经在这一条的结束之后。" : "播放位置还在这一条的开始之前。");
      return;
    }
    this.put(edge === "start" ? list.retime(this.cues, cue.id, at, cue.end_ms) : list.retime(this.cues, cue.id, cue.start_ms, at));
  }

  shift(ms, range) {
    if (!this.cue) return;
    const all = new Set(this.cues.map((cue) => cue.id));
    const ids = range === "all" ? all : range === "from" ? list.idsFrom(this.cues, this.current) : new Set([this.current]);
    this.put(list.shift(this.cues, ms, ids), range === "one" ? `shift:${this.current}` : "");
    this.say(`移动了 ${ids.size} 条，可以撤销。`);
  }

  timeTravel(way) {
    const current = this.history[way](this.current);
    if (current === null) return;
    this.current = this.cues.some((cue) => cue.id === current) ? current : (this.cues[0] || { id: null }).id;
    this.draw();
    this.view.reveal(this.current, document.activeElement !== document.body);
    this.autosave.changed();
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
    const link = this.part("elsewhere");
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
    this.part("loop").setAttribute("aria-pressed", String(Boolean(this.loops)));
    this.draw();
    if (this.loops && this.cue) this.playback.playFrom(this.cue.start_ms / 1000);
  }

  toggleSlow() {
    this.playback.toggleSlow();
    this.part("slow").setAttribute("aria-pressed", String(this.playback.slow));
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

  // -- wiring

  listen() {
    const { part } = this;
    const help = part("help");
    fillHelp(part("help-rows"));
    const find = new FindReplace(
      { dialog: part("find"), find: part("find-text"), put: part("find-put"), count: part("find-count"), all: part("find-all"), next: part("find-next") },
      this,
    );
    listenToShift({ dialog: part("shift"), form: part("shift-form"), amount: part("shift-amount") }, (ms, range) => this.shift(ms, range));
    this.conflictDialog = new Conflicts(
      { dialog: part("conflicts"), form: part("conflicts-form"), list: part("conflicts-list") },
      (conflicts, choices) => this.decide(conflicts, choices),
    );
    this.hold = new Hold(
      this.api,
      { bar: part("hold"), words: part("hold-words"), button: part("take-over"), dialog: part("take-over-dialog"), dialogWords: part("take-over-words"), confirm: part("take-over-confirm") },
      this.mayCorrect ? Number(this.dataset.aliveSeconds) : 3600,
      () => this.playback.isPlaying,
      {
        mine: (revision) => this.onMine(revision),
        theirs: () => this.setMayType(false),
        lost: () => {
          this.autosave.remember();
          this.setMayType(false);
        },
      },
    );
    const acts = {
      play: () => this.playOrPause(),
      loop: () => this.toggleLoop(),
      slow: () => this.toggleSlow(),
      back: () => this.playback.skip(-1),
      forward: () => this.playback.skip(1),
      next: () => this.step(1),
      nextAlt: () => this.step(1),
      previous: () => this.step(-1),
      edit: () => this.cue && this.choose(this.current, true),
      leave: () => this.view.rows.get(this.current) && this.leaveText(),
      doubtful: () => this.goToDoubtful(),
      help: () => help.showModal(),
      zoomIn: () => this.timeline.zoom(-1),
      zoomOut: () => this.timeline.zoom(1),
      save: () => this.autosave.send(),
      find: () => find.open(String(getSelection()) || this.selectedText()),
      ...this.changingActs(),
    };
    if (!this.mayCorrect) delete acts.save;
    listenToKeys(this, acts);
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button && acts[button.dataset.do]) acts[button.dataset.do]();
      const filter = event.target.closest("[data-filter]");
      if (filter) this.filterBy(filter.dataset.filter, filter);
      const close = event.target.closest("[data-close]");
      if (close) close.closest("dialog").close();
    });
    for (const form of document.querySelectorAll("[data-after-saving]")) {
      form.addEventListener("submit", (event) => this.saveThenSubmit(event, form));
    }
  }

  changingActs() {
    const acts = {
      split: () => this.splitHere(),
      join: () => this.joinNext(),
      insert: () => this.insertHere(),
      remove: () => this.removeHere(),
      startHere: () => this.setEdge("start"),
      endHere: () => this.setEdge("end"),
      earlier: () => this.shift(-list.STEP_MS, "one"),
      later: () => this.shift(list.STEP_MS, "one"),
      shift: () => this.part("shift").showModal(),
      look: () => this.cue && this.look(this.current),
      take1: () => this.hints.choose(0),
      take2: () => this.hints.choose(1),
      take3: () => this.hints.choose(2),
      undo: () => this.timeTravel("undo"),
      redo: () => this.timeTravel("redo"),
      redoShift: () => this.timeTravel("redo"),
    };
    const guarded = ([name, act]) => [name, () => (this.mayType ? act() : this.say("现在只能看，不能改。"))];
    return Object.fromEntries(Object.entries(acts).map(guarded));
  }

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
    if (form.dataset.ready) return;
    event.preventDefault();
    await this.autosave.send();
    if (this.autosave.state !== "saved") {
      this.say("还有没存上的改动，存上后再提交。");
      return;
    }
    form.querySelector("[name=revision]").value = this.autosave.revision;
    form.dataset.ready = "true";
    form.requestSubmit();
  }
}

customElements.define("subtitle-editor", SubtitleEditor);
