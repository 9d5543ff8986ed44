// A menu of choices above its button: arrow keys, Escape and a press elsewhere work as they do everywhere.
export class Menu {
  // box: the element that holds button and list. onChoose(value). staysOpen: choosing does not close it.
  constructor(box, onChoose, { staysOpen = false } = {}) {
    this.staysOpen = staysOpen;
    this.button = box.querySelector("[aria-haspopup]");
    this.list = box.querySelector("[role=menu]");
    this.box = box;
    this.onChoose = onChoose;
    this.button.addEventListener("click", () => this.toggle());
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.onPress = (event) => {
      if (!event.composedPath().includes(this.box)) this.close();
    };
  }

  // choices: [{value, label, note}], with {heading} before each group if there are several.
  // chosen: the chosen value, or whether a value is (several groups have one each).
  show(choices, chosen) {
    const isChosen = typeof chosen === "function" ? chosen : (value) => value === chosen;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.value : null;
    this.list.textContent = "";
    let into = this.list;
    for (const choice of choices) {
      if (choice.heading) into = this.group(choice.heading);
      else into.append(this.item(choice, isChosen(choice.value)));
    }
    const again = focused === null ? null : this.items().find((item) => item.dataset.value === focused);
    if (again) again.focus();
  }

  group(heading) {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", heading);
    const title = document.createElement("div");
    title.className = "lp-menu-heading";
    title.setAttribute("aria-hidden", "true");
    title.textContent = heading;
    group.append(title);
    this.list.append(group);
    return group;
  }

  item({ value, label, note }, isChosen) {
    const item = document.createElement("button");
    item.type = "button";
    item.className = "lp-menu-item";
    item.dataset.value = String(value);
    item.setAttribute("role", "menuitemradio");
    item.setAttribute("aria-checked", String(isChosen));
    item.tabIndex = -1;
    const tick = document.createElement("span");
    tick.className = "lp-icon lp-icon-check";
    item.append(tick, label);
    if (note) {
      const small = document.createElement("small");
      small.textContent = note;
      item.append(small);
    }
    item.addEventListener("click", () => {
      if (!this.staysOpen) {
        this.close();
        this.button.focus();
      }
      this.onChoose(value);
    });
    return item;
  }

  items() {
    return [...this.list.querySelectorAll(".lp-menu-item")];
  }

  get isOpen() {
    return !this.list.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", this.onPress);
    const chosen = this.list.querySelector('[aria-checked="true"]') || this.items()[0];
    if (chosen) chosen.focus();
  }

  close() {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.onPress);
  }

  onKey(event) {
    const items = this.items();
    const at = items.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key === "Escape" || event.key === "Tab") {
      this.close();
      this.button.focus();
      if (event.key === "Escape") event.preventDefault();
    } else if (event.key in moves) {
      event.preventDefault();
      items[(moves[event.key] + items.length) % items.length].focus();
    }
    event.stopPropagation();
  }
}
