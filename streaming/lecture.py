"""A lecture on the air: its publications, their runs, its renditions, and what it is told.

One object lives from the first publish to the final end, over drops, takeovers and reopenings. It knows no
database: what changes is reported through `LectureObserver`.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from core.clock import Clock
from core.settings import Settings
from schedules.states import AirState
from streaming.cuts import CutTable
from streaming.lecture_media import LectureMedia
from streaming.packager import Packager
from streaming.publication import OffTheAir, Publication
from streaming.rendition import AUDIO
from streaming.rtmp.gate import PublishRefused, PublishRequest
from streaming.run import Run, RunOrigin
from streaming.rungs import RungControl
from streaming.segments import TICKS_PER_SECOND
from streaming.sound import SoundDoor
from streaming.timeline import TICKS_PER_MS
from streaming.tracks import SourceTracks

log = structlog.get_logger()

BAD_NAME = "NetStream.Publish.BadName"
UNPUBLISHED = "NetStream.Unpublish.Success"
CUT_OFF = "This lecture was stopped by its host"


class LectureObserver(Protocol):
    """Told of what has happened, in order; must not wait."""

    def state_changed(self, lecture: "LiveLecture", state: AirState, at: datetime) -> None: ...

    def publication_began(self, lecture: "LiveLecture", publication: Publication, at: datetime) -> None: ...

    def publication_ended(
        self, lecture: "LiveLecture", publication: Publication, reason: str, at: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class LectureName:
    """Who a lecture is: number is its public address, key_version the only one accepted."""

    broadcast_id: UUID
    number: str


class LiveLecture:
    """key_version is what a stream key must carry now; raised by `revoke`."""

    def __init__(
        self,
        name: LectureName,
        media: LectureMedia,
        rungs: RungControl,
        observer: LectureObserver,
        *,
        settings: Settings,
        clock: Clock,
        key_version: int,
        state: AirState,
        starts_at: datetime | None = None,
        is_cut_off: bool = False,
    ) -> None:
        self.name = name
        self.starts_at = starts_at
        self.media = media
        self.key_version = key_version
        self.state = state
        self.state_since = clock.now()
        self.on_air: Publication | None = None
        self.is_cut_off = is_cut_off
        """紧急切断: no encoder is let in until it is undone."""
        self.end_asked = False
        self.sound = SoundDoor()
        self.is_abandoned = False
        """Another media process holds the lecture: its rows are not ours to write any more."""
        self._rungs = rungs
        self._observer = observer
        self._settings = settings
        self._clock = clock
        self._log = log.bind(broadcast=name.number)
        self._table: CutTable = media.cut_table()
        self._end = media.end
        self._dates_from = media.dates_end
        self._packagers: dict[str, Packager] = {}
        self._run: Run | None = None
        self._last_ordinal = media.last_publication
        self._candidates: set[Publication] = set()
        self._held_since: float | None = None  # monotonic time of the last takeover of a sending publisher
        self._contenders: dict[str, float] = {}
        self._moves = asyncio.Lock()  # on the air and off it, one at a time
        self._goodbyes: set[asyncio.Task[None]] = set()

    # -- what the gate asks

    def admit(self, request: PublishRequest, key_version: int) -> Publication:
        """Let an encoder with the right key in. It goes on the air at its first keyframe. Raises PublishRefused."""
        if self.state is AirState.ENDED:
            raise PublishRefused(BAD_NAME, "the lecture has ended", "This lecture has ended")
        if self.is_cut_off:
            raise PublishRefused(BAD_NAME, "the lecture was cut off", CUT_OFF)
        self._check_takeover(request.peer)
        self._last_ordinal += 1
        publication = Publication(
            self,
            self._clock,
            ordinal=self._last_ordinal,
            connection=request.connection,
            encoder=request.encoder,
            key_version=key_version,
            ahead_seconds=self._settings.ahead_of_clock_seconds,
        )
        self._candidates.add(publication)
        self._log.info(
            "publication.accepted", ordinal=publication.ordinal, peer=request.peer, encoder=request.encoder
        )
        return publication

    def _check_takeover(self, peer: str) -> None:
        """A newer connection with the key takes over, but two encoders must not kick each other for ever."""
        if self.on_air is None:
            return
        now = self._clock.monotonic()
        silent = now - self.on_air.connection.last_media_at
        if silent >= self._settings.takeover_silence_seconds:
            return
        if self._held_since is not None and now - self._held_since < self._settings.takeover_hold_seconds:
            self._contenders[peer] = now
            left = self._settings.takeover_hold_seconds - (now - self._held_since)
            raise PublishRefused(
                BAD_NAME,
                f"another encoder ({self.on_air.connection.peer}) is on the air and was taken over from "
                f"{now - self._held_since:.0f} s ago; the next takeover is accepted in {left:.0f} s",
                "Another encoder is on the air with this key",
            )
        self._held_since = now
        self._log.warning("publication.takeover", from_peer=self.on_air.connection.peer, by_peer=peer)

    # -- what a publication asks (publication.Air)

    async def go_on_air(self, publication: Publication, tracks: SourceTracks) -> Run:
        # A connection that is being closed cancels its sink: a takeover half made would leave nobody on the air.
        taking = asyncio.create_task(self._take_the_air(publication, tracks), name="lecture.take_the_air")
        return await asyncio.shield(taking)

    async def _take_the_air(self, publication: Publication, tracks: SourceTracks) -> Run:
        async with self._moves:
            refused = (
                self.state is AirState.ENDED or self.is_cut_off or publication.key_version != self.key_version
            )
            if refused or publication.is_over:
                raise OffTheAir
            await self._finish_run(next_up=publication)
            if self.on_air is not None and self.on_air is not publication:
                self._replace(self.on_air, publication)
            run = self._new_run(publication, tracks)
            if self.on_air is not publication:
                self.on_air = publication
                self._candidates.discard(publication)
                self._note_began(publication)
            self._move(AirState.LIVE)
            await self._rungs.start(run)
            return run

    async def leave_air(self, publication: Publication, reason: str) -> None:
        async with self._moves:
            self._candidates.discard(publication)
            if self.on_air is not publication:
                return
            await self._finish_run()
            self._forget(publication, reason)
            if self.state is AirState.LIVE:
                self._move(AirState.INTERRUPTED)

    # -- what the house asks

    def resume(self) -> None:
        """Go on after a restart: who was on the air when the last process ended is not any more."""
        if self.state is AirState.LIVE:
            self._move(AirState.INTERRUPTED)

    def watch_for_silence(self) -> None:
        """Tell an interruption by the media that does not come: a network that is gone closes no connection. The
        encoder may go on as if nothing had been.
        """
        publication = self.on_air
        if publication is None or publication.is_over or self._moves.locked():
            return
        last = publication.connection.last_media_at
        silent = self._clock.monotonic() - last >= self._settings.interruption_silence_seconds
        if silent and self.state is AirState.LIVE:
            self._log.warning("publication.silent", ordinal=publication.ordinal)
            self._move(AirState.INTERRUPTED)
        elif not silent and self.state is AirState.INTERRUPTED:
            self._move(AirState.LIVE)

    async def close(self) -> None:
        """The interruption has lasted too long: the replay is served, the key may still reopen the lecture."""
        async with self._moves:
            if self.on_air is None and self.state is AirState.INTERRUPTED:
                self._move(AirState.CLOSED)

    async def end(self, reason: str) -> None:
        """End for good. What was received is there at once as the replay."""
        if self.on_air is not None:
            await self.on_air.catch_up()
        async with self._moves:
            if self.state is AirState.ENDED:
                return
            publication = self.on_air
            if publication is not None:
                await self._finish_run()
                self._forget(publication, reason)
            self._move(AirState.ENDED)
        self._dismiss_all(publication, UNPUBLISHED, "The lecture has ended")

    def set_cut_off(self, is_cut_off: bool) -> None:
        """紧急切断, or its undoing. Never waits: who is sending is dismissed now, and what has arrived is written
        down behind that. Undone, the same key goes on with the lecture.
        """
        if is_cut_off is self.is_cut_off:
            return
        self.is_cut_off = is_cut_off
        if not is_cut_off:
            self._log.warning("lecture.cut_off_undone")
            return
        self._log.warning("lecture.cut_off")
        if self.on_air is not None:
            self.on_air.is_over = True
        self._dismiss_all(self.on_air, BAD_NAME, CUT_OFF)
        self._later(self._stop_cut_off())

    async def _stop_cut_off(self) -> None:
        async with self._moves:
            publication = self.on_air
            if publication is not None:
                await self._finish_run()
                self._forget(publication, "cut off")
            if self.state in (AirState.LIVE, AirState.INTERRUPTED):
                self._move(AirState.CLOSED)

    def revoke(self, key_version: int) -> None:
        """From now on only this key version publishes; who is on the air with another is dismissed."""
        self.key_version = key_version
        for publication in [self.on_air, *self._candidates]:
            if publication is not None and publication.key_version != key_version:
                self._log.warning("publication.key_revoked", ordinal=publication.ordinal)
                self._dismiss(publication, BAD_NAME, "The stream key was replaced")

    async def abandon(self) -> None:
        """Another media process holds the lecture now: the encoder is to go there."""
        self.is_abandoned = True
        self._dismiss_all(self.on_air, BAD_NAME, "Another server has taken over, connect again")
        await self.aclose()

    async def aclose(self) -> None:
        """The process stops: finish what is on the air and wait until everything is on the disk."""
        publication = self.on_air
        if publication is not None:
            await self.leave_air(publication, "the server stops")
        if self._goodbyes:
            await asyncio.wait(self._goodbyes)
        await self.media.aclose()

    @property
    def run(self) -> Run | None:
        return self._run

    @property
    def rungs(self) -> list[str]:
        """What is made of the source now, the source itself apart."""
        return self._rungs.names

    @property
    def contenders(self) -> list[str]:
        """Other encoders that were refused of late because one is on the air."""
        since = self._clock.monotonic() - self._settings.takeover_hold_seconds
        return [peer for peer, refused in self._contenders.items() if refused >= since]

    # -- inside

    def _new_run(self, publication: Publication, tracks: SourceTracks) -> Run:
        has_media = self._table.last is not None
        origin = RunOrigin(publication.ordinal, self._end, has_media, self._dates_from)
        self._run = Run(
            self._table,
            self._packager,
            tracks,
            origin,
            segment_target=self._settings.segment_target_ms * TICKS_PER_MS,
            on_sparse=self._rungs.replace_source,
        )
        return self._run

    def _packager(self, rendition: str) -> Packager:
        packager = self._packagers.get(rendition)
        if packager is None:
            sink = self.media.rendition(rendition)
            packager = self._packagers[rendition] = Packager(
                self._table,
                self.sound.passing(sink) if rendition == AUDIO else sink,
                self._program_date_time,
                part_target=self._settings.part_target_ms * TICKS_PER_MS,
            )
        return packager

    def _program_date_time(self, time: int) -> float:
        assert self._run is not None
        return self._run.program_date_time(time)

    async def _finish_run(self, next_up: Publication | None = None) -> None:
        if self.on_air is not None:
            # Before anything is awaited: no media may reach a run that is being finished.
            self.on_air.is_over = self.on_air is not next_up
            self.on_air.run_ended()
        run = self._run
        if run is None:
            return
        await self._rungs.stop()
        self._end = await run.finish()
        if self._table.last is not None:
            self._dates_from = run.program_date_time(self._end)
        self._run = None

    def _note_began(self, publication: Publication) -> None:
        now = self._clock.now()
        self.media.publication_began(publication.ordinal, at=now.timestamp(), encoder=publication.encoder)
        self._observer.publication_began(self, publication, now)

    def _replace(self, old: Publication, new: Publication) -> None:
        self._forget(old, f"taken over by {new.connection.peer}")
        self._dismiss(old, BAD_NAME, "Another encoder took over")

    def _forget(self, publication: Publication, reason: str) -> None:
        self.on_air = None
        now = self._clock.now()
        self.media.publication_ended(publication.ordinal, at=now.timestamp(), reason=reason)
        self._observer.publication_ended(self, publication, reason, now)
        self._log.info(
            "publication.ended",
            ordinal=publication.ordinal,
            reason=reason,
            received_seconds=round(publication.total_received(), 3),
            problems=publication.problems,
        )

    def _dismiss_all(self, on_air: Publication | None, code: str, description: str) -> None:
        for publication in [on_air, *self._candidates]:
            if publication is not None:
                self._dismiss(publication, code, description)

    def _dismiss(self, publication: Publication, code: str, description: str) -> None:
        """Close its connection without waiting: closing waits for `closed`, which waits for our lock."""
        self._later(publication.connection.close(code, description))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)

    def _move(self, state: AirState) -> None:
        if state is self.state:
            return
        self.state = state
        self.state_since = self._clock.now()
        self.media.set_air(state)
        self._log.info("lecture.state", state=state.value, seconds=round(self._end / TICKS_PER_SECOND, 3))
        self._observer.state_changed(self, state, self.state_since)
