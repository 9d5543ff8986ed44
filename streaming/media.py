"""The media process: it takes publishers in, holds the lectures on the air, and does what their rows tell.

Orders (end, new key, withdrawal) come through the database, so that the web site, the command line and another
machine all speak to it alike. Losing the database ends nothing: what is on the air goes on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import structlog

from core.clock import Clock
from core.database import DATABASE_ERRORS
from core.events import EventBus
from core.secrets import AppSecrets
from core.settings import Settings
from schedules import queries
from schedules.models import Broadcast
from schedules.states import AirState
from schedules.window import closing_time, ending_time
from streaming import leases
from streaming.gate import Gate
from streaming.lecture import LectureName, LiveLecture
from streaming.lecture_media import LectureMedia
from streaming.ledger import Ledger
from streaming.library import Library
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.server import RtmpServer
from streaming.rungs import EncodingCapacity, RungControl
from streaming.services import close_abandoned

log = structlog.get_logger()

WATCH_SECONDS = 0.4
"""Orders are looked for this often."""
BEAT_SECONDS = 1.6
"""The leases' heartbeats: apart from the orders, since ending a lecture may take longer than a lease lives."""
MIB = 1024 * 1024


class MediaService:
    """holder is the name of the data folder (`leases.MediaFolder`). capacity: what may be encoded here.

    report: what is told of each lecture through its lease (plain JSON values), for a web site elsewhere.
    """

    def __init__(
        self,
        library: Library,
        capacity: EncodingCapacity,
        events: EventBus,
        secrets: AppSecrets,
        *,
        holder: str,
        settings: Settings,
        clock: Clock,
        report: Callable[[LiveLecture], object] | None = None,
    ) -> None:
        self.lectures: dict[str, LiveLecture] = {}
        self._library = library
        self._capacity = capacity
        self._holder = holder
        self._settings = settings
        self._clock = clock
        self._report = report
        self._ledger = Ledger(events)
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._watchers: list[asyncio.Task[None]] = []
        gate = Gate(
            secrets.accepted, self.lectures.get, self._open_for_publisher, settings=settings, clock=clock
        )
        self._rtmp = RtmpServer(gate, _limits(settings), clock)

    @property
    def rtmp_port(self) -> int:
        return self._rtmp.port

    async def start(self) -> None:
        """Take up what was on the air when the last process ended, then let publishers in."""
        self._ledger.start()
        for broadcast in await queries.unfinished():
            if self._library.has_journal(broadcast.number):
                await self._take_up(broadcast)
        await self._rtmp.start(self._settings.rtmp_host, self._settings.rtmp_port)
        self._watchers = [
            asyncio.create_task(_repeat(BEAT_SECONDS, self._beat), name="media.beat"),
            asyncio.create_task(_repeat(WATCH_SECONDS, self._follow_orders), name="media.orders"),
            asyncio.create_task(_repeat(WATCH_SECONDS, self._watch), name="media.watch"),
        ]

    async def aclose(self) -> None:
        """Let the publishers go, finish their segments, write everything down. The lectures are only interrupted."""
        for watcher in self._watchers:
            watcher.cancel()
        if self._watchers:
            await asyncio.wait(self._watchers)
        await self._rtmp.aclose()
        for lecture in list(self.lectures.values()):
            await lecture.aclose()
        await self._ledger.aclose()

    # -- taking up and letting go

    async def _open_for_publisher(self, broadcast: Broadcast) -> LiveLecture | None:
        async with self._opening[broadcast.number]:
            return self.lectures.get(broadcast.number) or await self._open(broadcast)

    async def _take_up(self, broadcast: Broadcast) -> None:
        """At start: one lecture whose journal is broken must not keep the others off the air."""
        try:
            await self._open(broadcast)
        except Exception:
            log.exception("lecture.not_taken_up", broadcast=broadcast.number)

    async def _open(self, broadcast: Broadcast) -> LiveLecture | None:
        """Hold the lecture: lease, journal, state. None while another media process holds it.

        When that fails nothing is held, so that the next try, or another media process, finds it free.
        """
        now = self._clock.now()
        if not await leases.acquire(broadcast.id, self._holder, now=now, settings=self._settings):
            log.warning("lecture.held_elsewhere", broadcast=broadcast.number)
            return None
        async with AsyncExitStack() as undo:
            undo.push_async_callback(leases.release, [broadcast.id], self._holder)
            media = await self._library.open_live(
                broadcast.number, generation=broadcast.media_generation, air=broadcast.air_state
            )
            undo.push_async_callback(media.aclose)
            media.set_replay(broadcast.replay_state)
            await close_abandoned(broadcast.id, media.received_seconds(), now=now)
            undo.pop_all()
        return self._hold(broadcast, media)

    def _hold(self, broadcast: Broadcast, media: LectureMedia) -> LiveLecture:
        lecture = LiveLecture(
            LectureName(broadcast.id, broadcast.number),
            media,
            RungControl(media, self._capacity, self._settings, self._clock),
            self._ledger,
            settings=self._settings,
            clock=self._clock,
            key_version=broadcast.key_version,
            state=broadcast.air_state,
            starts_at=broadcast.starts_at,
            is_cut_off=broadcast.cut_off_at is not None,
        )
        lecture.resume()
        self.lectures[broadcast.number] = lecture
        return lecture

    async def _let_go(self, lecture: LiveLecture) -> None:
        """A lecture that has ended is served from its journal; nobody holds it any more."""
        await lecture.aclose()
        await self._ledger.settled()
        self.lectures.pop(lecture.name.number, None)
        self._opening.pop(lecture.name.number, None)
        await leases.release([lecture.name.broadcast_id], self._holder)

    # -- orders and deadlines

    async def _watch(self) -> None:
        for lecture in self.lectures.values():
            lecture.watch_for_silence()
        await self._end_those_asked()
        await self._keep_deadlines()

    async def _beat(self) -> None:
        lectures = {lecture.name.broadcast_id: lecture for lecture in self.lectures.values()}
        held = await leases.heartbeat(lectures, self._holder, now=self._clock.now())
        for broadcast_id, lecture in lectures.items():
            # It may have been let go meanwhile.
            if broadcast_id not in held and self.lectures.get(lecture.name.number) is lecture:
                await self._reacquire(lecture)
            elif self._report is not None:
                await leases.tell(broadcast_id, self._holder, self._report(lecture))

    async def _reacquire(self, lecture: LiveLecture) -> None:
        """The lease was void for a while (a database that slept). Whoever has it now has the lecture."""
        now = self._clock.now()
        if await leases.acquire(lecture.name.broadcast_id, self._holder, now=now, settings=self._settings):
            return
        log.error("lecture.lease_lost", broadcast=lecture.name.number)
        self.lectures.pop(lecture.name.number, None)
        await lecture.abandon()

    async def _follow_orders(self) -> None:
        """Everything here is done at once: what takes its time, such as ending a lecture, must not hold up that
        another one is cut off.
        """
        by_id: dict[UUID, LiveLecture] = {
            lecture.name.broadcast_id: lecture for lecture in self.lectures.values()
        }
        if not by_id:
            return
        for broadcast_id, orders in (await queries.orders(by_id)).items():
            lecture = by_id[broadcast_id]
            lecture.media.set_replay(orders.replay_state)
            lecture.media.set_generation(orders.media_generation)
            lecture.set_cut_off(orders.cut_off_at is not None)
            if orders.key_version != lecture.key_version:
                lecture.revoke(orders.key_version)
            lecture.end_asked = orders.end_requested_at is not None

    async def _end_those_asked(self) -> None:
        for lecture in list(self.lectures.values()):
            if lecture.end_asked:
                await lecture.end("the lecture was ended")
            if lecture.state is AirState.ENDED:
                await self._let_go(lecture)

    async def _keep_deadlines(self) -> None:
        for lecture in list(self.lectures.values()):
            if lecture.on_air is not None or lecture.state not in (AirState.INTERRUPTED, AirState.CLOSED):
                continue
            now = self._clock.now()
            if lecture.state is AirState.INTERRUPTED and now >= closing_time(
                lecture.state_since, self._settings
            ):
                await lecture.close()
            broadcast = await Broadcast.get_or_none(id=lecture.name.broadcast_id)
            ending = ending_time(broadcast, self._settings) if broadcast is not None else None
            if ending is not None and now >= ending:
                await lecture.end("the time for reopening is over")
                await self._let_go(lecture)


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Again and again, whatever goes wrong: what is on the air goes on without the database."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except DATABASE_ERRORS as error:
            log.error("media.database_failed", error=str(error))
        except Exception:
            log.exception("media.watch_failed")


def _limits(settings: Settings) -> RtmpLimits:
    return RtmpLimits(
        max_message_bytes=settings.rtmp_max_message_mib * MIB,
        max_chunk_streams=settings.rtmp_max_chunk_streams,
        max_connections=settings.rtmp_max_connections,
        max_connections_per_address=settings.rtmp_max_connections_per_address,
        handshake_timeout_seconds=settings.rtmp_handshake_timeout_seconds,
        idle_timeout_seconds=settings.rtmp_idle_timeout_seconds,
        read_interval_seconds=settings.rtmp_read_interval_ms / 1000,
    )
