"""Samples → parts and segments of one rendition (draft-pantos-hls-rfc8216bis, Partial Segments).

The source and every rung go through this one door. A packager follows the lecture's `CutTable`: segments begin
where the table says, and carry its media sequence numbers. Inside a segment a part is closed before the sample
that would carry it past PART-TARGET. Where no sample boundary lies between 85 % and 100 % of the target (a pause
in the picture), the part ends at exactly the target: the last picture's own duration runs on under parts that
carry sound only, so that no listed part is ever too long or too short.

No I/O, no clock: what comes out depends on what was pushed alone.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from streaming import fmp4
from streaming.cuts import Cut, CutTable
from streaming.queued_samples import Picture, Sound, sound_run
from streaming.segments import TICKS_PER_SECOND, Init, Part, RenditionSink, SegmentHead

SHORTEST_PART = 0.85
"""Share of PART-TARGET that every part but a segment's last must reach (rfc8216bis §4.4.4.9)."""
SAME_TIME = 45
"""Ticks within which an encoder's time stamp is the source's: half of its millisecond."""
ROUNDING = 90
"""Ticks by which a carrier's millisecond may be off."""
SOUND_WAIT = 3 * TICKS_PER_SECOND // 10
"""How far the picture may run past a segment's end before the segment closes without its last sound."""
SOUND_BACKLOG = 30 * TICKS_PER_SECOND
"""Sound kept for a rendition whose picture has not come yet."""


@dataclass(frozen=True, slots=True)
class RunTracks:
    """What one run of a rendition is made of. samples_per_frame: of AAC; None without sound."""

    init: Init
    has_video: bool
    samples_per_frame: int | None


class Packager:
    """One rendition of one lecture, through all its runs.

    program_date_time: Unix seconds for a lecture time. With `RunTracks.has_video` false the sound leads.
    """

    def __init__(
        self,
        table: CutTable,
        sink: RenditionSink,
        program_date_time: Callable[[int], float],
        *,
        part_target: int,
    ) -> None:
        self._table = table
        self._sink = sink
        self._program_date_time = program_date_time
        self._part_target = part_target
        self._shortest_part = int(part_target * SHORTEST_PART)
        self._tracks: RunTracks | None = None
        self._pictures: deque[Picture] = deque()
        self._sounds: deque[Sound] = deque()
        self._sound_end = 0
        self._assigned: int | None = None  # media sequence number of the sample pushed last
        self._offset: int | None = None  # the least presentation − decode time of this run's keyframes
        self._interval = 0.0
        self._segment: Cut | None = None
        self._part_start = 0
        self._part_index = 0
        self._held_until = 0
        self._end: int | None = None
        self._next_msn: int | None = None  # what the sink expects next; None before the first segment
        self._last_time = 0

    @property
    def last_time(self) -> int:
        """Time of the last sample of the leading track pushed (ticks), 0 before it."""
        return self._last_time

    def start_run(self, tracks: RunTracks) -> None:
        """The rendition's decoder configuration for the samples to come."""
        self._tracks = tracks
        self._end = None
        self._sink.add_init(tracks.init)

    def push_video(
        self, decode_time: int, time: int, data: bytes, *, keyframe: bool, cut: Cut | None = None
    ) -> None:
        """A picture, times in ticks. The source says which cut begins with it; a rung finds it by its time."""
        begins = cut if cut is not None else self._cut_at(time, keyframe)
        if self._assigned is None and begins is None:
            return  # a rung that starts late waits for the next segment
        if keyframe or self._offset is None:
            delay = time - decode_time
            self._offset = delay if self._offset is None else min(self._offset, delay)
        if begins is not None:
            self._assigned = begins.msn
            self._keep_before(begins.start)
        self._append(
            Picture(
                time=decode_time + self._offset,
                decode_time=decode_time,
                composition_offset=time - decode_time,
                sync=keyframe,
                data=data,
                cut=begins,
            )
        )
        self._advance()

    def push_audio(self, position: int, time: int, end: int, data: bytes) -> None:
        """An AAC frame at `position` samples of its own clock; time and end in ticks."""
        self._sound_end = end
        if self._tracks is not None and not self._tracks.has_video:
            begins = self._cut_at(time, True)
            if self._assigned is None and begins is None:
                return
            if begins is not None:
                self._assigned = begins.msn
            self._append(Picture(time, position, 0, True, data, begins))
            self._advance()
            return
        self._sounds.append(Sound(time, position, data))
        if self._segment is None:
            while self._sounds and self._sounds[0].time < time - SOUND_BACKLOG:
                self._sounds.popleft()
        elif self._pictures and self._pictures[-1].cut is not None:
            self._advance()  # a segment may have waited for this sound

    def hold_video(self, until: int) -> None:
        """No picture will come before `until`: the last one stands, and parts go on with sound alone."""
        self._held_until = until
        self._advance()

    def finish(self, end: int) -> None:
        """The run is over at `end` ticks: everything comes out, missing segments become gaps."""
        self._end = end
        self._keep_before(end)
        self._advance()
        if self._segment is not None:
            self._close_segment(self._table.end_of(self._segment.msn) or end)
        if self._next_msn is not None:
            self._list_gaps(self._table.next_msn)
        self._forget()

    def skip(self) -> None:
        """Give up what the rendition still misses: what it has is closed, the rest up to now becomes gaps."""
        last = self._table.last
        if last is None or (self._segment is not None and self._segment.msn == last.msn):
            return
        if self._segment is not None:
            self._end = last.start
            self._advance()
            if self._segment is not None:
                self._close_segment(self._table.end_of(self._segment.msn) or last.start)
        self._list_gaps(last.msn)
        sounds = deque(sound for sound in self._sounds if sound.time >= last.start)
        self._forget()
        self._sounds = sounds
        self._end = None

    def _forget(self) -> None:
        self._pictures.clear()
        self._sounds.clear()
        self._segment = None
        self._assigned = None
        self._held_until = 0
        self._interval = 0.0
        self._offset = None

    def _keep_before(self, end: int) -> None:
        """What is decoded before a cut, or the end, belongs to the segment before it, wherever it is displayed."""
        late = [picture for picture in self._pictures if picture.time >= end]
        on_time = len(self._pictures) - len(late)
        floor = self._pictures[on_time - 1].time if on_time else self._part_start
        for place, picture in enumerate(late, 1):
            picture.time = min(picture.time, floor + place)

    def _cut_at(self, time: int, keyframe: bool) -> Cut | None:
        """The newest cut at or before `time` that no earlier sample has begun."""
        if self._assigned is None:
            last = self._table.last
            while last is not None and last.start > time + SAME_TIME:
                last = self._table.get(last.msn - 1)
            near = last is not None and (time - last.start <= SAME_TIME or self._leads_with_sound)
            return last if near and keyframe else None
        found = None
        following = self._table.get(self._assigned + 1)
        while following is not None and time >= following.start - SAME_TIME:
            found = following
            following = self._table.get(found.msn + 1)
        return found

    @property
    def _leads_with_sound(self) -> bool:
        return self._tracks is not None and not self._tracks.has_video

    def _append(self, picture: Picture) -> None:
        if self._pictures:
            before = self._pictures[-1]
            picture.time = max(picture.time, before.time + 1)
            before.duration = picture.decode_time - before.decode_time
            step = picture.time - before.time
            self._interval = step if not self._interval else 0.75 * self._interval + 0.25 * step
        self._pictures.append(picture)
        self._last_time = picture.time

    def _advance(self) -> None:
        """Close every part whose end is certain."""
        while True:
            if self._segment is None and not self._open_next():
                return
            ending = self._boundary()
            if ending is None:
                return
            boundary, is_last = ending
            self._emit_part(boundary)
            if is_last:
                self._close_segment(boundary)

    def _open_next(self) -> bool:
        """Open the segment that a waiting picture, or sound alone, begins. Pictures that come when their segment has
        gone on with sound alone are late: they go into the next one.
        """
        if self._tracks is None:
            return False
        following = self._table.get(self._next_msn) if self._next_msn is not None else None
        if following is not None and self._held_until > following.start:
            cut: Cut | None = following
        else:
            begun = (picture.cut for picture in self._pictures)
            cut = next((one for one in begun if one is not None and one.msn >= (self._next_msn or 0)), None)
        if cut is None:
            return False
        if self._next_msn is None:
            while self._sounds and self._sounds[0].time < cut.start:
                self._sounds.popleft()
        else:
            self._list_gaps(cut.msn)
        self._open(cut)
        return True

    def _open(self, cut: Cut) -> None:
        self._segment = cut
        self._part_start = cut.start
        self._part_index = 0
        self._open_in_sink(cut, gap=False)

    def _open_in_sink(self, cut: Cut, *, gap: bool) -> None:
        assert self._tracks is not None  # a segment needs an init section, which start_run brings
        self._sink.open_segment(
            SegmentHead(
                msn=cut.msn,
                start=cut.start,
                init_id=self._tracks.init.id,
                discontinuity=cut.discontinuity,
                program_date_time=self._program_date_time(cut.start),
                publication=cut.publication,
                gap=gap,
            )
        )
        self._next_msn = cut.msn + 1

    def _list_gaps(self, up_to: int) -> None:
        """List the numbers before `up_to` that the rendition has nothing for."""
        if self._next_msn is None:
            return
        for msn in range(self._next_msn, up_to):
            cut = self._table.get(msn)
            end = self._table.end_of(msn)
            if cut is None or end is None:
                return
            self._open_in_sink(cut, gap=True)
            self._sink.close_segment(end)

    def _close_segment(self, end: int) -> None:
        self._sink.close_segment(end)
        self._segment = None

    def _boundary(self) -> tuple[int, bool] | None:
        """Where the open part ends and whether its segment does; None while that is not certain yet."""
        assert self._segment is not None
        limit = self._part_start + self._part_target
        best: int | None = None
        certain = False
        for picture in self._pictures:
            if picture.cut is not None and picture.cut.msn > self._segment.msn:
                return self._segment_end(self._table.end_of(self._segment.msn), best, limit)
            if picture.time > limit:
                certain = True
                break
            if picture.time >= self._part_start + self._shortest_part:
                best = picture.time
        end = self._table.end_of(self._segment.msn)
        if certain and (end is not None or self._is_settled(best or limit)):
            return best or limit, False
        if self._end is not None:
            return self._segment_end(end or self._end, best, limit)
        if self._held_until > limit or (end is not None and self._held_until >= end):
            return self._segment_end(end, best, limit)
        if best is not None and best == self._pictures[-1].time and best + self._interval > limit + ROUNDING:
            return (best, False) if self._is_settled(best) else None
        return None

    def _is_settled(self, boundary: int) -> bool:
        """Whether no cut can come before the boundary any more. One at a keyframe does not: all that is decoded
        before it is displayed before it. One at any picture may, where pictures are reordered.
        """
        assert self._segment is not None
        if not self._offset or boundary <= self._segment.start + self._table.loose_after:
            return True
        return self._pictures[-1].decode_time >= boundary

    def _segment_end(self, end: int | None, best: int | None, limit: int) -> tuple[int, bool] | None:
        """The boundary when the segment is known to end at `end` (None: not yet)."""
        if end is None or end > limit:
            return best or limit, False
        return (end, True) if self._may_close(end) else None

    def _may_close(self, end: int) -> bool:
        """Whether the sound of the segment has come, or has had its time."""
        silent = self._tracks is None or self._tracks.samples_per_frame is None or self._leads_with_sound
        if silent or self._sound_end >= end or self._end is not None or self._held_until >= end:
            return True
        return self._pictures[-1].time >= end + SOUND_WAIT

    def _emit_part(self, boundary: int) -> None:
        assert self._segment is not None
        pictures = self._take_pictures(boundary)
        sounds = self._take_sounds(boundary)
        runs: list[fmp4.TrackRun] = []
        lead_id = fmp4.AUDIO_TRACK_ID if self._leads_with_sound else fmp4.VIDEO_TRACK_ID
        if pictures or not sounds:
            decode_time = pictures[0].decode_time if pictures else self._part_start
            runs.append(
                fmp4.TrackRun(lead_id, decode_time, [self._sample(picture, boundary) for picture in pictures])
            )
        if sounds and self._tracks is not None and self._tracks.samples_per_frame is not None:
            runs.append(sound_run(sounds, self._tracks.samples_per_frame))
        self._sink.add_part(
            Part(
                index=self._part_index,
                start=self._part_start,
                duration=boundary - self._part_start,
                independent=bool(pictures) and pictures[0].sync,
                data=fmp4.fragment((self._segment.msn << 6 | self._part_index) + 1 & 0xFFFFFFFF, runs),
            )
        )
        self._part_start = boundary
        self._part_index += 1

    def _sample(self, picture: Picture, boundary: int) -> fmp4.FragmentSample:
        if self._leads_with_sound:
            assert self._tracks is not None
            return fmp4.FragmentSample(self._tracks.samples_per_frame or 0, picture.data)
        # Without a successor the picture stands to the end of what is certain.
        duration = picture.duration if picture.duration is not None else max(boundary - picture.time, 1)
        return fmp4.FragmentSample(duration, picture.data, picture.sync, picture.composition_offset)

    def _take_pictures(self, boundary: int) -> list[Picture]:
        assert self._segment is not None
        taken = []
        while self._pictures and self._pictures[0].time < boundary:
            picture = self._pictures[0]
            if picture.cut is not None and picture.cut.msn > self._segment.msn:
                break
            taken.append(self._pictures.popleft())
        return taken

    def _take_sounds(self, boundary: int) -> list[Sound]:
        taken = []
        while self._sounds and self._sounds[0].time < boundary:
            taken.append(self._sounds.popleft())
        return taken
