// The lecturer's page: hear a passage again, from a second before it to its end.
import { Playback } from "./playback.js";

const BEFORE = 1; // seconds

export class TermPlayer extends HTMLElement {
  connectedCallback() {
    const { number, media } = this.dataset;
    this.until = Infinity;
    this.playback = new Playback(this.querySelector("lecture-player"), { number, url: media }, (at) => {
      if (at < this.until || !this.playback.isPlaying) return;
      this.until = Infinity;
      this.playback.pause();
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-play]");
      if (!button) return;
      this.until = Number(button.dataset.until) / 1000 + 0.3;
      this.playback.playFrom(Math.max(0, Number(button.dataset.play) / 1000 - BEFORE));
    });
  }
}

customElements.define("term-player", TermPlayer);
