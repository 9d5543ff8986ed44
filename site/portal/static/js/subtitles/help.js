// The list of keys, made from the table that works.
import { SHORTCUTS } from "./keys.js";

export function fillHelp(body) {
  for (const { typing, outside, label } of SHORTCUTS) {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = label;
    row.append(name);
    for (const keys of [typing, outside]) {
      const cell = document.createElement("td");
      if (keys) {
        const key = document.createElement("kbd");
        key.textContent = keys;
        cell.append(key);
      } else {
        cell.textContent = "—";
      }
      row.append(cell);
    }
    body.append(row);
  }
}
