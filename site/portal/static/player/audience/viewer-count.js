// <viewer-count>: how many watch, as the server tells the public; asked for now and then while the page is seen.
const EVERY = 30000; // ms

export class ViewerCount extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.ask(), EVERY);
    this.seen = () => this.ask();
    document.addEventListener("visibilitychange", this.seen);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  async ask() {
    // Before a lecture begins there is nothing to be asked for, and the elements are hidden.
    if (document.visibilityState !== "visible" || !this.querySelector("[data-when]:not([hidden])")) return;
    try {
      const answer = await fetch(this.dataset.url);
      if (answer.ok) this.show(await answer.json());
    } catch {
      // no connection: what stands there stays
    }
  }

  show(figures) {
    for (const place of this.querySelectorAll("[data-count]")) {
      const words = figures[place.dataset.count];
      if (words !== undefined) place.textContent = words;
    }
  }
}
