"""One run: media without a break, under one clock and one set of decoder configurations.

A publication is one run as a rule. A jump of the publisher's clock, another configuration or a track that comes
late end it and begin the next, behind a discontinuity.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from streaming.cuts import Cut, CutTable, Cutter
from streaming.packager import Packager
from streaming.rendition import AUDIO, SOURCE
from streaming.samples import AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample
from streaming.segments import TICKS_PER_SECOND
from streaming.timeline import TICKS_PER_MS, AudioClock, Timeline
from streaming.tracks import ASSUMED_FPS, SourceTracks, VideoSource, run_tracks

SILENT_PICTURE = 2 * TICKS_PER_SECOND
"""When the sound is this far ahead of the last picture, the picture is taken to stand still …"""
HOLD_BEHIND = TICKS_PER_SECOND
"""… up to this far behind the sound."""
KEPT_BY_DECODER = TICKS_PER_SECOND // 2
"""Of a source with reordered pictures a rung's last ones come out only when further ones go in."""
HOPELESS_LAG = 8 * TICKS_PER_SECOND
"""A rung that is this far behind the source gives up what it misses."""
LONGEST_REORDERING_MS = 2_000
"""A picture that would be displayed later than so long after it is decoded has a composition time gone wrong."""
GRID_SECONDS = 2
"""The encoder's own keyframe grid, for sources whose keyframes are far apart."""


class RungFeed(Protocol):
    """The encoder of a run, as a run sees it: it takes the source's pictures and gives back those of the rungs."""

    def feed(self, sample: VideoSample) -> None:
        """Take a picture; never waits."""

    async def drain(self) -> None:
        """Deliver all that is still on its way and end."""


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """Where a run begins. start: lecture ticks; floor: Unix seconds that no date of it may lie before."""

    publication: int
    start: int
    discontinuity: bool
    floor: float


class Run:
    """Feeds the packagers of a lecture from one run of a publisher's media.

    output gives the packager of a rendition by its name; grid_frames is the encoder's keyframe distance; on_sparse
    is called once when the source's keyframes turn out to be too far apart.
    """

    def __init__(
        self,
        table: CutTable,
        output: Callable[[str], Packager],
        tracks: SourceTracks,
        origin: RunOrigin,
        *,
        segment_target: int,
        on_sparse: Callable[[], None] = lambda: None,
    ) -> None:
        self.tracks = tracks
        self.video_end = origin.start
        self._table = table
        self._output = output
        self._origin = origin
        self._discontinuity = origin.discontinuity
        self._grid_frames = max(1, round((tracks.video.fps if tracks.video else ASSUMED_FPS) * GRID_SECONDS))
        self._cutter = Cutter(
            table, target=segment_target, grid_frames=self._grid_frames, publication=origin.publication
        )
        self._timeline: Timeline | None = None
        self._first_dts_ms = 0
        self._offset = 0  # presentation − decode time of the first picture
        self._last_dts_ms: int | None = None
        self._last_picture = 0
        self._frame_ticks = round(TICKS_PER_SECOND / (tracks.video.fps if tracks.video else ASSUMED_FPS))
        self._audio_clock: AudioClock | None = None
        self._sound_waiting: deque[tuple[int, int, int, bytes]] = deque()
        self._least_delay: float | None = None
        self._anchor: float | None = None
        self._on_sparse = on_sparse
        self._is_sparse_told = False
        self._encoders: dict[RungFeed, list[str]] = {}
        self._rungs: dict[str, Packager] = {}
        self._rungs_begun: set[str] = set()
        self._sound_only: Packager | None = None
        self._source: Packager | None = None
        self._prepare_outputs()

    @property
    def grid_frames(self) -> int:
        return self._grid_frames

    @property
    def keyframe_seconds(self) -> float | None:
        """Seconds between the last two keyframes of the source; None before the second."""
        ticks = self._cutter.keyframe_interval
        return None if ticks is None else ticks / TICKS_PER_SECOND

    @property
    def received(self) -> int:
        """Ticks of media taken in by this run."""
        return max(self.video_end, self._audio_end) - self._start

    @property
    def _audio_end(self) -> int:
        end = self._audio_clock.end if self._audio_clock else None
        return self._start if end is None else end

    @property
    def _start(self) -> int:
        return self._timeline.start if self._timeline else self._origin.start

    @property
    def _with_picture(self) -> list[Packager]:
        """The renditions that carry the sound beside a picture."""
        rungs = list(self._rungs.values())
        return rungs if self._source is None else [self._source, *rungs]

    def _prepare_outputs(self) -> None:
        video, audio = self.tracks.video, self.tracks.audio
        if video is None or video.config.codec is VideoCodec.H264:
            self._source = self._output(SOURCE)
            self._source.start_run(run_tracks(self.tracks))
        if audio is not None:
            self._sound_only = self._output(AUDIO)
            self._sound_only.start_run(run_tracks(SourceTracks(None, audio)))

    def attach(self, encoder: RungFeed, rungs: list[str]) -> None:
        """Let an encoder make these rungs from the next keyframe on."""
        self._encoders[encoder] = rungs
        for name in rungs:
            self._rungs[name] = self._output(name)
            self._rungs[name].skip()

    def detach(self, encoder: RungFeed) -> None:
        """The encoder is gone: its rungs list gaps until another one makes them."""
        for name in self._encoders.pop(encoder, ()):
            self._rungs_begun.discard(name)
            self._rungs[name].skip()

    def program_date_time(self, time: int) -> float:
        """Unix seconds of a lecture time: fixed once, by the promptest arrival before the first part is listed."""
        if self._anchor is None:
            self._anchor = max(self._least_delay or 0.0, self._origin.floor)
        return self._anchor + (time - self._start) / TICKS_PER_SECOND

    def begin(self, first_ms: int, composition_ms: int) -> None:
        """Lay the clock: `first_ms` (presentation time of the first keyframe, or first sound) is where it starts."""
        start = max(self._origin.start, composition_ms * TICKS_PER_MS)  # decode times must not be negative
        self._timeline = Timeline(start, first_ms)
        self._first_dts_ms = first_ms - composition_ms
        self._offset = composition_ms * TICKS_PER_MS
        self._last_picture = start
        self.video_end = start
        if self.tracks.audio is not None:
            info = self.tracks.audio.info
            floor = -(-start * info.sample_rate // TICKS_PER_SECOND)
            self._audio_clock = AudioClock(info.sample_rate, info.samples_per_frame, not_before=floor)
        self._cutter.begin(start, discontinuity=self._discontinuity)

    def video(self, sample: VideoSample, arrival: float) -> None:
        """A picture of the source; arrival in Unix seconds. The first one is a keyframe and begins the run."""
        sample = _with_sane_composition(sample)
        if self._timeline is None:
            self.begin(sample.pts_ms, sample.pts_ms - sample.dts_ms)
        assert self._timeline is not None
        sample = self._monotonic(sample)
        decode_time, time = self._timeline.ticks(sample.dts_ms), self._timeline.ticks(sample.pts_ms)
        self._note_arrival(arrival, time)
        first = self._last_dts_ms is None
        cut = self._table.last if first else self._next_cut(time, sample.keyframe)
        if self._last_dts_ms is not None:
            step = (sample.dts_ms - self._last_dts_ms) * TICKS_PER_MS
            self._frame_ticks = min(step, TICKS_PER_SECOND)
        self._last_dts_ms = sample.dts_ms
        self._last_picture = max(self._last_picture, time)
        # What is decoded last may be displayed earlier, but parts are closed by decode time.
        self.video_end = max(self._last_picture, decode_time + self._offset) + self._frame_ticks
        if self._source is not None:
            self._source.push_video(decode_time, time, sample.data, keyframe=sample.keyframe, cut=cut)
        self._feed_encoders(sample)
        if cut is not None and not first:
            self._give_up_the_hopeless(cut.start)
        self._release_sound(decode_time)

    def _feed_encoders(self, sample: VideoSample) -> None:
        first = self._first_dts_ms
        shifted = VideoSample(sample.dts_ms - first, sample.pts_ms - first, sample.keyframe, sample.data)
        for encoder in list(self._encoders):  # one that cannot keep up is detached on the spot
            encoder.feed(shifted)
        if self._cutter.sparse and not self._is_sparse_told:
            self._is_sparse_told = True
            self._on_sparse()

    def _next_cut(self, time: int, keyframe: bool) -> Cut | None:
        """The cut that this picture begins, if any. After a long pause, segments without a picture come first."""
        pauses = self._cutter.pauses(time)
        if pauses and self._source is not None:
            self._source.hold_video(pauses[-1].start)
        return self._cutter.video(time, keyframe=keyframe) or (pauses[-1] if pauses else None)

    def audio(self, sample: AudioSample, arrival: float) -> None:
        """An AAC frame of the source; sound before the first picture is left out."""
        if self._timeline is None:
            if self.tracks.video is not None:
                return
            self.begin(sample.pts_ms, 0)
        assert self._timeline is not None
        clock, ticks = self._audio_clock, self._timeline.ticks(sample.pts_ms)
        if clock is None or ticks < self._start:
            return
        position = clock.place(ticks)
        if position is None:
            return
        time = clock.to_ticks(position)
        self._note_arrival(arrival, time)
        frame = (position, time, self._audio_end, sample.data)
        if self.tracks.video is None:
            self._sound_leads(frame)
            return
        self._sound_waiting.append(frame)
        for packager in self._with_picture:
            packager.push_audio(*frame)
        if time - self._last_picture > SILENT_PICTURE:
            self._hold_picture(time - HOLD_BEHIND)

    def rung_unit(self, rung: str, unit: MediaUnit) -> None:
        """What the encoder made for one rung: its configuration, then its pictures."""
        packager = self._rungs.get(rung)
        if packager is None or self._timeline is None:
            return
        if isinstance(unit, VideoConfig):
            made = VideoSource.of(unit, self.tracks.video.fps if self.tracks.video else ASSUMED_FPS)
            packager.start_run(run_tracks(SourceTracks(made, self.tracks.audio)))
            self._rungs_begun.add(rung)
        elif isinstance(unit, VideoSample) and rung in self._rungs_begun:
            time = self._timeline.ticks(unit.pts_ms + self._first_dts_ms)
            packager.push_video(time, time, unit.data, keyframe=unit.keyframe)

    async def finish(self) -> int:
        """End the run, rungs included; gives its end in lecture ticks."""
        end = max(self.video_end, self._audio_end)
        if self._timeline is None:
            return end
        self._table.close(end)
        if self._source is not None:
            self._source.finish(end)
        if self._sound_only is not None:
            self._release_sound(end + 1)
            self._sound_only.finish(end)
        if self._encoders:
            await asyncio.gather(*(encoder.drain() for encoder in self._encoders))
        for packager in self._rungs.values():
            packager.finish(end)
        return end

    def _monotonic(self, sample: VideoSample) -> VideoSample:
        """Small steps back, and two pictures at one time, are mended; greater ones end the run before this."""
        if self._last_dts_ms is None or sample.dts_ms > self._last_dts_ms:
            return sample
        late = self._last_dts_ms + 1 - sample.dts_ms
        return VideoSample(sample.dts_ms + late, sample.pts_ms + late, sample.keyframe, sample.data)

    def _note_arrival(self, arrival: float, time: int) -> None:
        if self._anchor is None:
            start_seen = arrival - (time - self._start) / TICKS_PER_SECOND
            self._least_delay = (
                start_seen if self._least_delay is None else min(self._least_delay, start_seen)
            )

    def _release_sound(self, until: int) -> None:
        """Sound alone follows the picture, so that both renditions of it are cut at the same times."""
        while self._sound_only is not None and self._sound_waiting and self._sound_waiting[0][1] < until:
            self._sound_only.push_audio(*self._sound_waiting.popleft())

    def _sound_leads(self, frame: tuple[int, int, int, bytes]) -> None:
        time = frame[1]
        self.video_end = self._audio_end
        self._cutter.without_video(time)
        for packager in (self._source, self._sound_only):
            if packager is not None:
                packager.push_audio(*frame)

    def _hold_picture(self, until: int) -> None:
        self._cutter.without_video(until)
        for packager in self._with_picture:
            if packager.last_time >= self._last_picture - KEPT_BY_DECODER:
                packager.hold_video(until)
        self._release_sound(until)

    def _give_up_the_hopeless(self, newest_cut: int) -> None:
        for packager in self._rungs.values():
            if newest_cut - max(packager.last_time, self._start) > HOPELESS_LAG:
                packager.skip()


def _with_sane_composition(sample: VideoSample) -> VideoSample:
    if 0 <= sample.pts_ms - sample.dts_ms <= LONGEST_REORDERING_MS:
        return sample
    return VideoSample(sample.dts_ms, sample.dts_ms, sample.keyframe, sample.data)
