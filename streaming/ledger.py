"""What happens on the air, written into rows: in order, and again until the database takes it.

The live never waits for this: events are queued in memory and written by one task.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from core.database import DATABASE_ERRORS
from core.errors import DomainError
from core.events import EventBus
from schedules.services import move_air_state
from schedules.states import AirState
from streaming.lecture import LiveLecture
from streaming.publication import Publication
from streaming.services import close_publication, finish, open_publication

log = structlog.get_logger()

RETRY_SECONDS = 1.0

Write = Callable[[], Awaitable[None]]


class Ledger:
    """A `LectureObserver` over the database."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._writes: asyncio.Queue[tuple[LiveLecture, Write]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="ledger")

    async def settled(self) -> None:
        """Wait until everything reported so far is written."""
        await self._writes.join()

    async def aclose(self, patience_seconds: float = 5.0) -> None:
        """Write what is left, for so long as the database is given; then stop."""
        if self._task is None:
            return
        try:
            async with asyncio.timeout(patience_seconds):
                await self._writes.join()
        except TimeoutError:
            log.error("ledger.unwritten", writes=self._writes.qsize())
        self._task.cancel()
        await asyncio.wait([self._task])

    def state_changed(self, lecture: LiveLecture, state: AirState, at: datetime) -> None:
        name = lecture.name

        async def write() -> None:
            if state is AirState.ENDED:
                await finish(name.broadcast_id, now=at, events=self._events)
            else:
                await move_air_state(name.broadcast_id, state, now=at, events=self._events)

        self._writes.put_nowait((lecture, write))

    def publication_began(self, lecture: LiveLecture, publication: Publication, at: datetime) -> None:
        broadcast_id = lecture.name.broadcast_id

        async def write() -> None:
            await open_publication(
                broadcast_id,
                publication.ordinal,
                peer=publication.connection.peer,
                encoder=publication.encoder,
                now=at,
            )

        self._writes.put_nowait((lecture, write))

    def publication_ended(
        self, lecture: LiveLecture, publication: Publication, reason: str, at: datetime
    ) -> None:
        broadcast_id, received = lecture.name.broadcast_id, publication.total_received()

        async def write() -> None:
            await close_publication(
                broadcast_id, publication.ordinal, reason=reason, received_seconds=received, now=at
            )

        self._writes.put_nowait((lecture, write))

    async def _run(self) -> None:
        while True:
            lecture, write = await self._writes.get()
            try:
                if not lecture.is_abandoned:
                    await self._until_written(write)
            finally:
                self._writes.task_done()

    async def _until_written(self, write: Write) -> None:
        while True:
            try:
                await write()
                return
            except DomainError as error:  # a move that the table forbids: another hand was quicker
                log.warning("ledger.refused", error=str(error))
                return
            except DATABASE_ERRORS as error:
                log.error("ledger.database_failed", error=str(error), waiting=self._writes.qsize())
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # a fault of ours in one write must not keep the others from the rows
                log.exception("ledger.write_failed", waiting=self._writes.qsize())
                return
