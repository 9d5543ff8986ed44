"""The media process: it takes publishers in, holds the lectures on the air, and does what their rows tell.

Orders (end, new key, withdrawal) come through the database, so that the web site, the command line and another
machine all speak to it alike. Losing the database ends nothing: what is on the air goes on.
"""

import asyncio
from collections import defaultdict
from uuid import UUID

import structlog
from tortoise.exceptions import BaseORMException

from core.clock import Clock
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
from streaming.ledger import Ledger
from streaming.library import Library
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.server import RtmpServer
from streaming.rungs import EncodingCapacity, RungControl
from streaming.services import close_abandoned

log = structlog.get_logger()

WATCH_SECONDS = 0.4
"""Orders are looked for this often."""
BEAT_EVERY = 4
"""Watch rounds between two heartbeats of the leases."""
MIB = 1024 * 1024


class MediaService:
    """holder is the name of the data folder (`leases.MediaFolder`). capacity: what may be encoded here."""

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
    ) -> None:
        self.lectures: dict[str, LiveLecture] = {}
        self._library = library
        self._capacity = capacity
        self._holder = holder
        self._settings = settings
        self._clock = clock
        self._ledger = Ledger(events)
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._watcher: asyncio.Task[None] | None = None
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
                await self._open(broadcast)
        await self._rtmp.start(self._settings.rtmp_host, self._settings.rtmp_port)
        self._watcher = asyncio.create_task(self._watch(), name="media.watch")

    async def aclose(self) -> None:
        """Let the publishers go, finish their segments, write everything down. The lectures are only interrupted."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])
        await self._rtmp.aclose()
        for lecture in list(self.lectures.values()):
            await lecture.aclose()
        await self._ledger.aclose()

    # -- taking up and letting go

    async def _open_for_publisher(self, broadcast: Broadcast) -> LiveLecture | None:
        async with self._opening[broadcast.number]:
            return self.lectures.get(broadcast.number) or await self._open(broadcast)

    async def _open(self, broadcast: Broadcast) -> LiveLecture | None:
        """Hold the lecture: lease, journal, state. None while another media process holds it."""
        now = self._clock.now()
        if not await leases.acquire(broadcast.id, self._holder, now=now, settings=self._settings):
            log.warning("lecture.held_elsewhere", broadcast=broadcast.number)
            return None
        media = await self._library.open_live(
            broadcast.number, generation=broadcast.media_generation, air=broadcast.air_state
        )
        await close_abandoned(broadcast.id, media.received_seconds(), now=now)
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
        rounds = 0
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            rounds += 1
            try:
                if rounds % BEAT_EVERY == 0:
                    await self._beat()
                await self._follow_orders()
                await self._keep_deadlines()
            except (BaseORMException, OSError) as error:
                log.error("media.database_failed", error=str(error), on_air=len(self.lectures))
            except Exception:
                log.exception("media.watch_failed")

    async def _beat(self) -> None:
        held = await leases.heartbeat(self._holder, now=self._clock.now())
        for lecture in list(self.lectures.values()):
            if lecture.name.broadcast_id not in held:
                await self._reacquire(lecture)

    async def _reacquire(self, lecture: LiveLecture) -> None:
        """The lease was void for a while (a database that slept). Whoever has it now has the lecture."""
        now = self._clock.now()
        if await leases.acquire(lecture.name.broadcast_id, self._holder, now=now, settings=self._settings):
            return
        log.error("lecture.lease_lost", broadcast=lecture.name.number)
        self.lectures.pop(lecture.name.number, None)
        await lecture.aclose()

    async def _follow_orders(self) -> None:
        by_id: dict[UUID, LiveLecture] = {
            lecture.name.broadcast_id: lecture for lecture in self.lectures.values()
        }
        if not by_id:
            return
        for broadcast_id, orders in (await queries.orders(by_id)).items():
            lecture = by_id[broadcast_id]
            if orders.key_version != lecture.key_version:
                await lecture.revoke(orders.key_version)
            lecture.media.set_generation(orders.media_generation)
            if orders.end_requested_at is not None:
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


def _limits(settings: Settings) -> RtmpLimits:
    return RtmpLimits(
        max_message_bytes=settings.rtmp_max_message_mib * MIB,
        max_chunk_streams=settings.rtmp_max_chunk_streams,
        max_connections=settings.rtmp_max_connections,
        max_connections_per_address=settings.rtmp_max_connections_per_address,
        handshake_timeout_seconds=settings.rtmp_handshake_timeout_seconds,
        idle_timeout_seconds=settings.rtmp_idle_timeout_seconds,
    )
