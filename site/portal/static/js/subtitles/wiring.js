// Where the editor's buttons, keys and dialogs lead.
import { Conflicts, FindReplace, listenToShift } from "./dialogs.js";
import { fillHelp } from "./help.js";
import { Hold } from "./hold.js";
import { listenToKeys } from "./keys.js";

export function wire(editor) {
  const { piece } = editor;
  const help = piece("help");
  fillHelp(piece("help-rows"));
  const acts = {
    play: () => editor.playOrPause(),
    loop: () => editor.toggleLoop(),
    slow: () => editor.toggleSlow(),
    back: () => editor.playback.skip(-1),
    forward: () => editor.playback.skip(1),
    next: () => editor.step(1),
    nextAlt: () => editor.step(1),
    previous: () => editor.step(-1),
    edit: () => editor.cue && editor.choose(editor.current, true),
    leave: () => editor.view.rows.get(editor.current) && editor.leaveText(),
    doubtful: () => editor.goToDoubtful(),
    help: () => help.showModal(),
    zoomIn: () => editor.timeline.zoom(-1),
    zoomOut: () => editor.timeline.zoom(1),
    ...(editor.mayCorrect ? correcting(editor) : {}),
  };
  listenToKeys(editor, acts);
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && acts[button.dataset.do]) acts[button.dataset.do]();
    const filter = event.target.closest("[data-filter]");
    if (filter) editor.filterBy(filter.dataset.filter, filter);
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
  });
  for (const form of document.querySelectorAll("[data-after-saving]")) {
    form.addEventListener("submit", (event) => editor.saveThenSubmit(event, form));
  }
}

// What those who only look have not: changing, finding to replace, the hold. Gives the acts of its keys.
function correcting(editor) {
  const { piece } = editor;
  const find = new FindReplace(
    {
      dialog: piece("find"),
      find: piece("find-text"),
      put: piece("find-put"),
      count: piece("find-count"),
      all: piece("find-all"),
      next: piece("find-next"),
    },
    editor,
  );
  const shift = { dialog: piece("shift"), form: piece("shift-form"), amount: piece("shift-amount") };
  listenToShift(shift, (ms, range) => editor.changing.shift(ms, range));
  editor.conflictDialog = new Conflicts(
    { dialog: piece("conflicts"), form: piece("conflicts-form"), list: piece("conflicts-list") },
    (conflicts, choices) => editor.decide(conflicts, choices),
  );
  editor.hold = holdOf(editor);
  return {
    save: () => editor.autosave.send(),
    find: () => find.open(String(getSelection()) || editor.selectedText()),
    ...editor.changing.acts(),
  };
}

function holdOf(editor) {
  const { piece } = editor;
  const parts = {
    bar: piece("hold"),
    words: piece("hold-words"),
    button: piece("take-over"),
    dialog: piece("take-over-dialog"),
    dialogWords: piece("take-over-words"),
    confirm: piece("take-over-confirm"),
  };
  return new Hold(editor.api, parts, Number(editor.dataset.aliveSeconds), () => editor.playback.isPlaying, {
    mine: (revision) => editor.onMine(revision),
    theirs: () => editor.setMayType(false),
    lost: () => {
      editor.autosave.remember();
      editor.setMayType(false);
    },
  });
}
