"""What the packager hands on: init sections, segments and parts, in lecture time.

Lecture time is counted in ticks of 1/90,000 s from the first media of the lecture; it never goes back and has
no gaps, whatever the wall clock did (a pause between two publications shows in PROGRAM-DATE-TIME only).
"""

from dataclasses import dataclass
from typing import Protocol

TICKS_PER_SECOND = 90_000


@dataclass(frozen=True, slots=True)
class Init:
    """An initialisation section (ISO/IEC 14496-12 `ftyp` + `moov`), named by its content.

    `codecs` is the RFC 6381 string of all its tracks; width, height and frame_rate are None without video.
    """

    id: str
    data: bytes
    codecs: str
    width: int | None
    height: int | None
    frame_rate: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """A partial segment: one `moof` + `mdat`. start and duration in ticks; index counts from 0 in its segment."""

    index: int
    start: int
    duration: int
    independent: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class SegmentHead:
    """What is known of a segment when it opens.

    program_date_time is Unix time in seconds of its first media; gap: it holds no media and is listed EXT-X-GAP.
    """

    msn: int
    start: int
    init_id: str
    discontinuity: bool
    program_date_time: float
    publication: int
    gap: bool = False


class RenditionSink(Protocol):
    """Where a packager puts its output. Calls never wait: announcing must not depend on the disk.

    Order: add_init before the first segment that names it; open_segment, add_part*, close_segment; msn rises by
    one per segment. A gap segment is opened and closed without parts.
    """

    def add_init(self, init: Init) -> None: ...

    def open_segment(self, head: SegmentHead) -> None: ...

    def add_part(self, part: Part) -> None: ...

    def close_segment(self, end: int) -> None:
        """Close the open segment; end is its end in ticks (start of the next one)."""
