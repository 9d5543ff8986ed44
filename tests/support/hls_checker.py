"""A strict reader of media playlists (draft-pantos-hls-rfc8216bis) and of their way from version to version.

`read_playlist` refuses a text that breaks a rule; `PlaylistWatch` is fed what a player would load one after
the other and refuses what must not change. Both raise `Broken` with every finding.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

SHORTEST_PART = 0.85
SUM_TOLERANCE = 0.001
PARTS_WITHIN_SEGMENTS = 3
DATED_SEGMENTS = 6

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,"]*)(?:,|$)')
_PLACE = re.compile(r"/(\d+)(?:\.(\d+))?\.(?:m4s|vtt)$")
_DECIMAL = re.compile(r"\d+(\.\d+)?")
_HEAD_TAGS = {
    "EXT-X-VERSION",
    "EXT-X-TARGETDURATION",
    "EXT-X-PART-INF",
    "EXT-X-SERVER-CONTROL",
    "EXT-X-INDEPENDENT-SEGMENTS",
    "EXT-X-MEDIA-SEQUENCE",
    "EXT-X-DISCONTINUITY-SEQUENCE",
    "EXT-X-PLAYLIST-TYPE",
    "EXT-X-SKIP",
}


class Broken(AssertionError):
    """A playlist breaks the rules; the message lists how, and the text."""


@dataclass(frozen=True)
class ReadPart:
    uri: str
    duration: float
    independent: bool


@dataclass
class ReadSegment:
    msn: int
    discontinuity_sequence: int
    uri: str = ""
    duration: float = 0.0
    gap: bool = False
    discontinuity: bool = False
    map_uri: str | None = None
    date: datetime | None = None
    parts: list[ReadPart] = field(default_factory=list)


@dataclass
class ReadPlaylist:
    """`open` holds the parts of the segment that is not listed yet; `skipped` segments are not in `segments`."""

    text: str
    tags: dict[str, str]
    segments: list[ReadSegment]
    open: ReadSegment
    hint: str | None
    reports: list[dict[str, str]]
    skipped: int
    ended: bool

    @property
    def media_sequence(self) -> int:
        return int(self.tags.get("EXT-X-MEDIA-SEQUENCE", "0"))

    @property
    def target_duration(self) -> int:
        return int(self.tags["EXT-X-TARGETDURATION"])

    @property
    def part_target(self) -> float | None:
        inf = self.tags.get("EXT-X-PART-INF")
        return float(attributes(inf)["PART-TARGET"]) if inf is not None else None

    @property
    def control(self) -> dict[str, str]:
        return attributes(self.tags.get("EXT-X-SERVER-CONTROL", ""))

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments)

    @property
    def uris(self) -> list[str]:
        return [segment.uri for segment in self.segments]


def attributes(text: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(text)}


def read_playlist(text: str, *, shed: bool = False, subtitles: bool = False) -> ReadPlaylist:
    """shed: of a rendition that is being given up, which hints at nothing any more. subtitles: of WebVTT, which has
    whole segments only and no map. Raises Broken.
    """
    findings: list[str] = []
    playlist = _parse(text, findings)
    if not findings:
        _check(playlist, findings, shed=shed, subtitles=subtitles)
    if findings:
        raise Broken("\n".join(findings) + "\n\n" + text)
    return playlist


def _parse(text: str, findings: list[str]) -> ReadPlaylist:
    lines = text.split("\n")
    if lines[0] != "#EXTM3U" or lines[-1] != "" or "\r" in text:
        findings.append("it must begin with EXTM3U and end with a line feed")
    tags: dict[str, str] = {}
    segments: list[ReadSegment] = []
    reports: list[dict[str, str]] = []
    hint, ended, map_uri, duration = None, False, None, None
    current: ReadSegment | None = None
    for line in lines[1:-1]:
        name, _, value = line.removeprefix("#").partition(":")
        if name in _HEAD_TAGS and line.startswith("#"):
            if name in tags:
                findings.append(f"{name} twice")
            if segments or (current is not None and (current.parts or current.map_uri)):
                findings.append(f"{name} behind the first segment")
            tags[name] = value
            continue
        if current is None:
            msn = int(tags.get("EXT-X-MEDIA-SEQUENCE", "0")) + _skipped(tags)
            current = ReadSegment(msn, int(tags.get("EXT-X-DISCONTINUITY-SEQUENCE", "0")), map_uri=map_uri)
        if ended:
            findings.append("something behind ENDLIST")
        match name:
            case "EXT-X-DISCONTINUITY":
                current.discontinuity = True
                current.discontinuity_sequence += 1
            case "EXT-X-MAP":
                map_uri = current.map_uri = attributes(value)["URI"]
            case "EXT-X-PROGRAM-DATE-TIME":
                current.date = datetime.fromisoformat(value)
            case "EXT-X-GAP":
                current.gap = True
            case "EXT-X-PART":
                found = attributes(value)
                current.parts.append(
                    ReadPart(found["URI"], _decimal(found["DURATION"], findings), "INDEPENDENT" in found)
                )
            case "EXTINF":
                duration = _decimal(value.removesuffix(","), findings)
            case "EXT-X-PRELOAD-HINT":
                found = attributes(value)
                if hint is not None or found.get("TYPE") != "PART":
                    findings.append("one hint, of a part")
                hint = found["URI"]
            case "EXT-X-RENDITION-REPORT":
                reports.append(attributes(value))
            case "EXT-X-ENDLIST":
                ended = True
            case _ if not line.startswith("#") and line:
                if duration is None:
                    findings.append(f"no EXTINF before {line}")
                current.uri, current.duration = line, duration or 0.0
                segments.append(current)
                current = ReadSegment(current.msn + 1, current.discontinuity_sequence, map_uri=map_uri)
                duration = None
            case _:
                findings.append(f"unknown line {line!r}")
    if current is None:
        current = ReadSegment(int(tags.get("EXT-X-MEDIA-SEQUENCE", "0")), 0)
    return ReadPlaylist(text, tags, segments, current, hint, reports, _skipped(tags), ended)


def _skipped(tags: dict[str, str]) -> int:
    return int(attributes(tags["EXT-X-SKIP"])["SKIPPED-SEGMENTS"]) if "EXT-X-SKIP" in tags else 0


def _decimal(text: str, findings: list[str]) -> float:
    if not _DECIMAL.fullmatch(text):
        findings.append(f"{text!r} is not a decimal")
        return 0.0
    return float(text)


def _check(playlist: ReadPlaylist, findings: list[str], *, shed: bool, subtitles: bool) -> None:
    if "EXT-X-TARGETDURATION" not in playlist.tags or "EXT-X-VERSION" not in playlist.tags:
        findings.append("TARGETDURATION and VERSION must be there")
        return
    live = not playlist.ended
    version = int(playlist.tags["EXT-X-VERSION"])
    if version < (9 if live else 6):
        findings.append(f"VERSION {version} is too low")
    if (playlist.hint is not None) != (live and not shed and not subtitles):
        findings.append("a hint while live, none behind the end")
    if live and "EXT-X-PLAYLIST-TYPE" in playlist.tags:
        findings.append("PLAYLIST-TYPE while live")
    _check_segments(playlist, findings, subtitles=subtitles)
    _check_dates(playlist, findings)
    if subtitles:
        _check_whole_segments(playlist, findings)
    elif live:
        _check_low_latency(playlist, findings)


def _check_whole_segments(playlist: ReadPlaylist, findings: list[str]) -> None:
    control = playlist.control
    if playlist.part_target is not None or "PART-HOLD-BACK" in control or playlist.open.parts:
        findings.append("parts of subtitles")
    if control.get("CAN-BLOCK-RELOAD") != "YES" or float(control["HOLD-BACK"]) < 3 * playlist.target_duration:
        findings.append("CAN-BLOCK-RELOAD and HOLD-BACK")


def _check_segments(playlist: ReadPlaylist, findings: list[str], *, subtitles: bool) -> None:
    for segment in playlist.segments:
        if round(segment.duration) > playlist.target_duration:
            findings.append(f"segment {segment.msn} lasts {segment.duration} s")
        place = _PLACE.search(segment.uri)
        if place is None or int(place[1]) != segment.msn:
            findings.append(f"{segment.uri} is not segment {segment.msn}")
        if segment.map_uri is None and not playlist.skipped and not subtitles:
            findings.append(f"segment {segment.msn} has no EXT-X-MAP")
        if subtitles != segment.uri.endswith(".vtt") or (subtitles and segment.map_uri is not None):
            findings.append(f"{segment.uri} is of the other kind")
        if segment.gap and segment.parts:
            findings.append(f"gap {segment.msn} has parts")
        total = sum(part.duration for part in segment.parts)
        if segment.parts and abs(total - segment.duration) > SUM_TOLERANCE:
            findings.append(f"segment {segment.msn}: parts make {total:.5f} of {segment.duration:.5f} s")
    uris = playlist.uris + [part.uri for segment in playlist.segments for part in segment.parts]
    if len(set(uris)) < len(uris):
        findings.append("a URI twice")


def _check_dates(playlist: ReadPlaylist, findings: list[str]) -> None:
    count = len(playlist.segments)
    listed = playlist.segments + ([playlist.open] if playlist.open.parts else [])
    for place, segment in enumerate(listed):
        first = place == 0 and not playlist.skipped
        late = not playlist.ended and place >= count - DATED_SEGMENTS
        if (first or segment.discontinuity or late) and segment.date is None:
            findings.append(f"segment {segment.msn} has no date")
    for before, after in pairwise(listed):
        if before.date is None or after.date is None:
            continue
        step = (after.date - before.date).total_seconds()
        if after.discontinuity and step < before.duration - SUM_TOLERANCE:
            findings.append(f"dates go back at segment {after.msn}")
        if not after.discontinuity and abs(step - before.duration) > 2 * SUM_TOLERANCE:
            findings.append(f"{step} s between the dates of segments {before.msn} and {after.msn}")


def _check_low_latency(playlist: ReadPlaylist, findings: list[str]) -> None:
    target, control = playlist.part_target, playlist.control
    if target is None:
        findings.append("no PART-INF")
        return
    if control.get("CAN-BLOCK-RELOAD") != "YES" or float(control["PART-HOLD-BACK"]) < 3 * target - 1e-9:
        findings.append("CAN-BLOCK-RELOAD and PART-HOLD-BACK")
    if float(control["HOLD-BACK"]) < 3 * playlist.target_duration:
        findings.append("HOLD-BACK")
    if float(control["CAN-SKIP-UNTIL"]) < 6 * playlist.target_duration:
        findings.append("CAN-SKIP-UNTIL")
    for segment in playlist.segments[:-PARTS_WITHIN_SEGMENTS]:
        if segment.parts:
            findings.append(f"segment {segment.msn} still lists parts")
    for segment in [*playlist.segments, playlist.open]:
        for index, part in enumerate(segment.parts):
            place = _PLACE.search(part.uri)
            if place is None or (int(place[1]), int(place[2] or -1)) != (segment.msn, index):
                findings.append(f"{part.uri} is not part {index} of segment {segment.msn}")
            if part.duration > target + 1e-9:
                findings.append(f"part {segment.msn}.{index} lasts {part.duration} s")
            if part.duration < SHORTEST_PART * target - 1e-5 and index + 1 < len(segment.parts):
                findings.append(f"part {segment.msn}.{index} lasts only {part.duration} s")
    expected = f"/{playlist.open.msn}.{len(playlist.open.parts)}.m4s"
    if playlist.hint is not None and not playlist.hint.endswith(expected):
        findings.append(f"the hint is {playlist.hint}, {expected} comes next")


@dataclass
class PlaylistWatch:
    """One rendition's live playlist, load after load. `segments`: all that were ever listed, by number."""

    last: ReadPlaylist | None = None
    segments: dict[int, ReadSegment] = field(default_factory=dict)
    updates: int = 0

    def load(self, text: str, *, shed: bool = False, subtitles: bool = False) -> ReadPlaylist:
        """A full playlist or a delta update. Raises Broken."""
        playlist = read_playlist(text, shed=shed, subtitles=subtitles)
        findings: list[str] = []
        if self.last is not None:
            self._compare(self.last, playlist, findings)
        elif playlist.skipped:
            findings.append("a delta update for a player that has nothing")
        for segment in playlist.segments:
            self._keep(segment, playlist, findings)
        if findings:
            raise Broken("\n".join(findings) + "\n\n" + text)
        self.last = playlist
        self.updates += 1
        return playlist

    def _compare(self, before: ReadPlaylist, now: ReadPlaylist, findings: list[str]) -> None:
        for tag in ("EXT-X-TARGETDURATION", "EXT-X-PART-INF", "EXT-X-MEDIA-SEQUENCE", "EXT-X-VERSION"):
            if before.tags.get(tag) != now.tags.get(tag):
                findings.append(f"{tag} changed from {before.tags.get(tag)} to {now.tags.get(tag)}")
        if before.tags.get("EXT-X-DISCONTINUITY-SEQUENCE") != now.tags.get("EXT-X-DISCONTINUITY-SEQUENCE"):
            findings.append("the discontinuity sequence changed though no segment has left")
        if now.open.msn < before.open.msn:
            findings.append(f"the playlist went back from {before.open.msn} to {now.open.msn}")
        if now.skipped and now.media_sequence + now.skipped > before.open.msn:
            findings.append("a delta update skips what the player has not seen")
        successor = self._same(now, before.open.msn)
        if successor is not None and before.open.parts:
            theirs = [part.uri for part in successor.parts][: len(before.open.parts)]
            if successor.parts and theirs != [part.uri for part in before.open.parts]:
                findings.append(f"the parts of segment {before.open.msn} changed")
            if successor.gap:
                findings.append(f"segment {before.open.msn} had parts and became a gap")
        later = successor.parts[len(before.open.parts) :] if successor is not None else []
        if before.hint is not None and later and later[0].uri != before.hint:
            findings.append(f"{before.hint} was hinted at, {later[0].uri} came")

    @staticmethod
    def _same(playlist: ReadPlaylist, msn: int) -> ReadSegment | None:
        return next((one for one in [*playlist.segments, playlist.open] if one.msn == msn), None)

    def _keep(self, segment: ReadSegment, playlist: ReadPlaylist, findings: list[str]) -> None:
        known = self.segments.get(segment.msn)
        if known is None:
            if self.segments and segment.msn - 1 not in self.segments:
                findings.append(f"segment {segment.msn} follows nothing")
            self.segments[segment.msn] = segment
            return
        mine = (known.uri, known.duration, known.gap, known.discontinuity)
        if mine != (segment.uri, segment.duration, segment.gap, segment.discontinuity):
            findings.append(f"segment {segment.msn} changed")
        if known.date is not None and segment.date is not None and known.date != segment.date:
            findings.append(f"the date of segment {segment.msn} changed")
        if not playlist.skipped and known.discontinuity_sequence != segment.discontinuity_sequence:
            findings.append(f"the discontinuity sequence of segment {segment.msn} changed")
