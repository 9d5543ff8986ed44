import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { isUnlisted, variants } from "../../../../site/portal/static/player/listing.js";

const BASE = "http://lecture.test/live/2026-1-1/index.m3u8";
const SOURCE = "http://lecture.test/live/2026-1-1/source.m3u8";
const LIST = "#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\n480p.m3u8?a=b\r\n";
const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

function answers(text, { ok = true } = {}) {
  globalThis.fetch = async (url) => {
    if (text === null) throw new TypeError("no network");
    return { ok, url, text: async () => text };
  };
}

test("variants are told by absolute addresses, without their queries", () => {
  const list = `${LIST}#EXT-X-STREAM-INF:BANDWIDTH=2\n\n/live/x/720p.m3u8\n#EXT-X-MEDIA:TYPE=SUBTITLES,URI="s.m3u8"\n`;
  assert.deepEqual(
    variants(list, BASE),
    ["http://lecture.test/live/2026-1-1/480p.m3u8", "http://lecture.test/live/x/720p.m3u8"],
  );
});

test("a media playlist has no variants", () => {
  assert.deepEqual(variants("#EXTM3U\n#EXTINF:2,\na.m4s\n", BASE), []);
});

test("what is not among the variants is unlisted", async () => {
  answers(LIST);
  assert.equal(await isUnlisted(SOURCE, BASE), true);
  assert.equal(await isUnlisted("http://lecture.test/live/2026-1-1/480p.m3u8?c=d", BASE), false);
});

test("nothing is unlisted while nothing is known", async () => {
  for (const [text, options] of [[null, {}], [LIST, { ok: false }], ["", {}], ["#EXTM3U\n#EXTINF:2,\na.m4s\n", {}]]) {
    answers(text, options);
    assert.equal(await isUnlisted(SOURCE, BASE), false, text);
  }
});
