// A list of cues and what can be done to it. Pure: every function gives a new list, cues themselves never change.
// A cue: {id, start_ms, end_ms, lines, prob, held, doubtful}, and until it is saved `sources` (the saved cues it was
// cut from or put together of) and `looked` (a person found it right).

export const STEP_MS = 100;
const SHORTEST_MS = 100; // of either half of a cue that is split

let made = 0;
export function newId() {
  made += 1;
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `c${random[0].toString(36)}${random[1].toString(36)}${made.toString(36)}`;
}

export function sorted(cues) {
  return [...cues].sort((one, other) => one.start_ms - other.start_ms || one.end_ms - other.end_ms);
}

export const indexOf = (cues, id) => cues.findIndex((cue) => cue.id === id);

export function textOf(cue) {
  return cue.lines.join("\n");
}

// What cannot be seen and nobody meant to type: zero-width marks, and marks of direction from pasted text.
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

export function linesOf(text) {
  return text
    .replace(INVISIBLE, "")
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, " "));
}

function change(cues, id, values) {
  return cues.map((cue) => (cue.id === id ? { ...cue, ...values } : cue));
}

const sourcesOf = (cue) => cue.sources || [cue.id];

export function type(cues, id, text) {
  return change(cues, id, { lines: linesOf(text), looked: false });
}

export function retime(cues, id, start_ms, end_ms) {
  const start = Math.max(0, Math.round(start_ms));
  return sorted(change(cues, id, { start_ms: start, end_ms: Math.max(start, Math.round(end_ms)) }));
}

// Shift one cue, all from one on, or all; nothing goes before the beginning, and distances stay as they are.
export function shift(cues, by, ids) {
  const moved = cues.filter((cue) => ids.has(cue.id));
  if (!moved.length) return cues;
  const first = Math.min(...moved.map((cue) => cue.start_ms));
  const step = Math.max(Math.round(by), -first);
  return sorted(
    cues.map((cue) =>
      ids.has(cue.id) ? { ...cue, start_ms: cue.start_ms + step, end_ms: cue.end_ms + step } : cue,
    ),
  );
}

export function idsFrom(cues, id) {
  return new Set(cues.slice(Math.max(0, indexOf(cues, id))).map((cue) => cue.id));
}

// At a place of its text; at: when the second half begins, by default in proportion to the letters.
// Gives the list and the new cue's id, or null where one half would be without letters.
export function split(cues, id, offset, at) {
  const cue = cues[indexOf(cues, id)];
  const text = textOf(cue);
  const [head, tail] = [text.slice(0, offset).trim(), text.slice(offset).trim()];
  if (!head || !tail) return null;
  const share = head.length / (head.length + tail.length);
  const wanted = at === undefined ? cue.start_ms + (cue.end_ms - cue.start_ms) * share : at;
  const [least, most] = [cue.start_ms + SHORTEST_MS, cue.end_ms - SHORTEST_MS];
  const seam = Math.round(least < most ? Math.min(most, Math.max(least, wanted)) : (cue.start_ms + cue.end_ms) / 2);
  const second = {
    ...cue,
    id: newId(),
    start_ms: seam,
    lines: linesOf(tail),
    sources: sourcesOf(cue),
    looked: false,
  };
  const first = { ...cue, end_ms: seam, lines: linesOf(head), sources: sourcesOf(cue) };
  return { cues: sorted([...cues.filter((each) => each.id !== id), first, second]), id: second.id };
}

// With the cue after it; null for the last one. letters: half-width letters at the seam keep a space.
export function join(cues, id, width = 16) {
  const index = indexOf(cues, id);
  const next = cues[index + 1];
  if (!next) return null;
  const cue = cues[index];
  const whole = [...cue.lines, ...next.lines].filter(Boolean);
  const one = whole.reduce((text, line) => text + (isLatin(text.slice(-1)) && isLatin(line[0]) ? " " : "") + line, "");
  const joined = {
    ...cue,
    end_ms: Math.max(cue.end_ms, next.end_ms),
    lines: widthOf(one) <= width ? [one] : whole,
    prob: least(cue.prob, next.prob),
    held: cue.held || next.held,
    doubtful: cue.doubtful || next.doubtful,
    sources: [...sourcesOf(cue), ...sourcesOf(next)],
    looked: false,
  };
  return cues.filter((each) => each.id !== next.id).map((each) => (each.id === id ? joined : each));
}

const isLatin = (letter) => Boolean(letter) && /[\x21-\x7e]/.test(letter);
const least = (one, other) => (one === null ? other : other === null ? one : Math.min(one, other));

// A new empty cue behind one (or at the beginning of an empty list), in the room there is.
export function insertAfter(cues, id, length = 2000) {
  const index = indexOf(cues, id);
  const start = index === -1 ? 0 : cues[index].end_ms;
  const next = cues[index + 1];
  const end = next && next.start_ms > start ? Math.min(start + length, next.start_ms) : start + length;
  const cue = { id: newId(), start_ms: start, end_ms: end, lines: [""], prob: null, held: "", doubtful: false };
  return { cues: [...cues.slice(0, index + 1), cue, ...cues.slice(index + 1)], id: cue.id };
}

export function remove(cues, id) {
  return cues.filter((cue) => cue.id !== id);
}

// A person has looked, and it is right as it stands.
export function look(cues, id) {
  return change(cues, id, { looked: true, held: "", doubtful: false });
}

export function replaceAll(cues, find, put, ids = null) {
  if (!find) return { cues, count: 0 };
  let count = 0;
  const after = cues.map((cue) => {
    if (ids && !ids.has(cue.id)) return cue;
    const lines = cue.lines.map((line) => line.split(find).join(put));
    const found = cue.lines.reduce((sum, line) => sum + line.split(find).length - 1, 0);
    count += found;
    return found ? { ...cue, lines, looked: false } : cue;
  });
  return { cues: after, count };
}

// In characters of a Chinese line: half-width ones count a half (transcripts/cues/measure.py).
export function widthOf(line) {
  let width = 0;
  for (const letter of line) width += letter.codePointAt(0) < 0x2e80 ? 0.5 : 1;
  return width;
}

// The next cue that somebody has to look at, going round: held ones and doubtful ones; null when there is none.
export function nextToLookAt(cues, id) {
  const from = indexOf(cues, id);
  const order = [...cues.slice(from + 1), ...cues.slice(0, from + 1)];
  const found = order.find((cue) => cue.held || cue.doubtful);
  return found ? found.id : null;
}
