"""One stay of an encoder in a lecture: RTMP messages become units, units become runs.

Nothing here ends a lecture. Broken or unknown input is left out with a log line; the connection stays.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from core.clock import Clock
from streaming.codecs import CodecError
from streaming.flv_messages import FlvError, UnsupportedCodec, parse_audio, parse_video
from streaming.rtmp.gate import MessageKind, PublisherConnection
from streaming.run import Run
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoConfig, VideoSample
from streaming.segments import TICKS_PER_SECOND
from streaming.timeline import is_jump
from streaming.tracks import AudioSource, SourceTracks, VideoSource

log = structlog.get_logger()

UNSUPPORTED = "NetStream.Publish.Failed"
OTHER_TRACK_WAIT_MS = 500
"""How long the first picture (or sound) waits for the other track's configuration."""
CLOCK_TOLERANCE = 1.01
"""Share by which a publisher's clock may run fast for ever (DESIGN §10)."""
LONGEST_HOLD_BACK = 1.0
"""Seconds for which one message is held back at most, so that an end or a takeover is never far."""
CATCH_UP_SECONDS, CATCH_UP_ROUNDS = 0.05, 10
"""What was sent has been taken in when nothing comes for so long; looked for so often at most …"""
UNREAD_ROUNDS = 2
"""… or so often, where only what came since the last reading can be unread."""
PROBLEMS_LOGGED = 20
"""Broken messages of one publication that are logged; the rest are counted."""


class OffTheAir(Exception):
    """The lecture does not take this publication any more."""


class Air(Protocol):
    """The lecture, as a publication sees it."""

    async def go_on_air(self, publication: "Publication", tracks: SourceTracks) -> Run:
        """Begin a run of this publication, ending whatever was on the air. Raises OffTheAir."""

    async def leave_air(self, publication: "Publication", reason: str) -> None: ...


@dataclass(slots=True)
class _Waiting:
    """Units before the run: from the first keyframe (or the first sound) on."""

    since: float
    first_ms: int
    units: list[VideoSample | AudioSample] = field(default_factory=list)


class _ByteRate:
    """Bytes by the second, over the last few whole seconds."""

    _SECONDS = 5

    def __init__(self) -> None:
        self._by_second: deque[tuple[int, int]] = deque(maxlen=self._SECONDS + 1)  # the running one too

    def add(self, size: int, now: float) -> None:
        second = int(now)
        if self._by_second and self._by_second[-1][0] == second:
            size += self._by_second.pop()[1]
        self._by_second.append((second, size))

    def bits_per_second(self, now: float) -> float | None:
        first, end = int(now) - self._SECONDS, int(now)
        whole = [(second, size) for second, size in self._by_second if first <= second < end]
        if not whole:
            return None
        return sum(size for _, size in whole) * 8 / (end - whole[0][0])


class Publication:
    """A `PublishSink`. ordinal counts the publications of the lecture from 1."""

    def __init__(
        self,
        air: Air,
        clock: Clock,
        *,
        ordinal: int,
        connection: PublisherConnection,
        encoder: str,
        key_version: int,
        ahead_seconds: float,
    ) -> None:
        self.ordinal = ordinal
        self.connection = connection
        self.encoder = encoder
        self.key_version = key_version
        self.problems = 0
        self.last_problem = ""
        self.received_ticks = 0
        self.began = clock.now()
        self._rate = _ByteRate()
        self.is_over = False
        self._air = air
        self._clock = clock
        self._ahead_seconds = ahead_seconds
        self._video: VideoSource | None = None
        self._audio: AudioSource | None = None
        self._waiting: _Waiting | None = None
        self._run: Run | None = None
        self._run_began = 0.0
        self._renew = False
        self._needs_keyframe = False
        self._last_video_ms: int | None = None
        self._last_audio_ms: int | None = None
        self._messages = 0
        self._is_held_back = False
        self._released = asyncio.Event()
        self._wall_offset = clock.now().timestamp() - clock.monotonic()

    async def media(self, kind: MessageKind, timestamp_ms: int, payload: bytes) -> None:
        self._messages += 1
        self._rate.add(len(payload), self._clock.monotonic())
        if self.is_over or kind is MessageKind.DATA:  # onMetaData: the stream itself says it better
            return
        try:
            units = (parse_video if kind is MessageKind.VIDEO else parse_audio)(timestamp_ms, payload)
            for unit in units:
                await self._take(unit)
        except UnsupportedCodec as problem:
            self._note(str(problem))
            if (self._video if kind is MessageKind.VIDEO else self._audio) is None:
                # Going on would be a lecture without picture or sound; the text says what to set in the encoder.
                await self.connection.close(UNSUPPORTED, str(problem))
        except (FlvError, CodecError) as problem:
            self._note(str(problem))
        except OffTheAir:
            self.is_over = True
        await self._keep_to_the_clock()

    async def closed(self, reason: str) -> None:
        try:
            if self._run is None and self._waiting is not None and not self.is_over:
                await self._begin_run()  # even half a second of a lecture is kept
        except OffTheAir:
            pass
        finally:
            self.is_over = True
            await self._air.leave_air(self, reason)

    def total_received(self) -> float:
        """Seconds of media taken in so far."""
        running = self._run.received if self._run is not None else 0
        return (self.received_ticks + running) / TICKS_PER_SECOND

    def bits_per_second(self) -> float | None:
        """What arrived over the last seconds; None before the first is over."""
        return self._rate.bits_per_second(self._clock.monotonic())

    async def catch_up(self) -> None:
        """Take in what has been sent already, and is not read yet: an end asked for now must not lose it."""
        rounds = CATCH_UP_ROUNDS if self._is_held_back else UNREAD_ROUNDS
        self._released.set()
        for _ in range(rounds):
            seen = self._messages
            await asyncio.sleep(CATCH_UP_SECONDS)
            if self._messages == seen:
                return

    def run_ended(self) -> None:
        """The lecture has finished this publication's run."""
        if self._run is not None:
            self.received_ticks += self._run.received
            self._run = None

    async def _take(self, unit: MediaUnit) -> None:
        match unit:
            case VideoConfig():
                self._configure_video(unit)
            case AudioConfig():
                self._configure_audio(unit)
            case VideoSample():
                await self._take_video(unit)
            case AudioSample():
                await self._take_audio(unit)

    def _configure_video(self, config: VideoConfig) -> None:
        if self._video is not None and self._video.config == config:
            return
        before, self._video = self._video, VideoSource.of(config)
        if self._run is not None:
            self._note_change("picture", before.size if before else None, self._video.size)
            self._needs_keyframe = True

    def _configure_audio(self, config: AudioConfig) -> None:
        if self._audio is not None and self._audio.config == config:
            return
        before, self._audio = self._audio, AudioSource.of(config)
        if self._run is not None:
            self._note_change("sound", before.form if before else None, self._audio.form)

    async def _take_video(self, sample: VideoSample) -> None:
        if self._video is None:
            self._note("pictures without a configuration before them")
            return
        if not self._video.begins_well(sample.data):
            self._note(f"a picture of {len(sample.data)} bytes that is none")
            return
        if self._last_video_ms is not None and is_jump(self._last_video_ms, sample.dts_ms):
            self._note_jump(self._last_video_ms, sample.dts_ms)
        self._last_video_ms = sample.dts_ms
        if self._run is not None and (self._renew or self._run.tracks.video is None) and sample.keyframe:
            await self._end_run()
        if self._run is not None:
            if not self._needs_keyframe and self._run.tracks.video is not None:
                self._run.video(sample, self._arrival())
            return
        if self._waiting is not None and self._waiting_is_sound_only() and sample.keyframe:
            self._waiting = None
        if self._waiting is not None or sample.keyframe:
            await self._wait(sample, sample.dts_ms)

    async def _take_audio(self, sample: AudioSample) -> None:
        if self._audio is None:
            return
        if self._last_audio_ms is not None and is_jump(self._last_audio_ms, sample.pts_ms):
            self._note_jump(self._last_audio_ms, sample.pts_ms)
        self._last_audio_ms = sample.pts_ms
        if self._run is not None and self._renew and self._video is None:
            await self._end_run()
        if self._run is not None:
            if not self._needs_keyframe and self._run.tracks.audio == self._audio:
                self._run.audio(sample, self._arrival())
            return
        if self._waiting is not None or self._video is None:
            await self._wait(sample, sample.pts_ms)

    def _note_change(self, track: str, before: str | None, after: str) -> None:
        """Another decoder configuration: another run, from the next keyframe on."""
        log.warning("publication.changed", ordinal=self.ordinal, track=track, before=before, after=after)
        self._renew = True

    def _note_jump(self, before_ms: int, now_ms: int) -> None:
        log.warning("publication.clock_jumped", ordinal=self.ordinal, before_ms=before_ms, now_ms=now_ms)
        if self._run is not None:
            self._renew = True
            self._needs_keyframe = self._run.tracks.video is not None
        self._waiting = None

    def _waiting_is_sound_only(self) -> bool:
        return self._waiting is not None and not any(
            isinstance(unit, VideoSample) for unit in self._waiting.units
        )

    async def _wait(self, sample: VideoSample | AudioSample, now_ms: int) -> None:
        """Collect until both tracks are known, or the other one has had its time; then begin the run."""
        if self._waiting is None:
            self._waiting = _Waiting(self._clock.monotonic(), now_ms)
        self._waiting.units.append(sample)
        complete = self._audio is not None and self._video is not None and not self._waiting_is_sound_only()
        waited_ms = max(
            now_ms - self._waiting.first_ms, (self._clock.monotonic() - self._waiting.since) * 1000
        )
        if complete or waited_ms >= OTHER_TRACK_WAIT_MS:
            await self._begin_run()

    async def _begin_run(self) -> None:
        waiting, self._waiting = self._waiting, None
        assert waiting is not None
        has_video = any(isinstance(unit, VideoSample) for unit in waiting.units)
        tracks = SourceTracks(self._video if has_video else None, self._audio)
        run = await self._air.go_on_air(self, tracks)
        if self.is_over:  # an end or a takeover was next in turn
            raise OffTheAir
        self._run = run
        self._run_began = self._clock.monotonic()
        for unit in waiting.units:
            if isinstance(unit, VideoSample):
                run.video(unit, self._arrival())
            else:
                run.audio(unit, self._arrival())

    async def _end_run(self) -> None:
        """Make room for the next run of this publication; the lecture ends the old one when that goes on the air."""
        self.run_ended()
        self._renew = self._needs_keyframe = False
        self._last_audio_ms = None

    def _arrival(self) -> float:
        # Monotonic, so that a step of the wall clock in mid-lecture moves no date.
        return self._clock.monotonic() + self._wall_offset

    async def _keep_to_the_clock(self) -> None:
        """Do not read on while the publisher's clock is further ahead of ours than allowed."""
        if self._run is None or self.is_over:
            return
        elapsed = self._clock.monotonic() - self._run_began
        ahead = self._run.received / TICKS_PER_SECOND - elapsed * CLOCK_TOLERANCE - self._ahead_seconds
        if ahead > 0 and not self._released.is_set():
            self._is_held_back = True
            with suppress(TimeoutError):
                async with asyncio.timeout(min(ahead, LONGEST_HOLD_BACK)):
                    await self._released.wait()
            self._is_held_back = False

    def _note(self, problem: str) -> None:
        self.problems += 1
        self.last_problem = problem
        if self.problems <= PROBLEMS_LOGGED:
            log.warning("publication.bad_media", ordinal=self.ordinal, problem=problem)
