"""Media playlists as text (draft-pantos-hls-rfc8216bis). Pure: entries in, lines out.

While live the whole lecture is listed (DVR), so that MEDIA-SEQUENCE never changes and the text only grows:
`live_head` + `old_segments` of everything but the last few is the same in every version and is kept ready by
`playlist_cache`; `live_tail` is what changes with each part.

Durations are differences of rounded times, not rounded differences: sums over hours stay within 10 µs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streaming.entries import PartEntry, SegmentEntry
from streaming.segments import TICKS_PER_SECOND

DATED_SEGMENTS = 6
"""Closed segments at the end of a live playlist that carry EXT-X-PROGRAM-DATE-TIME."""
SEGMENTS_WITH_PARTS = 3
"""Closed segments at the end of a live playlist whose parts are listed."""
M4S, VTT = "m4s", "vtt"
"""What segments are called, by what they are: fragmented MP4, or WebVTT (whole segments only, without a map)."""
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlaylistShape:
    """Fixed for a lecture. part_target in ms; target_duration (EXT-X-TARGETDURATION) in s."""

    part_target: int = 400
    target_duration: int = 4

    @property
    def skip_until(self) -> int:
        """Seconds from the end within which delta updates leave nothing out (CAN-SKIP-UNTIL)."""
        return 6 * self.target_duration

    @property
    def advance_part_limit(self) -> int:
        """How many parts past the last one a client may ask for (§6.2.5.2)."""
        return 3000 // self.part_target if self.part_target < 1000 else 3


@dataclass(frozen=True, slots=True)
class Report:
    """EXT-X-RENDITION-REPORT of a sibling: its playlist, its last segment or part listed."""

    uri: str
    last_msn: int
    last_part: int


@dataclass(frozen=True, slots=True)
class LiveView:
    """One version of a rendition, as its playlist shows it.

    base: relative URI of the lecture's media (ends in "/"); `hint` is (msn, part) of the part to come, None
    when none will; `finished` adds EXT-X-ENDLIST; `independent`: every segment listed begins with a keyframe.
    """

    base: str
    rendition: str
    epoch: str
    shape: PlaylistShape
    closed: Sequence[SegmentEntry]
    open: SegmentEntry | None
    hint: tuple[int, int] | None
    reports: Sequence[Report]
    discontinuity_sequence: int
    independent: bool
    finished: bool
    suffix: str = M4S

    @property
    def first_msn(self) -> int:
        if self.closed:
            return self.closed[0].msn
        return self.open.msn if self.open is not None else 0

    @property
    def end(self) -> int:
        """End of what is listed, in ticks."""
        if self.open is not None:
            return self.open.start + self.open.duration
        last = self.closed[-1]
        return last.start + last.duration


def seconds(start: int, end: int) -> str:
    """The time between two ticks in seconds, five decimals; sums of neighbours never drift."""
    hundred_thousandths = (end * 20 + 9) // 18 - (start * 20 + 9) // 18
    return f"{hundred_thousandths // 100_000}.{hundred_thousandths % 100_000:05d}"


def iso_date(unix_seconds: float) -> str:
    """EXT-X-PROGRAM-DATE-TIME's form, in UTC with milliseconds."""
    moment = _UNIX_EPOCH + timedelta(milliseconds=round(unix_seconds * 1000))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def init_uri(base: str, init_id: str) -> str:
    return f"{base}init/{init_id}.mp4"


def segment_uri(base: str, epoch: str, rendition: str, msn: int, suffix: str = M4S) -> str:
    return f"{base}{epoch}/{rendition}/{msn}.{suffix}"


def part_uri(base: str, epoch: str, rendition: str, msn: int, part: int) -> str:
    return f"{base}{epoch}/{rendition}/{msn}.{part}.m4s"


def live_head(view: LiveView, skipped: int = 0) -> str:
    """Everything before the first segment; with `skipped` the head of a delta update."""
    shape = view.shape
    target, has_parts = shape.part_target, view.suffix == M4S
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        f"#EXT-X-TARGETDURATION:{shape.target_duration}",
        *([f"#EXT-X-PART-INF:PART-TARGET={target / 1000:.3f}"] if has_parts else ()),
        f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES"
        f"{f',PART-HOLD-BACK={3 * target / 1000:.3f}' if has_parts else ''}"
        f",HOLD-BACK={3 * shape.target_duration},CAN-SKIP-UNTIL={shape.skip_until}",
    ]
    if view.independent:
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{view.first_msn}")
    if view.discontinuity_sequence:
        lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{view.discontinuity_sequence}")
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
    return "\n".join(lines) + "\n"


def old_segments(view: LiveView, first: int, last: int) -> str:
    """The closed segments [first, last) in the form they keep for ever."""
    return "".join(_segment(view, index, dated=False, with_parts=False) for index in range(first, last))


def settled(view: LiveView) -> int:
    """How many closed segments have reached the form they keep for ever."""
    return max(0, len(view.closed) - DATED_SEGMENTS)


def live_tail(view: LiveView, first: int) -> str:
    """Closed segments from index `first` on, the open one, hint and reports."""
    count = len(view.closed)
    pieces = [
        _segment(
            view,
            index,
            dated=index >= count - DATED_SEGMENTS,
            with_parts=not view.finished and index >= count - SEGMENTS_WITH_PARTS,
        )
        for index in range(first, count)
    ]
    if view.open is not None and view.open.parts:
        previous = view.closed[-1] if view.closed else None
        pieces.append(_tags_before(view.base, view.open, previous, dated=True))
        pieces.append(_part_lines(view.base, view.rendition, view.open))
    if view.finished:
        pieces.append("#EXT-X-ENDLIST\n")
        return "".join(pieces)
    if view.hint is not None:
        uri = part_uri(view.base, view.epoch, view.rendition, *view.hint)
        pieces.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{uri}"\n')
    pieces += [
        f'#EXT-X-RENDITION-REPORT:URI="{report.uri}",LAST-MSN={report.last_msn},LAST-PART={report.last_part}\n'
        for report in view.reports
    ]
    return "".join(pieces)


def skippable(view: LiveView) -> int:
    """How many segments a delta update may leave out: those older than the skip boundary (§6.2.5.1)."""
    boundary = view.end - view.shape.skip_until * TICKS_PER_SECOND
    count = len(view.closed)
    while count and view.closed[count - 1].start + view.closed[count - 1].duration > boundary:
        count -= 1
    return count


def live_delta(view: LiveView) -> str | None:
    """A playlist delta update; None when there is nothing to leave out."""
    skipped = skippable(view)
    if not skipped or view.finished:
        return None
    return live_head(view, skipped) + live_tail(view, skipped)


def replay_playlist(
    base: str,
    rendition: str,
    entries: Sequence[SegmentEntry],
    shape: PlaylistShape,
    *,
    discontinuity_sequence: int,
) -> str:
    """The whole lecture as a VOD playlist, from its journal's entries (all closed)."""
    longest = max((entry.duration for entry in entries), default=0)
    target = max(shape.target_duration, (longest + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{8 if any(entry.gap for entry in entries) else 7}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXT-X-TARGETDURATION:{target}",
    ]
    if all_independent(entries):
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{entries[0].msn if entries else 0}")
    if discontinuity_sequence:
        lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{discontinuity_sequence}")
    head = "\n".join(lines) + "\n"
    previous: SegmentEntry | None = None
    pieces = [head]
    for entry in entries:
        pieces.append(_tags_before(base, entry, previous, dated=False))
        pieces.append(_closing_lines(base, rendition, entry))
        previous = entry
    pieces.append("#EXT-X-ENDLIST\n")
    return "".join(pieces)


def all_independent(entries: Sequence[SegmentEntry]) -> bool:
    return all(entry.independent or entry.gap for entry in entries)


def _segment(view: LiveView, index: int, *, dated: bool, with_parts: bool) -> str:
    entry = view.closed[index]
    previous = view.closed[index - 1] if index else None
    text = _tags_before(view.base, entry, previous, dated=dated)
    if with_parts and entry.parts_fill_it():
        text += _part_lines(view.base, view.rendition, entry)
    return text + _closing_lines(view.base, view.rendition, entry, view.suffix)


def _tags_before(base: str, entry: SegmentEntry, previous: SegmentEntry | None, *, dated: bool) -> str:
    text = ""
    if entry.discontinuity:
        text += "#EXT-X-DISCONTINUITY\n"
    if entry.init_id and (previous is None or entry.discontinuity or entry.init_id != previous.init_id):
        text += f'#EXT-X-MAP:URI="{init_uri(base, entry.init_id)}"\n'
    if dated or previous is None or entry.discontinuity:
        text += f"#EXT-X-PROGRAM-DATE-TIME:{iso_date(entry.program_date_time)}\n"
    return text


def _part_lines(base: str, rendition: str, entry: SegmentEntry) -> str:
    return "".join(
        _part_line(part_uri(base, entry.epoch, rendition, entry.msn, index), part)
        for index, part in enumerate(entry.parts)
    )


def _part_line(uri: str, part: PartEntry) -> str:
    independent = ",INDEPENDENT=YES" if part.independent else ""
    return f'#EXT-X-PART:DURATION={seconds(part.start, part.end)},URI="{uri}"{independent}\n'


def _closing_lines(base: str, rendition: str, entry: SegmentEntry, suffix: str = M4S) -> str:
    gap = "#EXT-X-GAP\n" if entry.gap else ""
    duration = seconds(entry.start, entry.start + entry.duration)
    return f"{gap}#EXTINF:{duration},\n{segment_uri(base, entry.epoch, rendition, entry.msn, suffix)}\n"
