// Which wording was put right when a text became another: what may be wrong in other lectures too. Pure.
const LONGEST = 16;

// {wrong, right}, or null where more than one wording was changed, or nothing that could stand elsewhere.
export function correctionBetween(before, after) {
  const [old, now] = [before, after].map((text) => text.replace(/\s+/g, ""));
  if (old === now) return null;
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  let [wrong, right] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  if (!wrong || !right || wrong.length > LONGEST || right.length > LONGEST) return null;
  if (wrong.length === 1) {
    // One letter stands in many words: it is told apart by its neighbours.
    const [left, next] = [old.slice(Math.max(0, head - 1), head), old.slice(old.length - tail).slice(0, 1)];
    [wrong, right] = [left + wrong + next, left + right + next];
  }
  return wrong.length > 1 ? { wrong, right } : null;
}
