// Beside the cue: what the lecturer said, the glossary's suggestions, the script's wording. One key takes one.
const WAIT_MS = 250;
const SCRIPT_AGAIN_MS = 20000;
const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

export class Hints {
  // parts: {list, none, script}; take(offer) puts its text into the current cue: {text, why, wrong?, right?}
  constructor(api, parts, take) {
    this.api = api;
    this.parts = parts;
    this.take = take;
    this.asked = 0;
    this.scriptAt = -Infinity;
    this.passages = {};
    this.offers = [];
    this.answers = [];
    parts.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.choose(Number(button.dataset.index));
    });
  }

  show(cue) {
    clearTimeout(this.timer);
    if (!cue) {
      this.fill([], "");
      return;
    }
    this.timer = setTimeout(() => this.ask(cue), WAIT_MS);
  }

  async ask(cue) {
    const asked = ++this.asked;
    const said = this.answers
      .filter((answer) => answer.cue === cue.id)
      .map((answer) => ({
        text: answer.right ? answer.text : answer.suggestion,
        why: answer.right ? `主讲人${answer.name}：没错` : `主讲人${answer.name}的说法`,
        answer: answer.id,
      }));
    let suggestions = [];
    try {
      await this.loadScript(cue.id);
      suggestions = (await this.api.post("/hints", { lines: cue.lines })).suggestions;
    } catch {
      // Hints are a help: without them the work goes on.
    }
    if (asked !== this.asked) return;
    this.fill([...said, ...suggestions, ...this.fromScript(cue)], this.passages[cue.id]?.text || "");
  }

  // The script beside the draft as it was when it was asked for; a cue that came later has it asked for once more.
  async loadScript(id) {
    if (this.passages[id] || performance.now() - this.scriptAt < SCRIPT_AGAIN_MS) return;
    this.scriptAt = performance.now();
    this.passages = (await this.api.get("/script")).passages;
  }

  fromScript(cue) {
    const passage = this.passages[cue.id];
    if (!passage || letters(passage.text) === letters(cue.lines.join(""))) return [];
    return [{ text: passage.text, why: "讲稿的说法" }];
  }

  fill(offers, script) {
    this.offers = offers.slice(0, 3);
    this.parts.list.replaceChildren(
      ...this.offers.map((offer, index) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "hint";
        button.dataset.index = String(index);
        const key = document.createElement("kbd");
        key.textContent = String(index + 1);
        const words = document.createElement("span");
        words.textContent = offer.text;
        const why = document.createElement("small");
        why.textContent = offer.why;
        button.append(key, words, why);
        item.append(button);
        return item;
      }),
    );
    this.parts.none.hidden = this.offers.length > 0;
    this.parts.script.textContent = script || "没有讲稿，或这一条没有对上讲稿。";
    this.parts.script.classList.toggle("quiet", !script);
  }

  choose(index) {
    const offer = this.offers[index];
    if (!offer) return;
    this.take(offer);
    if (offer.answer) {
      this.answers = this.answers.filter((each) => each.id !== offer.answer);
      this.api.post(`/questions/${offer.answer}/settle`, {}).catch(() => undefined);
    }
  }
}
