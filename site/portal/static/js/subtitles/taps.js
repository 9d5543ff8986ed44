// Lines and the moments they were tapped at. Pure.
const LONGEST_MS = 7000; // a cue stands at most so long
const SHORTEST_MS = 300; // between two taps

export class Taps {
  // lines: of each cue, in order
  constructor(lines) {
    this.lines = lines;
    this.done = [];
  }

  get last() {
    return this.done[this.done.length - 1];
  }

  // The next line begins, the one before ends. Gives what is wrong, or null.
  next(at) {
    if (this.done.length === this.lines.length) return "讲稿已经打完了。";
    if (this.last && at < this.last.start_ms + SHORTEST_MS) return "比上一条还早，请先退回，或往后播放。";
    if (this.last && this.last.end_ms === null) this.last.end_ms = Math.min(at, this.last.start_ms + LONGEST_MS);
    if (this.last && this.last.end_ms > at) this.last.end_ms = at;
    this.done.push({ start_ms: at, end_ms: null, lines: this.lines[this.done.length] });
    return null;
  }

  // A long pause: the line ends here.
  end(at) {
    if (!this.last || this.last.end_ms !== null) return "还没有正在说的一条。";
    if (at < this.last.start_ms + SHORTEST_MS) return "这一条刚刚开始。";
    this.last.end_ms = Math.min(at, this.last.start_ms + LONGEST_MS);
    return null;
  }

  // Take the last tap back: the moment it was at, null when there is none.
  back() {
    const gone = this.done.pop();
    if (!gone) return null;
    if (this.last) this.last.end_ms = null;
    return gone.start_ms;
  }

  // All that was tapped; what is still being said ends at the playhead.
  finished(at) {
    return this.done.map((cue) => ({
      ...cue,
      end_ms: cue.end_ms === null ? Math.min(Math.max(at, cue.start_ms + 1000), cue.start_ms + LONGEST_MS) : cue.end_ms,
    }));
  }
}
