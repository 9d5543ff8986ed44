// What the server lists now: it takes a rendition out when players can no longer join it.
const VARIANT = "#EXT-X-STREAM-INF:"; // its address is on the next line (RFC 8216bis §4.4.6.2)

// Whether a rendition's playlist is missing where others are listed. Not known (no network, no such answer): false.
export async function isUnlisted(address, multivariantUrl) {
  try {
    const answer = await fetch(multivariantUrl);
    if (!answer.ok) return false;
    const listed = variants(await answer.text(), answer.url);
    return listed.length > 0 && !listed.includes(bare(address));
  } catch {
    return false;
  }
}

// The absolute addresses of the variants, without their queries; none in a media playlist.
export function variants(playlist, base) {
  const lines = playlist.split(/\r?\n/).filter((line) => line.startsWith(VARIANT) || (line && !line.startsWith("#")));
  return lines
    .filter((line, place) => !line.startsWith("#") && lines[place - 1]?.startsWith(VARIANT))
    .map((line) => bare(new URL(line, base).href));
}

function bare(address) {
  return address.split(/[?#]/)[0];
}
