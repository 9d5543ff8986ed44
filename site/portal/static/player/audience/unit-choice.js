// <unit-choice>: the viewer says for which unit they watch. Kept in this browser; it says nothing of who they are.
import { browserStorage } from "../resume.js";
import { chooseUnit, chosenUnit, linkedUnit } from "./viewer.js";

export class UnitChoice extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select) return;
    this.storage = browserStorage();
    const chosen = chosenUnit(this.storage);
    const code = chosen === null ? linkedUnit(location.search) || "" : chosen;
    if ([...this.select.options].some((option) => option.value === code)) this.select.value = code;
    this.select.addEventListener("change", () => chooseUnit(this.storage, this.select.value));
    this.hidden = false;
  }
}
