"""Where segments begin: one table per lecture, made from the source, followed by every rendition.

Media sequence numbers are given here and nowhere else. A rendition that has nothing for a number lists it as a
gap; it never counts for itself.
"""

from bisect import insort
from dataclasses import dataclass

from streaming.segments import TICKS_PER_SECOND

# A keyframe this much before the target still ends a segment (time stamps of 1 s keyframes jitter).
EARLY_TICKS = TICKS_PER_SECOND // 10
# Without a keyframe a segment ends on the encoder's own keyframe grid from here on …
GRID_AFTER_TICKS = 7 * TICKS_PER_SECOND // 2
# … and in any case here: EXTINF must round to the TARGETDURATION of 4 s at most.
LONGEST_TICKS = 425 * TICKS_PER_SECOND // 100
# In a stream with keyframes far apart each one begins a segment, if the last one began at least this long ago.
SHORTEST_TICKS = TICKS_PER_SECOND // 4


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a segment, in every rendition. discontinuity: another run of media begins here."""

    msn: int
    start: int
    discontinuity: bool
    publication: int


class CutTable:
    """Media sequence number → lecture time (ticks), in order of time."""

    def __init__(self, first_msn: int = 0) -> None:
        self._first = first_msn
        self._cuts: list[Cut] = []
        self._end: int | None = None
        self.loose_after = 0
        """Ticks into a segment after which the next one may begin at a picture that is no keyframe."""

    @property
    def next_msn(self) -> int:
        return self._first + len(self._cuts)

    @property
    def last(self) -> Cut | None:
        return self._cuts[-1] if self._cuts else None

    def cut(self, start: int, *, publication: int, discontinuity: bool = False) -> Cut:
        """Begin the next segment at `start`; it ends the one before unless that was closed already."""
        if self._cuts and start <= self._cuts[-1].start:
            raise ValueError("cuts must rise in time")
        made = Cut(self.next_msn, start, discontinuity, publication)
        self._cuts.append(made)
        self._end = None
        return made

    def close(self, end: int) -> None:
        """The last segment ends here; what comes later belongs to another run."""
        self._end = end

    def get(self, msn: int) -> Cut | None:
        index = msn - self._first
        return self._cuts[index] if 0 <= index < len(self._cuts) else None

    def end_of(self, msn: int) -> int | None:
        """Where that segment ends; None while it is open or unknown."""
        following = self.get(msn + 1)
        if following is not None and not following.discontinuity:
            return following.start
        if msn == self.next_msn - 1:
            return self._end
        return following.start if following is not None else None


class _DisplayIndex:
    """Numbers the pictures since the last keyframe in the order of display, as the encoder counts them.

    Without reordered pictures that is the order in which they come. With them a picture's place follows from the
    mean distance of those whose neighbours are all there.
    """

    _KEPT = 64
    _INCOMPLETE = 8  # among the newest so many, pictures displayed earlier may still be missing

    def __init__(self) -> None:
        self._keyframe = 0
        self._times: list[int] = []
        self._dropped = 0
        self._reordered = False

    def keyframe(self, pts: int) -> None:
        self._keyframe = pts
        self._times = [pts]
        self._dropped = 0

    def of(self, pts: int) -> int:
        """The index of the picture that comes now; the keyframe has 0."""
        if self._times and pts < self._times[-1]:
            self._reordered = True
        insort(self._times, pts)
        if len(self._times) > self._KEPT:
            del self._times[0]
            self._dropped += 1
        if not self._reordered:
            return self._dropped + len(self._times) - 1
        known = len(self._times) - self._INCOMPLETE
        if known < 2:
            return 0
        distance = (self._times[known - 1] - self._keyframe) / (self._dropped + known - 1)
        return round((pts - self._keyframe) / distance) if distance > 0 else 0


class Cutter:
    """Decides, sample by sample of the source, where a segment begins.

    grid_frames: the encoder puts a keyframe on every multiple of this many frames since the last source keyframe
    (about 2 s), so a cut there begins with a keyframe in every rung but the source.
    """

    def __init__(self, table: CutTable, *, target: int, grid_frames: int, publication: int) -> None:
        self._table = table
        self._target = target
        self._grid_frames = grid_frames
        self._publication = publication
        self._index = _DisplayIndex()
        self._frame = 0  # display index of the picture that came last
        self._last_keyframe: int | None = None
        self._previous = 0
        self._step = 0  # the smaller of the last two steps: one pause does not foretell another
        self._last_step = 0
        self._is_loose = False  # the last cut was not at a keyframe
        table.loose_after = target - EARLY_TICKS
        self.sparse = False
        """Keyframes are further apart than a segment may be long."""
        self.keyframe_interval: int | None = None
        """Ticks between the last two keyframes."""

    def begin(self, start: int, *, discontinuity: bool) -> Cut:
        self._previous = start
        self._last_keyframe = start
        self._index.keyframe(start)
        return self._table.cut(start, publication=self._publication, discontinuity=discontinuity)

    def pauses(self, pts: int) -> list[Cut]:
        """Cuts in a pause of the picture that is longer than a segment may be; before `video` of the same sample."""
        made = []
        while (last := self._last()) and pts - last.start > LONGEST_TICKS:
            made.append(self._table.cut(last.start + LONGEST_TICKS, publication=self._publication))
        return made

    def video(self, pts: int, *, keyframe: bool) -> Cut | None:
        """The cut that this sample (not the run's first one) begins, if any. pts in ticks."""
        if keyframe:
            self.keyframe_interval = pts - (self._last_keyframe or 0)
            self._last_keyframe = pts
            self._frame = 0
            self._index.keyframe(pts)
        else:
            self._frame = self._index.of(pts)
        elapsed = pts - self._last().start
        if pts > self._previous:
            step = pts - self._previous
            self._step, self._last_step = min(step, self._last_step), step
            self._previous = pts
        if elapsed <= 0 or not (
            self._cuts_at_keyframe(elapsed) if keyframe else self._cuts_loosely(pts, elapsed)
        ):
            return None
        return self._table.cut(pts, publication=self._publication)

    def without_video(self, time: int) -> Cut | None:
        """The cut at `time` when only sound is left to count by; more before it when it comes after a pause."""
        self.pauses(time)
        if time - self._last().start < self._target:
            return None
        return self._table.cut(time, publication=self._publication)

    def _last(self) -> Cut:
        if self._table.last is None:
            raise ValueError("begin comes first")
        return self._table.last

    def _cuts_at_keyframe(self, elapsed: int) -> bool:
        if elapsed < (SHORTEST_TICKS if self.sparse or self._is_loose else self._target - EARLY_TICKS):
            return False
        self.sparse = self.sparse and (self.keyframe_interval or 0) > LONGEST_TICKS
        self._is_loose = False
        return True

    def _cuts_loosely(self, pts: int, elapsed: int) -> bool:
        since_keyframe = pts - (self._last_keyframe or 0)
        if not self._cuts_on_grid(since_keyframe, elapsed) and elapsed + self._step <= LONGEST_TICKS:
            return False
        self.sparse = self.sparse or since_keyframe >= GRID_AFTER_TICKS
        self._is_loose = True
        return True

    def _cuts_on_grid(self, since_keyframe: int, elapsed: int) -> bool:
        """On the encoder's grid, as late as may be; but not so late that the next place of the grid is too late."""
        if self._frame <= 0 or self._frame % self._grid_frames or elapsed < self._target - EARLY_TICKS:
            return False
        next_elapsed = elapsed + since_keyframe * self._grid_frames // self._frame
        return self.sparse or elapsed >= GRID_AFTER_TICKS or next_elapsed > LONGEST_TICKS
