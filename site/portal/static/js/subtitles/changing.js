// What the keys change: the cue that is the current one, cut, joined, moved, taken out, and back again.
import * as list from "./cue-list.js";

export class Changing {
  constructor(editor) {
    this.editor = editor;
  }

  splitHere() {
    const { cue } = this.editor;
    if (!cue) return;
    const box = this.editor.view.textBox;
    const isTyping = box && document.activeElement === box;
    const at = this.editor.playback.seconds * 1000;
    const length = list.textOf(cue).length;
    const share = (at - cue.start_ms) / (cue.end_ms - cue.start_ms);
    const offset = isTyping ? box.selectionStart : Math.round(length * (share > 0 && share < 1 ? share : 0.5));
    const made = list.split(this.editor.cues, cue.id, offset, isTyping || !(share > 0 && share < 1) ? undefined : at);
    if (!made) {
      this.editor.say("光标前后都要有字才能拆。");
      return;
    }
    this.editor.put(made.cues, "", made.id);
    this.editor.choose(made.id, true, 0);
  }

  joinNext() {
    const joined = list.join(this.editor.cues, this.editor.current);
    if (!joined) {
      this.editor.say("这是最后一条，没有可以合并的下一条。");
      return;
    }
    const caret = list.textOf(this.editor.cue).length;
    this.editor.put(joined);
    this.editor.choose(this.editor.current, true, caret);
  }

  insertHere() {
    const made = list.insertAfter(this.editor.cues, this.editor.current);
    this.editor.put(made.cues, "", made.id);
    this.editor.choose(made.id, true);
  }

  removeHere() {
    const index = list.indexOf(this.editor.cues, this.editor.current);
    if (index === -1) return;
    const next = this.editor.cues[index + 1] || this.editor.cues[index - 1];
    this.editor.put(list.remove(this.editor.cues, this.editor.current), "", next ? next.id : null);
    if (next) this.editor.choose(next.id, true);
    this.editor.say("删除了一条，可以撤销。");
  }

  setEdge(edge) {
    const { cue } = this.editor;
    if (!cue || !this.editor.playback.canPlay) return;
    const at = this.editor.playback.seconds * 1000;
    if (edge === "start" ? at >= cue.end_ms : at <= cue.start_ms) {
      this.editor.say(edge === "start" ? "播放位置已经在这一条的结束之后。" : "播放位置还在这一条的开始之前。");
      return;
    }
    this.editor.put(edge === "start" ? list.retime(this.editor.cues, cue.id, at, cue.end_ms) : list.retime(this.editor.cues, cue.id, cue.start_ms, at));
  }

  shift(ms, range) {
    if (!this.editor.cue) return;
    const all = new Set(this.editor.cues.map((cue) => cue.id));
    const ids = range === "all" ? all : range === "from" ? list.idsFrom(this.editor.cues, this.editor.current) : new Set([this.editor.current]);
    this.editor.put(list.shift(this.editor.cues, ms, ids), range === "one" ? `shift:${this.editor.current}` : "");
    this.editor.say(`移动了 ${ids.size} 条，可以撤销。`);
  }

  timeTravel(way) {
    const current = this.editor.history[way](this.editor.current);
    if (current === null) return;
    this.editor.current = this.editor.cues.some((cue) => cue.id === current) ? current : (this.editor.cues[0] || { id: null }).id;
    this.editor.draw();
    this.editor.view.reveal(this.editor.current, document.activeElement !== document.body);
    this.editor.autosave.changed();
  }

  // By the names of their keys; where this page does not hold the subtitles, they say so.
  acts() {
    const acts = {
      split: () => this.splitHere(),
      join: () => this.joinNext(),
      insert: () => this.insertHere(),
      remove: () => this.removeHere(),
      startHere: () => this.setEdge("start"),
      endHere: () => this.setEdge("end"),
      earlier: () => this.shift(-list.STEP_MS, "one"),
      later: () => this.shift(list.STEP_MS, "one"),
      shift: () => this.editor.piece("shift").showModal(),
      look: () => this.editor.cue && this.editor.look(this.editor.current),
      take1: () => this.editor.hints.choose(0),
      take2: () => this.editor.hints.choose(1),
      take3: () => this.editor.hints.choose(2),
      undo: () => this.timeTravel("undo"),
      redo: () => this.timeTravel("redo"),
      redoShift: () => this.timeTravel("redo"),
    };
    const guarded = ([name, act]) => [name, () => (this.editor.mayType ? act() : this.editor.say("现在只能看，不能改。"))];
    return Object.fromEntries(Object.entries(acts).map(guarded));
  }
}
