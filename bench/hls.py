"""Just enough of HLS (draft-pantos-hls-rfc8216bis §4.4) to be a client of it: pure parsing, no I/O."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')


@dataclass(frozen=True, slots=True)
class Variant:
    uri: str
    bandwidth: int
    resolution: str | None


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A partial segment: its segment's media sequence number, its index there, seconds."""

    msn: int
    index: int
    uri: str
    duration: float


@dataclass(frozen=True, slots=True)
class ListedSegment:
    msn: int
    uri: str
    duration: float
    init_uri: str | None
    discontinuity: bool
    gap: bool


@dataclass(slots=True)
class MediaPlaylist:
    """A media playlist; URIs as written there.

    next_part is the (msn, index) to wait for by blocking reload, init_uri the initialisation section of the
    newest media.
    """

    target_duration: float = 0.0
    part_target: float | None = None
    can_block: bool = False
    ended: bool = False
    segments: list[ListedSegment] = field(default_factory=list)
    parts: list[ListedPart] = field(default_factory=list)
    next_part: tuple[int, int] = (0, 0)
    init_uri: str | None = None

    @property
    def duration(self) -> float:
        """Seconds of media in the listed segments that are not gaps."""
        return sum(segment.duration for segment in self.segments if not segment.gap)

    @property
    def has_media(self) -> bool:
        return bool(self.parts) or any(not segment.gap for segment in self.segments)


def attributes(line: str) -> dict[str, str]:
    """The attribute list after a tag's colon, quotes removed."""
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(line.partition(":")[2])}


def parse_multivariant(text: str, base: str = "") -> list[Variant]:
    """The variants of a multivariant playlist in their order, URIs resolved against base."""
    variants: list[Variant] = []
    pending: dict[str, str] | None = None
    for line in text.splitlines():
        if line.startswith("#EXT-X-STREAM-INF:"):
            pending = attributes(line)
        elif line and not line.startswith("#") and pending is not None:
            bandwidth = int(pending.get("BANDWIDTH", "0"))
            variants.append(Variant(urljoin(base, line), bandwidth, pending.get("RESOLUTION")))
            pending = None
    return variants


def parse_media(text: str) -> MediaPlaylist:
    """A media playlist, full or delta (§4.4.5.2); tags a client of ours does not need are passed over."""
    playlist = MediaPlaylist()
    msn = part_index = 0
    duration = 0.0
    init_uri: str | None = None
    discontinuity = gap = False
    for line in text.splitlines():
        if line.startswith("#EXT-X-PART:"):
            part = attributes(line)
            if part.get("GAP") != "YES":
                playlist.parts.append(ListedPart(msn, part_index, part["URI"], float(part["DURATION"])))
            part_index += 1
        elif line.startswith("#EXTINF:"):
            duration = float(line[8:].partition(",")[0])
        elif line and not line.startswith("#"):
            playlist.segments.append(ListedSegment(msn, line, duration, init_uri, discontinuity, gap))
            msn += 1
            part_index = 0
            discontinuity = gap = False
        elif line.startswith("#EXT-X-MAP:"):
            init_uri = attributes(line)["URI"]
        elif line.startswith("#EXT-X-MEDIA-SEQUENCE:"):
            msn = int(line.partition(":")[2])
        elif line.startswith("#EXT-X-SKIP:"):
            msn += int(attributes(line)["SKIPPED-SEGMENTS"])
        elif line.startswith("#EXT-X-TARGETDURATION:"):
            playlist.target_duration = float(line.partition(":")[2])
        elif line.startswith("#EXT-X-PART-INF:"):
            playlist.part_target = float(attributes(line)["PART-TARGET"])
        elif line.startswith("#EXT-X-SERVER-CONTROL:"):
            playlist.can_block = attributes(line).get("CAN-BLOCK-RELOAD") == "YES"
        elif line == "#EXT-X-DISCONTINUITY":
            discontinuity = True
        elif line == "#EXT-X-GAP":
            gap = True
        elif line == "#EXT-X-ENDLIST":
            playlist.ended = True
    playlist.next_part = (msn, part_index)
    playlist.init_uri = init_uri
    return playlist
