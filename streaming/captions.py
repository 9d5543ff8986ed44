"""Live captions as one more rendition of a lecture: WebVTT segments beside the media's (RFC 8216 §3.5, §4.3.4.1).

The rendition has the media's segments, with their numbers and dates, from the one it was switched on in. A segment is
listed when the lecture has closed it, with the cues that are known by then, and never changes again: what is heard
later goes into the segments still to come, its time moved behind what is already listed. So no URI ever has two
contents, every viewer sees the same, and a caption trails the picture by what it took to hear it.

Nothing of it is in the journal. Times are ticks of lecture time.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from streaming.cuts import CutTable
from streaming.entries import SegmentEntry
from streaming.playlist import VTT, LiveView, PlaylistShape
from streaming.playlist_cache import PlaylistCache
from streaming.reload import Readiness
from streaming.segments import TICKS_PER_SECOND
from streaming.waking import Changes, Waker

CAPTIONS = "captions"
"""The rendition's name, in its addresses and as its group in the multivariant playlist."""
SHOWN_LEAST = 5 * TICKS_PER_SECOND // 6
"""A caption that has to wait is shown for no less than this (and for no more than it was meant to)."""
_SHORTEST = TICKS_PER_SECOND // 500
"""What is shorter would begin and end in the same millisecond."""
_CONTROLS = dict.fromkeys((*range(10), *range(11, 32), 127))
_MAP_SECONDS = 10
"""Any moment does that is the same on both clocks; hls.js takes an offset of exactly 0 for none."""
_HEAD = (
    f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{_MAP_SECONDS * TICKS_PER_SECOND},LOCAL:00:00:{_MAP_SECONDS:02d}.000\n"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """text: one or two lines, as they are to be read."""

    start: int
    end: int
    text: str


class CaptionSource(Protocol):
    """Who listens to the lecture and writes down what is said. Calls never wait."""

    def placed(self, heard: Caption, shown: Caption) -> None:
        """A caption has been listed: when it was said, and when it is shown."""
        ...


@dataclass(frozen=True, slots=True)
class CaptionPlace:
    """Where the rendition stands in its lecture. base: relative URI of the media; dated: the date of a segment."""

    table: CutTable
    shape: PlaylistShape
    waker: Waker
    epoch: str
    dated: Callable[[int], float | None]


class CaptionTrack:
    """Captions from one switching on to the next switching off. first: the number of its first segment."""

    def __init__(self, place: CaptionPlace, first: int, source: CaptionSource) -> None:
        self.changes = Changes(place.waker)
        self.closed: list[SegmentEntry] = []
        self._place = place
        self._source = source
        self._next = first
        self._bytes: dict[str, bytes] = {}
        self._waiting: deque[Caption] = deque()
        self._going_on: list[Caption] = []
        """Listed, and not over at the end of the newest segment."""
        self._shown_until = 0
        self._version = 0
        self._cache = PlaylistCache()
        self._discontinuities: int | None = None

    # -- what is put in

    def add(self, caption: Caption) -> None:
        """In the order in which it was said. What nobody could read is left out."""
        if caption.end - caption.start >= _SHORTEST and caption.text.translate(_CONTROLS).strip():
            self._waiting.append(caption)

    def follow_cuts(self) -> None:
        """List what the lecture has closed since."""
        before = self._version
        while (cut := self._place.table.get(self._next)) is not None:
            end, date = self._place.table.end_of(self._next), self._place.dated(self._next)
            if end is None or date is None:
                break
            data = self._segment(cut.start, end)
            entry = SegmentEntry(
                msn=cut.msn,
                epoch=self._place.epoch,
                start=cut.start,
                init_id="",
                discontinuity=cut.discontinuity,
                program_date_time=date,
                publication=cut.publication,
                gap=False,
                end=end,
                size=len(data),
                independent=True,
            )
            self.closed.append(entry)
            self._bytes[f"{cut.msn}.{VTT}"] = data
            self._next += 1
            self._version += 1
        if self._version != before:
            self.changes.announce()

    def refresh(self) -> None:
        """Something outside changed; answer whoever waits."""
        self._version += 1
        self.changes.announce()

    # -- what is given out

    @property
    def has_media(self) -> bool:
        return bool(self.closed)

    def get(self, name: str) -> bytes | None:
        """A segment by its file name."""
        return self._bytes.get(name)

    def readiness(self, msn: int) -> Readiness:
        """Whether a blocking request for the playlist with this segment is answered already."""
        if msn > self._next + 1:
            return Readiness.TOO_FAR
        return Readiness.READY if msn < self._next else Readiness.WAIT

    def playlist(self, base: str, *, delta: bool, gzipped: bool) -> bytes:
        view = LiveView(
            base=base,
            rendition=CAPTIONS,
            epoch=self._place.epoch,
            shape=self._place.shape,
            closed=self.closed,
            open=None,
            hint=None,
            reports=(),
            discontinuity_sequence=self._discontinuities_before(),
            independent=True,
            finished=False,
            suffix=VTT,
        )
        return self._cache.form(view, self._version, delta=delta, gzipped=gzipped)

    # -- inside

    def _segment(self, start: int, end: int) -> bytes:
        shown = [caption for caption in self._going_on if caption.end > start]
        while self._waiting:
            heard = self._waiting[0]
            begins = max(heard.start, start, self._shown_until)
            if begins >= end:
                break
            self._waiting.popleft()
            caption = Caption(begins, begins + self._time_for(heard, begins), heard.text)
            self._shown_until = caption.end
            shown.append(caption)
            self._source.placed(heard, caption)
        self._going_on = [caption for caption in shown if caption.end > end]
        return (_HEAD + "".join(_cue(caption) for caption in shown)).encode()

    def _time_for(self, heard: Caption, begins: int) -> int:
        """As long as it was said; less when others wait already that were said before this one would be over."""
        meant = heard.end - heard.start
        late = begins - heard.start
        if not late or not self._waiting:
            return meant
        until_next = self._waiting[0].start - heard.start
        return max(min(meant, until_next), min(meant, SHOWN_LEAST))

    def _discontinuities_before(self) -> int:
        if self._discontinuities is None:
            msn, count = (self.closed[0].msn if self.closed else self._next) - 1, 0
            while (cut := self._place.table.get(msn)) is not None:
                count += cut.discontinuity
                msn -= 1
            self._discontinuities = count
        return self._discontinuities


def _cue(caption: Caption) -> str:
    lines = caption.text.translate(_CONTROLS).split("\n")
    text = "\n".join(line.strip() for line in lines if line.strip())
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"\n{_time(caption.start)} --> {_time(caption.end)}\n{escaped}\n"


def _time(ticks: int) -> str:
    milliseconds = ticks // 90
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{milliseconds:03d}"
