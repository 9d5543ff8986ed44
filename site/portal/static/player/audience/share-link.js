// <share-link>: hands on the lecture's plain address. Whoever opens it is not counted for the unit of this page's link.

export class ShareLink extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !(navigator.share || navigator.clipboard)) return;
    this.hidden = false;
    this.shares = Boolean(navigator.share) && matchMedia("(pointer: coarse)").matches;
    if (this.shares) button.querySelector("span").textContent = "分享";
    button.addEventListener("click", () => this.handOn());
  }

  async handOn() {
    const { address, title } = this.dataset;
    try {
      if (this.shares) await navigator.share({ title, url: address });
      else await navigator.clipboard.writeText(address);
      if (!this.shares) this.tell("链接已复制，可以粘贴到群里。");
    } catch (error) {
      if (error.name !== "AbortError") this.tell(`请手工复制：${address}`);
    }
  }

  tell(words) {
    this.querySelector("[role=status]").textContent = words;
  }
}
