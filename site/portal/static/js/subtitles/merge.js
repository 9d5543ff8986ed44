// What is to be sent, and what becomes of it when somebody else was quicker. Pure.

export const byId = (cues) => new Map(cues.map((cue) => [cue.id, cue]));

const same = (one, other) =>
  one === other ||
  (Boolean(one) &&
    Boolean(other) &&
    one.start_ms === other.start_ms &&
    one.end_ms === other.end_ms &&
    one.lines.filter(Boolean).join("\n") === other.lines.filter(Boolean).join("\n"));

const waits = (cue) => Boolean(cue.held || cue.doubtful);
const wasLooked = (cue, saved) => Boolean(cue.looked) && Boolean(saved) && waits(saved);
// What was looked at, saved and then undone waits for a person again.
const wasUnlooked = (cue, saved) => Boolean(saved) && waits(cue) && !waits(saved) && !cue.sources && same(cue, saved);

// From what the server has (saved: Map by id) to what the page has: {cues, removed, looked, unlooked}.
export function changesOf(saved, cues) {
  const changed = cues.filter((cue) => !same(cue, saved.get(cue.id)));
  const here = new Set(cues.map((cue) => cue.id));
  return {
    cues: changed.map((cue) => ({
      id: cue.id,
      start_ms: cue.start_ms,
      end_ms: cue.end_ms,
      lines: cue.lines,
      ...(cue.sources ? { sources: cue.sources.filter((id) => saved.has(id)) } : {}),
    })),
    removed: [...saved.keys()].filter((id) => !here.has(id)),
    looked: cues.filter((cue) => wasLooked(cue, saved.get(cue.id))).map((cue) => cue.id),
    unlooked: cues.filter((cue) => wasUnlooked(cue, saved.get(cue.id))).map((cue) => cue.id),
  };
}

export const isNothing = (changes) => Object.values(changes).every((each) => !each.length);

// base, mine, theirs: Maps by id. What only one of both changed is taken over; what both did differently is listed,
// and stands as it is mine until somebody decides. Gives {cues, conflicts: [{id, mine, theirs}]}; null: deleted.
export function merge(base, mine, theirs) {
  const cues = [];
  const conflicts = [];
  for (const id of new Set([...theirs.keys(), ...mine.keys()])) {
    const [old, my, their] = [base, mine, theirs].map((map) => map.get(id));
    const iChanged = !same(old, my) || (my && (wasLooked(my, old) || wasUnlooked(my, old)));
    const theyChanged = !same(old, their);
    const kept = iChanged ? my : their;
    if (iChanged && theyChanged && !same(my, their)) conflicts.push({ id, mine: my || null, theirs: their || null });
    if (kept) cues.push(kept);
  }
  cues.sort((one, other) => one.start_ms - other.start_ms || one.end_ms - other.end_ms);
  return { cues, conflicts };
}

// What was typed and could not be sent, as it is kept in this browser: the touched cues, before and after.
export function pendingOf(saved, cues, changes) {
  const ids = new Set([...changes.cues.map((cue) => cue.id), ...changes.removed, ...changes.looked, ...changes.unlooked]);
  return {
    base: [...saved.values()].filter((cue) => ids.has(cue.id)),
    mine: cues.filter((cue) => ids.has(cue.id)),
    removed: changes.removed,
  };
}

// Bring what was kept back onto what the server has now: as `merge`.
export function restorePending(pending, theirs) {
  const touched = new Set([...pending.base, ...pending.mine].map((cue) => cue.id));
  const base = new Map([...theirs].filter(([id]) => !touched.has(id)));
  const mine = new Map(base);
  for (const cue of pending.base) base.set(cue.id, cue);
  for (const cue of pending.mine) mine.set(cue.id, cue);
  return merge(base, mine, theirs);
}
