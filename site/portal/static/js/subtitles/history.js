// Undo and redo of a list of cues. What is typed into one cue without a pause is one step.
const PAUSE_MS = 1500;
const MOST_STEPS = 300;

export class History {
  constructor(cues) {
    this.begin(cues);
  }

  begin(cues) {
    this.cues = cues;
    this.past = [];
    this.future = [];
    this.last = null;
  }

  // what: names the step, such as "type:<id>"; steps of one name without a pause between them are one.
  put(cues, what, current, now = Date.now()) {
    if (cues === this.cues) return;
    const goesOn = what && this.last && this.last.what === what && now - this.last.at < PAUSE_MS;
    if (!goesOn) {
      this.past.push({ cues: this.cues, current });
      if (this.past.length > MOST_STEPS) this.past.shift();
    }
    this.cues = cues;
    this.future = [];
    this.last = what ? { what, at: now } : null;
  }

  // Replace the list without a step: what the server says of it, what others changed.
  refresh(cues) {
    this.cues = cues;
  }

  undo(current) {
    return this.step(this.past, this.future, current);
  }

  redo(current) {
    return this.step(this.future, this.past, current);
  }

  // Gives the cue that was the current one then; null when there is nothing to go to.
  step(from, to, current) {
    const there = from.pop();
    if (!there) return null;
    to.push({ cues: this.cues, current });
    this.cues = there.cues;
    this.last = null;
    return there.current;
  }
}
