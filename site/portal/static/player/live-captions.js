// Live captions: they come and go by a switch at the bureau while people watch.
const PAUSE = 5000; // ms between two attachments for their sake

export class LiveCaptions {
  // player: the element. captions: what draws them.
  constructor(player, captions, now = () => performance.now()) {
    this.player = player;
    this.captions = captions;
    this.now = now;
    this.isOn = false;
    this.outdated = null; // the engine that still has those of before
    this.attachedAt = -Infinity;
  }

  // A source is loaded and attached by itself; they are on or not.
  begin(isOn) {
    this.isOn = isOn;
    this.outdated = null;
    this.attachedAt = this.now();
    this.captions.setLive(isOn);
  }

  // Then a larger engine is loaded, which knows of captions.
  get areWanted() {
    return this.isOn && this.captions.isWanted;
  }

  // What the status of the lecture says.
  set(isOn) {
    if (this.isOn && !isOn) this.outdated = this.player.engine;
    this.isOn = isOn;
    this.captions.setLive(isOn);
    this.ensure();
  }

  // The stream does not give them any more: forGood, or it only failed just now and is asked again.
  lost(forGood) {
    if (forGood) this.set(false);
    else this.captions.setLive(false);
  }

  // A stream lists captions when it is attached, or never: who came before they were on attaches once more.
  ensure() {
    const { player } = this;
    if (!this.areWanted || !player.isLive || player.audioOnly || !player.shouldMove()) return;
    const { engine } = player;
    if (engine.listsCaptions !== false && engine !== this.outdated) return;
    if (this.now() - this.attachedAt < PAUSE) return;
    this.attachedAt = this.now();
    player.reattach();
  }
}
