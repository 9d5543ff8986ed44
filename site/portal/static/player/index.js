// Defines the elements of the player; pages load this one module.
import "../vendor/media-chrome.js";
import { ShareLink } from "./audience/share-link.js";
import { UnitChoice } from "./audience/unit-choice.js";
import { ViewerCount } from "./audience/viewer-count.js";
import { LecturePlayer } from "./element.js";
import { LectureStage } from "./stage.js";

customElements.define("lecture-player", LecturePlayer);
customElements.define("lecture-stage", LectureStage);
customElements.define("share-link", ShareLink);
customElements.define("unit-choice", UnitChoice);
customElements.define("viewer-count", ViewerCount);
