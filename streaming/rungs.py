"""The rungs of one lecture: an encoder for each run, started again when it dies, with fewer rungs when it lags.

The source never waits for any of this; a rung that is given up stays given up for the lecture.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from core.clock import Clock
from core.settings import Settings
from streaming.counters import ENCODER_RESTARTS, PICTURES_LEFT_OUT, RUNGS_SHED
from streaming.encoder import Encoder, EncoderCallbacks
from streaming.encoder_queue import QueueLimits
from streaming.ffmpeg import Capabilities
from streaming.ladder import (
    NONE,
    Capacity,
    Rung,
    SourceInfo,
    choose_rungs,
    cost_in_cores,
    fits,
    one_fewer,
    stand_in,
)
from streaming.ladder_command import EncoderProgram
from streaming.lecture_media import LectureMedia
from streaming.multivariant import Nominal
from streaming.run import Run
from streaming.samples import MediaUnit, VideoCodec

log = structlog.get_logger()

RESTART_SECONDS = 1.0
DEATHS = 3
DEATHS_WITHIN_SECONDS = 60.0
"""An encoder that dies so often in this time is started with one rung fewer."""
SOUND_BITRATE = 160_000
"""Bits per second allowed for the sound in a rung's BANDWIDTH before anything is measured."""
MIB = 1024 * 1024


class EncodingCapacity:
    """What the machine can encode, shared by all lectures on the air here. capabilities: None without ffmpeg."""

    def __init__(self, capabilities: Capabilities | None) -> None:
        self._capabilities = capabilities
        self._taken: dict[object, float] = {}

    def program(self, codec: VideoCodec) -> EncoderProgram | None:
        """What makes rungs of a source in that codec; None when nothing here can."""
        if self._capabilities is None or not self._capabilities.can_encode_from(codec):
            return None
        return self._capabilities.program

    def choose(self, user: object, source: SourceInfo, setting: str, *, fewer: int = 0) -> list[Rung]:
        """The rungs for one lecture beside those of the others; what they cost is taken until `give_back`."""
        if self._capabilities is None:
            return []
        capacity = self._left_for(user, self._capabilities)
        rungs = choose_rungs(source, capacity, setting)
        for _ in range(fewer):
            rungs = one_fewer(rungs, source) if rungs else rungs
        self._taken[user] = cost_in_cores(source, rungs, hardware=capacity.hardware)
        return rungs

    def add_stand_in(self, user: object, source: SourceInfo, beside: list[Rung]) -> Rung | None:
        """A rung of the source's own size beside those being made; None when the machine does not carry it."""
        if self._capabilities is None:
            return None
        capacity = self._left_for(user, self._capabilities)
        rung = stand_in(source)
        if rung.name in {other.name for other in beside} or not fits(source, [rung, *beside], capacity):
            return None
        self._taken[user] = cost_in_cores(source, [rung, *beside], hardware=capacity.hardware)
        return rung

    def give_back(self, user: object) -> None:
        self._taken.pop(user, None)

    def _left_for(self, user: object, capabilities: Capabilities) -> Capacity:
        return capabilities.capacity(sum(cores for taker, cores in self._taken.items() if taker is not user))


@dataclass(slots=True, eq=False)
class _Making:
    """One encoder's work for a run; `encoder` is None while it is being started again."""

    run: Run
    source: SourceInfo
    program: EncoderProgram
    rungs: list[Rung]
    encoder: Encoder | None = None


class RungControl:
    """Starts and replaces the encoders of one lecture: one for the ladder, and one more where the source's own
    pictures cannot be joined by players.
    """

    def __init__(
        self, media: LectureMedia, capacity: EncodingCapacity, settings: Settings, clock: Clock
    ) -> None:
        self._media = media
        self._capacity = capacity
        self._settings = settings
        self._clock = clock
        self._log = log.bind(broadcast=media.number)
        self._run: Run | None = None
        self._makings: list[_Making] = []
        self._fewer = 0
        self._deaths: list[float] = []
        self._changes: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> list[str]:
        """The rungs being made now."""
        return [rung.name for making in self._makings for rung in making.rungs]

    async def start(self, run: Run) -> None:
        """Make the rungs of a run that begins. Without a picture, an encoder or spare cores there are none."""
        self._run = run
        source, program = self._source(run)
        rungs = self._choose(source) if source is not None and program is not None else []
        if source is not None and program is not None and rungs:
            self._expect(source, rungs)
            await self._make(_Making(run, source, program, rungs))
        elif source is not None and source.codec is not VideoCodec.H264:
            self._log.error("rungs.none_for_hevc", note="this source cannot be played without an encoder")

    def replace_source(self) -> None:
        """The source's keyframes are too far apart for players to join it: make its own size too, if that fits."""
        run = self._run
        source, program = self._source(run) if run is not None else (None, None)
        self._log.warning("rungs.keyframes_too_far_apart", note="the encoder should send one every 2 s")
        if run is None or source is None or program is None or source.codec is not VideoCodec.H264:
            return
        rung = self._capacity.add_stand_in(
            self, source, [rung for making in self._makings for rung in making.rungs]
        )
        if (
            rung is not None
            and self._settings.ladder != NONE
            and not self._media.rendition(rung.name).is_shed
        ):
            self._change(self._make(_Making(run, source, program, [rung])), "rungs.stand_in")

    async def stop(self) -> None:
        """No more changes: the run is ending. Its encoders are drained by the run itself."""
        self._run = None
        for change in self._changes:
            change.cancel()
        if self._changes:
            await asyncio.wait(self._changes)
        self._makings.clear()
        self._capacity.give_back(self)

    def _source(self, run: Run) -> tuple[SourceInfo | None, EncoderProgram | None]:
        video = run.tracks.video
        if video is None:
            return None, None
        return SourceInfo.of(video.config, video.info), self._capacity.program(video.config.codec)

    def _choose(self, source: SourceInfo) -> list[Rung]:
        rungs = self._capacity.choose(self, source, self._settings.ladder, fewer=self._fewer)
        return [rung for rung in rungs if not self._media.rendition(rung.name).is_shed]

    def _expect(self, source: SourceInfo, rungs: list[Rung]) -> None:
        """List them at once: a player that comes in the first second must find them too."""
        for rung in rungs:
            self._media.expect(
                rung.name,
                Nominal(
                    codecs=rung.codecs,
                    bandwidth=rung.maxrate + SOUND_BITRATE,
                    width=rung.width,
                    height=rung.height,
                    frame_rate=source.fps,
                ),
            )

    async def _make(self, making: _Making) -> None:
        self._makings.append(making)
        await self._start_encoder(making)

    async def _start_encoder(self, making: _Making) -> None:
        video = making.run.tracks.video
        assert video is not None
        encoder = Encoder(
            making.program,
            video.config,
            making.source,
            making.rungs,
            EncoderCallbacks(
                unit=lambda rung, unit: self._unit(making, encoder, rung, unit),
                left_out=PICTURES_LEFT_OUT.inc,
                overloaded=lambda: self._replace(making, "the machine cannot keep up", fewer=True),
                exited=lambda status, lines: self._died(making, status, lines),
            ),
            grid_frames=making.run.grid_frames,
            limits=QueueLimits(self._settings.encoder_queue_seconds, self._settings.encoder_queue_mib * MIB),
        )
        try:
            await encoder.start()
        except OSError as error:
            # Tried again like one that died: what is listed must come, or be given up.
            self._log.error("rungs.encoder_failed", error=str(error))
            fewer = self._dies_too_often()
            self._change(
                self._start_anew(making, "the encoder cannot be started", fewer=fewer), "rungs.retry"
            )
            return
        making.encoder = encoder
        making.run.attach(encoder, [rung.name for rung in making.rungs])

    def _unit(self, making: _Making, encoder: Encoder, rung: str, unit: MediaUnit) -> None:
        if making.encoder is encoder:
            making.run.rung_unit(rung, unit)

    def _died(self, making: _Making, status: int, lines: list[str]) -> None:
        self._log.error("rungs.encoder_died", status=status, last_lines=lines[-3:])
        self._replace(making, "the encoder died", fewer=self._dies_too_often())

    def _dies_too_often(self) -> bool:
        """Count one more death of an encoder; true when that means one rung fewer."""
        now = self._clock.monotonic()
        self._deaths = [at for at in self._deaths if now - at < DEATHS_WITHIN_SECONDS] + [now]
        if len(self._deaths) < DEATHS:
            return False
        self._deaths.clear()
        return True

    def _replace(self, making: _Making, reason: str, *, fewer: bool) -> None:
        # Without an encoder it is being replaced already.
        if making in self._makings and making.encoder is not None:
            old, making.encoder = making.encoder, None
            ENCODER_RESTARTS.inc()
            making.run.detach(old)
            self._change(self._start_anew(making, reason, old, fewer=fewer), "rungs.replace")

    async def _start_anew(
        self, making: _Making, reason: str, old: Encoder | None = None, *, fewer: bool
    ) -> None:
        """Replace the encoder; the rungs that are gone list gaps and then end."""
        if old is not None:
            await old.kill()
        if fewer:
            self._fewer += 1
            self._give_up(making, one_fewer(making.rungs, making.source), reason)
            self._capacity.choose(self, making.source, self._settings.ladder, fewer=self._fewer)
        if making.rungs:
            await asyncio.sleep(RESTART_SECONDS)
            await self._start_encoder(making)

    def _give_up(self, making: _Making, kept: list[Rung], reason: str) -> None:
        for rung in making.rungs:
            if rung not in kept:
                self._media.shed(rung.name)
                RUNGS_SHED.inc()
                self._log.warning("rungs.shed", rung=rung.name, reason=reason)
        making.rungs = kept

    def _change(self, work: Coroutine[Any, Any, None], name: str) -> None:
        change = asyncio.create_task(work, name=name)
        self._changes.add(change)
        change.add_done_callback(self._changed)

    def _changed(self, change: asyncio.Task[None]) -> None:
        self._changes.discard(change)
        if not change.cancelled() and (fault := change.exception()) is not None:
            self._log.error("rungs.change_failed", change=change.get_name(), exc_info=fault)
