// Which media time was really played: spans in seconds, from looking at the playhead again and again. Pure.

const SLACK = 1.5; // seconds that the playhead may run ahead of the clock between two looks

export class Played {
  constructor() {
    this.spans = [];
    this.last = null;
  }

  // at: the playhead in media seconds. now: a clock in ms that only goes on. rate: of playback.
  look(at, now, rate) {
    const { last } = this;
    this.last = { at, now };
    if (!last || at <= last.at) return;
    const most = ((now - last.now) / 1000) * Math.max(rate, 0.1) + SLACK;
    if (at - last.at > most) return; // it jumped: nothing of that was played
    const open = this.spans[this.spans.length - 1];
    if (open && Math.abs(open[1] - last.at) < 0.001) open[1] = at;
    else this.spans.push([last.at, at]);
  }

  // The playhead is about to be somewhere else, or stands still: what comes next begins anew.
  leave() {
    this.last = null;
  }

  // What was played since the last taking, to the millisecond.
  take() {
    const taken = this.spans.map(([from, to]) => [round(from), round(to)]).filter(([from, to]) => to > from);
    this.spans = [];
    return taken;
  }
}

function round(seconds) {
  return Math.round(seconds * 1000) / 1000;
}
