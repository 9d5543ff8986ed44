"""One rendition of a lecture as viewers get it: segments and parts, hot bytes, playlists, waiting requests.

The packager hands media in (`segments.RenditionSink`), the origin asks. Nothing here waits or touches the
disk: what is handed in is announced at once and teed to the lecture's journal.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from streaming.counters import PARTS_ANNOUNCED
from streaming.cuts import CutTable
from streaming.entries import SegmentEntry
from streaming.hot_bytes import HotBytes
from streaming.measures import Measures
from streaming.multivariant import Nominal, Variant
from streaming.playlist import SEGMENTS_WITH_PARTS, LiveView, PlaylistShape, Report
from streaming.playlist import replay_playlist as render_replay
from streaming.playlist_cache import PlaylistCache
from streaming.reload import Edge, Readiness, playlist_readiness
from streaming.segments import TICKS_PER_SECOND, Init, Part, SegmentHead
from streaming.waking import Changes, Waker

SOURCE = "source"
"""The rendition that is what the encoder sent."""
AUDIO = "audio"
"""The rendition with sound alone: a playlist of its own, beside the ladder."""
GAPS_AFTER_SHEDDING = 3
"""Segments for which the playlist of a shed rendition still goes on, as gaps."""
COVERING_GAPS = 0.01
"""Share of a lecture that a rendition may lack and still be listed for its replay …"""
COVERING_TICKS = 4 * TICKS_PER_SECOND
"""… or, in a short lecture, this much: players take a gap from another rendition."""
_GZIP_LEVEL, _GZIP = 6, 31


class Shed(Exception):
    """The rendition was given up; its playlists answer 404."""


class RenditionJournal(Protocol):
    """Where a rendition's media is kept. Calls never wait."""

    def init_added(self, rendition: str, init: Init) -> None: ...

    def segment_opened(self, rendition: str, head: SegmentHead) -> None: ...

    def part_added(self, rendition: str, msn: int, part: Part) -> None: ...

    def segment_closed(self, rendition: str, msn: int, end: int) -> None: ...

    def rendition_shed(self, rendition: str) -> None: ...


@dataclass(slots=True)
class MediaContext:
    """What all renditions of a lecture share. base: relative URI of its media; finished: ENDLIST is due.

    `others` gives the renditions that stand beside one in the multivariant playlist; `dated` the date another
    rendition lists for a segment.
    """

    base: str
    table: CutTable
    shape: PlaylistShape
    waker: Waker
    inits: dict[str, Init] = field(default_factory=dict)
    finished: bool = False
    journal: RenditionJournal | None = None
    others: Callable[["Rendition"], Sequence["Rendition"]] = lambda rendition: ()
    dated: Callable[[int], float | None] = lambda msn: None
    closed: Callable[["Rendition"], None] = lambda rendition: None


class Rendition:
    """epoch: of this process; segments of earlier ones keep theirs. Times in ticks, sizes in bytes."""

    def __init__(
        self,
        name: str,
        epoch: str,
        context: MediaContext,
        *,
        hot_segments: int,
        nominal: Nominal | None = None,
        restored: Sequence[SegmentEntry] = (),
        shed: bool = False,
    ) -> None:
        self.name = name
        self.epoch = epoch
        self.nominal = nominal
        self.is_shed = shed
        self.is_gone = shed
        """Shed, and the last of its gaps have been listed: its playlists answer 404."""
        self.changes = Changes(context.waker)
        self.closed: list[SegmentEntry] = list(restored)
        self.open: SegmentEntry | None = None
        self._context = context
        self._hot = HotBytes(hot_segments)
        self._gaps_left = 0
        self._version = 0
        self._parts_announced = PARTS_ANNOUNCED.labels(name)
        self._live = PlaylistCache()
        self._replay: dict[bool, tuple[tuple[str, int], bytes]] = {}
        self._measures = Measures(self.closed)
        self._discontinuities: int | None = None

    @property
    def audio_only(self) -> bool:
        return self.name == AUDIO

    # -- what the packager hands in

    def add_init(self, init: Init) -> None:
        self._context.inits[init.id] = init
        if not self.is_shed and self._context.journal is not None:
            self._context.journal.init_added(self.name, init)

    def open_segment(self, head: SegmentHead) -> None:
        """Numbers left out before it, as far as the lecture has cuts for them, are listed as gaps."""
        if self.is_shed:
            return
        if self.open is not None:
            raise ValueError("the segment before is still open")
        self._fill_gaps(head)
        self._open(head)

    def add_part(self, part: Part) -> None:
        if self.is_shed:
            return
        entry = self._opened()
        entry.add_part(part.start, part.duration, len(part.data), independent=part.independent)
        self._hot.add_part(entry.msn, part.data)
        self._parts_announced.inc()
        if self._context.journal is not None:
            self._context.journal.part_added(self.name, entry.msn, part)
        self._announce()

    def close_segment(self, end: int) -> None:
        """A segment without parts becomes a gap."""
        if not self.is_shed:
            self._close(end)

    def shed(self) -> None:
        """Give the rendition up: gaps for a while, then 404. What is still handed in is left out."""
        if self.is_shed:
            return
        self.is_shed = True
        self.is_gone = not self.has_media
        self._gaps_left = GAPS_AFTER_SHEDDING
        if self._context.journal is not None:
            self._context.journal.rendition_shed(self.name)
        self.follow_cuts()
        self._announce()

    def follow_cuts(self) -> None:
        """While it is being shed: close and list as gaps what the lecture has closed meanwhile."""
        while self.is_shed and not self.is_gone:
            msn = self.next_msn
            end = self._context.table.end_of(msn)
            if end is None:
                return
            if self.open is None:
                if not self._gaps_left:
                    self.is_gone = True
                    self._announce()
                    return
                self._open(self._gap_head(msn))
                self._gaps_left -= 1
            self._close(end)

    def refresh(self) -> None:
        """Something outside changed what the playlists say; answer whoever waits."""
        self._announce()

    # -- where it stands

    @property
    def has_media(self) -> bool:
        return bool(self.closed) or (self.open is not None and bool(self.open.parts))

    @property
    def first_msn(self) -> int | None:
        if self.closed:
            return self.closed[0].msn
        return self.open.msn if self.open is not None else None

    @property
    def next_msn(self) -> int:
        """Number of the open segment, or of the one to come."""
        if self.open is not None:
            return self.open.msn
        return self.closed[-1].msn + 1 if self.closed else self._context.table.next_msn

    @property
    def version(self) -> int:
        """Changes with everything a playlist shows."""
        return self._version

    @property
    def lacking(self) -> int:
        """Ticks listed as gaps."""
        return self._measures.lacking

    @property
    def is_independent(self) -> bool:
        """Every segment so far begins with a keyframe."""
        return self._measures.all_independent

    @property
    def is_joinable(self) -> bool:
        """A player may begin nearly anywhere."""
        return self._measures.is_joinable

    def entry(self, msn: int) -> SegmentEntry | None:
        if self.open is not None and self.open.msn == msn:
            return self.open
        index = msn - self.closed[0].msn if self.closed else -1
        return self.closed[index] if 0 <= index < len(self.closed) else None

    def readiness(self, msn: int, part: int | None) -> Readiness:
        """Whether the live playlist answers a request with these directives already. Raises Shed."""
        if self.is_gone:
            raise Shed
        if self._context.finished:
            return Readiness.READY
        edge = Edge(self.next_msn, self.open.part_count if self.open is not None else 0)
        closed = self.entry(msn) if msn < edge.next_msn else None
        parts = closed.part_count if closed is not None else None
        return playlist_readiness(msn, part, edge, parts, self._context.shape.advance_part_limit)

    def part_readiness(self, msn: int, part: int) -> Readiness:
        """READY when the part exists, WAIT when it is the one hinted at, else NEVER."""
        entry = self.entry(msn)
        if entry is not None and part < entry.part_count:
            return Readiness.READY
        return Readiness.WAIT if (msn, part) == self._hint() else Readiness.NEVER

    # -- what the origin gives out

    def hot(self, name: str) -> bytes | None:
        """A segment or part of this epoch by its file name, `12.m4s` or `12.3.m4s`, while it is in memory."""
        return self._hot.get(name)

    def live_playlist(self, *, delta: bool = False, gzipped: bool = False) -> bytes:
        """Raises Shed."""
        if self.is_gone:
            raise Shed
        made = self._live.ready(self._version, delta=delta, gzipped=gzipped)
        return made or self._live.form(self._view(), self._version, delta=delta, gzipped=gzipped)

    def replay_playlist(self, *, gzipped: bool = False) -> bytes:
        """The closed segments as VOD."""
        key = (self._context.base, self._version)
        made = self._replay.get(gzipped)
        if made is None or made[0] != key:
            text = render_replay(
                self._context.base,
                self.name,
                self.closed,
                self._context.shape,
                discontinuity_sequence=self._discontinuity_sequence(),
            ).encode()
            made = (key, zlib.compress(text, _GZIP_LEVEL, _GZIP) if gzipped else text)
            self._replay[gzipped] = made
        return made[1]

    def variant(self) -> Variant | None:
        """Its line in the multivariant playlist; None before its codecs are known."""
        return self._measures.variant(f"{self.name}.m3u8", self._context.inits, self.nominal, self.open)

    def covers(self, reference: "Rendition") -> bool:
        """Whether it shows all of what the reference shows, but for so little that players bridge it."""
        if self.is_shed or not self.closed or not reference.closed:
            return False
        if (self.closed[0].msn, self.closed[-1].msn) != (reference.closed[0].msn, reference.closed[-1].msn):
            return False
        length = reference.closed[-1].start + reference.closed[-1].duration - reference.closed[0].start
        return self.lacking - reference.lacking <= max(COVERING_TICKS, int(length * COVERING_GAPS))

    # -- what the journal tells

    def segment_saved(self, msn: int) -> None:
        """It is on the disk: its bytes may leave the memory."""
        self._hot.saved(msn)

    def segment_lost(self, msn: int, parts: int, size: int) -> None:
        """Only its first `parts` parts reached the disk; the rest was given up."""
        entry = self.entry(msn)
        if entry is not None:
            del entry.part_ends[parts:], entry.parts[parts:]
            entry.size = size
            if not parts and not entry.gap:
                entry.gap = True
                self._measures.lacking += entry.duration
                self._live = PlaylistCache()  # it may be among the segments whose lines were settled
        self._hot.saved(msn)
        self._announce()

    def drop_hot(self) -> None:
        """The lecture is over: everything is served from the disk now."""
        self._hot.clear()

    # -- inside

    def _open(self, head: SegmentHead) -> None:
        self.open = SegmentEntry.opened(head, self.epoch)
        if not head.gap:
            self._measures.uses(head.init_id)
        if self._context.journal is not None:
            self._context.journal.segment_opened(self.name, head)

    def _opened(self) -> SegmentEntry:
        if self.open is None:
            raise ValueError("no segment is open")
        return self.open

    def _close(self, end: int) -> None:
        entry, self.open = self._opened(), None
        entry.end = end
        entry.gap = not entry.part_count
        self.closed.append(entry)
        self._measures.add(entry)
        self._hot.close(entry.msn, saved=self._context.journal is None)
        if len(self.closed) > SEGMENTS_WITH_PARTS:
            self.closed[-SEGMENTS_WITH_PARTS - 1].parts.clear()
        if self._context.journal is not None:
            self._context.journal.segment_closed(self.name, entry.msn, end)
        self._announce()
        if not self.is_shed:
            self._context.closed(self)

    def _fill_gaps(self, head: SegmentHead) -> None:
        if not self.closed:
            return
        for msn in range(self.closed[-1].msn + 1, head.msn):
            end = self._context.table.end_of(msn)
            if end is None:
                raise ValueError(f"segment {msn} is neither handed in nor known as a cut")
            self._open(self._gap_head(msn))
            self._close(end)
        if head.msn != self.closed[-1].msn + 1:
            raise ValueError(f"segment {head.msn} after {self.closed[-1].msn}")

    def _gap_head(self, msn: int) -> SegmentHead:
        cut = self._context.table.get(msn)
        last = self.closed[-1]
        if cut is None:
            raise ValueError(f"there is no cut for segment {msn}")
        date = self._context.dated(msn)
        if date is None:
            date = last.program_date_time + last.duration / TICKS_PER_SECOND
        return SegmentHead(msn, cut.start, last.init_id, cut.discontinuity, date, cut.publication, gap=True)

    def _announce(self) -> None:
        self._version += 1
        self.changes.announce()

    def _hint(self) -> tuple[int, int] | None:
        if self._context.finished or self.is_shed:
            return None
        return self.next_msn, self.open.part_count if self.open is not None else 0

    def _view(self) -> LiveView:
        return LiveView(
            base=self._context.base,
            rendition=self.name,
            epoch=self.epoch,
            shape=self._context.shape,
            closed=self.closed,
            open=self.open,
            hint=self._hint(),
            reports=[report for other in self._context.others(self) if (report := other._report())],
            discontinuity_sequence=self._discontinuity_sequence(),
            independent=self.is_independent,
            finished=self._context.finished,
        )

    def _report(self) -> Report | None:
        if self.is_shed:
            return None
        if self.open is not None and self.open.part_count:
            return Report(f"{self.name}.m3u8", self.open.msn, self.open.part_count - 1)
        if self.closed:
            last = self.closed[-1]
            return Report(f"{self.name}.m3u8", last.msn, max(last.part_count - 1, 0))
        return None

    def _discontinuity_sequence(self) -> int:
        """Discontinuities of the lecture before this rendition's first segment."""
        if self._discontinuities is None:
            msn, count = (self.first_msn or 0) - 1, 0
            while (cut := self._context.table.get(msn)) is not None:
                count += cut.discontinuity
                msn -= 1
            self._discontinuities = count
        return self._discontinuities
