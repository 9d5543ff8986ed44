import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORTCUTS, actOf } from "../../../../../site/portal/static/js/subtitles/keys.js";

const press = (code, more = {}) => ({ code, key: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, keyCode: 0, ...more });

test("while typing the plain letters are letters", () => {
  for (const code of ["KeyS", "KeyN", "Delete", "Digit1", "Comma", "BracketLeft"]) assert.equal(actOf(press(code), true), null);
  assert.equal(actOf(press("KeyS", { altKey: true }), true), "split");
  assert.equal(actOf(press("KeyS"), false), "split");
});

test("enter goes to the next cue, with shift it breaks the line, and the numeric pad's is the same", () => {
  assert.equal(actOf(press("Enter"), true), "next");
  assert.equal(actOf(press("NumpadEnter"), true), "next");
  assert.equal(actOf(press("Enter", { shiftKey: true }), true), null);
});

test("nothing is taken from an input method", () => {
  assert.equal(actOf(press("Enter", { isComposing: true }), true), null);
  assert.equal(actOf(press("Enter", { keyCode: 229 }), true), null);
});

test("⌘ is Ctrl", () => {
  assert.equal(actOf(press("KeyZ", { metaKey: true }), true), "undo");
  assert.equal(actOf(press("KeyZ", { metaKey: true, shiftKey: true }), true), "redoShift");
});

test("no key has two meanings, and each that works is written in the help", () => {
  for (const where of ["whileTyping", "otherwise"]) {
    const keys = SHORTCUTS.filter((each) => each[where]).map((each) => JSON.stringify(each[where]));
    assert.equal(new Set(keys).size, keys.length, where);
  }
  for (const { whileTyping, otherwise, typing, outside, label } of SHORTCUTS) {
    if (whileTyping) assert.ok(typing, label);
    if (otherwise) assert.ok(outside, label);
  }
});
