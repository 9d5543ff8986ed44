// The keys of the editor, in one table: what the help shows is what works. While typing they go with Alt or Ctrl (⌘);
// outside a text the letter alone does. Nothing is taken from an input method that is composing.

// act, how it is written, what it does, the key while typing, the key outside of a text
export const SHORTCUTS = [
  ["play", "Ctrl + Enter", "空格", "从这一条播放，或暂停", { ctrl: true, code: "Enter" }, { key: " " }],
  ["loop", "Alt + L", "L", "循环播放这一条", { alt: true, code: "KeyL" }, { code: "KeyL" }],
  ["slow", "Alt + R", "R", "慢放（0.75 倍）", { alt: true, code: "KeyR" }, { code: "KeyR" }],
  ["back", "Alt + ←", "←", "后退 1 秒", { alt: true, code: "ArrowLeft" }, { code: "ArrowLeft" }],
  ["forward", "Alt + →", "→", "前进 1 秒", { alt: true, code: "ArrowRight" }, { code: "ArrowRight" }],
  ["next", "Enter", "↓", "下一条", { code: "Enter" }, { code: "ArrowDown" }],
  ["previous", "Alt + ↑", "↑", "上一条", { alt: true, code: "ArrowUp" }, { code: "ArrowUp" }],
  ["nextAlt", "Alt + ↓", "", "下一条", { alt: true, code: "ArrowDown" }, null],
  ["edit", "", "Enter", "修改这一条的文字", null, { code: "Enter" }],
  ["leave", "Esc", "", "离开文字，改用单键", { code: "Escape" }, null],
  ["newline", "Shift + Enter", "", "在光标处换行", null, null],
  ["split", "Alt + S", "S", "在光标处拆成两条（不在文字里时按播放位置拆）", { alt: true, code: "KeyS" }, { code: "KeyS" }],
  ["join", "Alt + J", "J", "和下一条合并", { alt: true, code: "KeyJ" }, { code: "KeyJ" }],
  ["insert", "Alt + I", "I", "在后面加一条", { alt: true, code: "KeyI" }, { code: "KeyI" }],
  ["remove", "Alt + Delete", "Delete", "删除这一条", { alt: true, code: "Delete" }, { code: "Delete" }],
  ["startHere", "Alt + [", "[", "开始时间定在播放位置", { alt: true, code: "BracketLeft" }, { code: "BracketLeft" }],
  ["endHere", "Alt + ]", "]", "结束时间定在播放位置", { alt: true, code: "BracketRight" }, { code: "BracketRight" }],
  ["earlier", "Alt + ,", ",", "这一条提前 0.1 秒", { alt: true, code: "Comma" }, { code: "Comma" }],
  ["later", "Alt + .", ".", "这一条推后 0.1 秒", { alt: true, code: "Period" }, { code: "Period" }],
  ["shift", "Alt + T", "T", "移动时间：一条、从这里起、全部", { alt: true, code: "KeyT" }, { code: "KeyT" }],
  ["doubtful", "Alt + N", "N", "跳到下一条要核对的", { alt: true, code: "KeyN" }, { code: "KeyN" }],
  ["look", "Alt + K", "K", "看过，没错；跳到下一条要核对的", { alt: true, code: "KeyK" }, { code: "KeyK" }],
  ["take1", "Alt + 1", "1", "采用第 1 个建议", { alt: true, code: "Digit1" }, { code: "Digit1" }],
  ["take2", "Alt + 2", "2", "采用第 2 个建议", { alt: true, code: "Digit2" }, { code: "Digit2" }],
  ["take3", "Alt + 3", "3", "采用第 3 个建议", { alt: true, code: "Digit3" }, { code: "Digit3" }],
  ["find", "Ctrl + H", "H", "查找替换", { ctrl: true, code: "KeyH" }, { code: "KeyH" }],
  ["undo", "Ctrl + Z", "Z", "撤销", { ctrl: true, code: "KeyZ" }, { code: "KeyZ" }],
  ["redo", "Ctrl + Y", "Y", "重做", { ctrl: true, code: "KeyY" }, { code: "KeyY" }],
  ["redoShift", "Ctrl + Shift + Z", "", "重做", { ctrl: true, shift: true, code: "KeyZ" }, null],
  ["save", "Ctrl + S", "", "马上保存（平时自动保存）", { ctrl: true, code: "KeyS" }, null],
  ["zoomIn", "Alt + =", "=", "时间轴放大", { alt: true, code: "Equal" }, { code: "Equal" }],
  ["zoomOut", "Alt + -", "-", "时间轴缩小", { alt: true, code: "Minus" }, { code: "Minus" }],
  ["help", "Alt + /", "?", "显示快捷键", { alt: true, code: "Slash" }, { key: "?" }],
].map(([act, typing, outside, label, whileTyping, otherwise]) => ({ act, typing, outside, label, whileTyping, otherwise }));

const NUMPAD = { NumpadEnter: "Enter" };

function fits(wanted, event) {
  if (!wanted) return false;
  if (wanted.key) return event.key === wanted.key && !event.altKey && !event.ctrlKey && !event.metaKey;
  const code = NUMPAD[event.code] || event.code;
  return (
    code === wanted.code &&
    event.altKey === Boolean(wanted.alt) &&
    (event.ctrlKey || event.metaKey) === Boolean(wanted.ctrl) &&
    event.shiftKey === Boolean(wanted.shift)
  );
}

// What a key press asks for; null for nothing of ours. isTyping: the focus is in a cue's text.
export function actOf(event, isTyping) {
  if (event.isComposing || event.keyCode === 229) return null;
  const found = SHORTCUTS.find(
    (each) => fits(each.whileTyping, event) && (isTyping || each.whileTyping.alt || each.whileTyping.ctrl),
  );
  if (found) return found.act;
  return isTyping ? null : SHORTCUTS.find((each) => fits(each.otherwise, event))?.act || null;
}

const OTHER_FIELDS = "input, select, textarea:not(.cue-text), [contenteditable]";
const OWN_KEYS = "button, a, summary, [role=menuitemradio]";

// root: where the keys hold; acts: functions by name. They are heard before the player's own.
export function listenToKeys(root, acts) {
  document.addEventListener(
    "keydown",
    (event) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (document.querySelector("dialog[open]")) return;
      if (target !== document.body && !root.contains(target)) return;
      const isTyping = target.matches(".cue-text");
      const act = actOf(event, isTyping);
      if (!act || !acts[act]) return;
      const isBare = !event.altKey && !event.ctrlKey && !event.metaKey;
      if (isBare && target.closest(OTHER_FIELDS)) return;
      if (isBare && (event.key === "Enter" || event.key === " ") && target.closest(OWN_KEYS)) return;
      event.preventDefault();
      event.stopPropagation();
      acts[act]();
    },
    true,
  );
}
