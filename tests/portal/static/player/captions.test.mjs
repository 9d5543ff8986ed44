import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptionPrefs } from "../../../../site/portal/static/player/caption-prefs.js";
import { textAt } from "../../../../site/portal/static/player/captions.js";
import { secondAsked } from "../../../../site/portal/static/player/time.js";

const storage = (kept = {}) => ({
  getItem: (key) => (key in kept ? kept[key] : null),
  setItem: (key, value) => {
    kept[key] = value;
  },
});

test("the caption is the one whose time it is, and none in between", () => {
  const cues = [
    { start: 1, end: 3, text: "甲" },
    { start: 3, end: 4.5, text: "乙" },
    { start: 6, end: 8, text: "丙" },
  ];
  const at = { 0: "", 0.999: "", 1: "甲", 2.999: "甲", 3: "乙", 4.5: "", 5.9: "", 6: "丙", 7.99: "丙", 8: "", 900: "" };
  for (const [time, text] of Object.entries(at)) assert.equal(textAt(cues, Number(time)), text, time);
  assert.equal(textAt([], 3), "");
});

test("what was chosen is found again", () => {
  const kept = {};
  const prefs = new CaptionPrefs(storage(kept));
  assert.equal(prefs.get("on"), true);
  prefs.set("size", "huge");
  prefs.set("on", false);
  const again = new CaptionPrefs(storage(kept));
  assert.equal(again.get("size"), "huge");
  assert.equal(again.get("on"), false);
  assert.equal(again.get("place"), "bottom");
});

test("what is no choice is neither taken nor remembered", () => {
  const prefs = new CaptionPrefs(storage({ "wkt.captions": '{"size":"giant","on":"yes","place":"top","other":1}' }));
  assert.equal(prefs.get("size"), "usual");
  assert.equal(prefs.get("on"), true);
  assert.equal(prefs.get("place"), "top");
  prefs.set("size", "giant");
  prefs.set("other", 1);
  assert.equal(prefs.get("size"), "usual");
});

test("a browser that refuses to remember breaks nothing", () => {
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  for (const kept of [refusing, null, storage({ "wkt.captions": "not json" })]) {
    const prefs = new CaptionPrefs(kept);
    prefs.set("size", "large");
    assert.equal(prefs.get("size"), "large");
  }
});

test("the second is read from the address beside the unit", () => {
  assert.equal(secondAsked("?t=83"), 83);
  assert.equal(secondAsked("?u=520013&t=83"), 83);
  assert.equal(secondAsked("?t=0"), 0);
  for (const query of ["", "?t=", "?t=-3", "?t=1e3", "?t=3.5", "?t=999999", "?t=abc", "?u=3"]) {
    assert.equal(secondAsked(query), undefined, query);
  }
});
