// What the player says over the picture: one message in the middle, one line at the top.
export class Messages {
  constructor(parts) {
    this.root = parts.root;
    this.box = parts.message;
    this.bar = parts.bar;
    this.kind = null;
    this.barTimer = null;
  }

  // kind: a name to clear it by. actions: [[label, handler], …]
  show(kind, title, text, actions = []) {
    if (this.kind === kind) return;
    this.kind = kind;
    this.root.dataset.message = kind;
    this.box.querySelector("strong").textContent = title;
    this.box.querySelector("p").textContent = text;
    const box = this.box.querySelector(".lp-actions");
    box.textContent = "";
    box.append(
      ...actions.map(([label, handler]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "lp-button";
        button.textContent = label;
        button.addEventListener("click", handler);
        return button;
      }),
    );
    this.box.hidden = false;
  }

  // Clear the message of one of these kinds; without any, whatever is shown.
  clear(...kinds) {
    if (kinds.length && !kinds.includes(this.kind)) return;
    this.kind = null;
    delete this.root.dataset.message;
    this.box.hidden = true;
  }

  line(text, { tone = "plain", seconds = 0 } = {}) {
    clearTimeout(this.barTimer);
    this.bar.textContent = text || "";
    this.bar.dataset.tone = tone;
    this.bar.hidden = !text;
    if (text && seconds) this.barTimer = setTimeout(() => this.line(""), seconds * 1000);
  }
}
