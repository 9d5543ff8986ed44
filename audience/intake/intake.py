"""The way in: beacons wait for their batch, are committed together, and only then answered."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from typing import TypeAlias

import structlog

from audience.intake.committing import commit_batch
from audience.intake.counters import BATCH_BEACONS, BATCH_SECONDS
from audience.intake.offer import Offer, Refusal
from core.clock import Clock
from core.database import DATA_ERRORS, DATABASE_ERRORS
from core.settings import Settings

log = structlog.get_logger()


class Busy(Exception):
    """Too many wait already, or the database does not take them: to be sent again later."""


_Verdict: TypeAlias = Refusal | Busy | None
_Waiting: TypeAlias = tuple[Offer, asyncio.Future[_Verdict]]


class Intake:
    """One a process. Batches follow one another; while one is being committed the next is gathered."""

    def __init__(self, secret: bytes, settings: Settings) -> None:
        self._secret = secret
        self._settings = settings
        self._waiting: deque[_Waiting] = deque()
        self._committing: asyncio.Task[None] | None = None

    async def take(self, offers: Sequence[Offer]) -> list[Refusal | None]:
        """What became of each, once it is certain. Raises Busy when none of them can be taken now."""
        if len(self._waiting) + len(offers) > self._settings.beacon_queue_rows:
            raise Busy
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[_Verdict]] = [loop.create_future() for _ in offers]
        self._waiting.extend(zip(offers, futures, strict=True))
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_what_waits(), name="audience.commit")
        told: list[Refusal | None] = []
        for future in futures:
            verdict = await future
            if isinstance(verdict, Busy):
                raise verdict
            told.append(verdict)
        return told

    async def _commit_what_waits(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._settings.beacon_batch_ms / 1000)
            most = min(len(self._waiting), self._settings.beacon_batch_rows)
            await self._commit([self._waiting.popleft() for _ in range(most)])

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Answer everybody in the batch. When it cannot be written the two halves of it are tried, and so on: one
        beacon that no database takes must not keep the others out.
        """
        try:
            BATCH_BEACONS.observe(len(batch))
            with BATCH_SECONDS.time():
                verdicts = await commit_batch([offer for offer, _ in batch], self._secret, self._settings)
        except Exception as error:
            is_ill = isinstance(error, DATABASE_ERRORS) and not isinstance(error, DATA_ERRORS)
            if len(batch) > 1 and not is_ill:
                half = len(batch) // 2
                await self._commit(batch[:half])
                await self._commit(batch[half:])
                return
            if is_ill:
                log.error("audience.batch_failed", beacons=len(batch), error=str(error))
            else:
                log.exception("audience.batch_failed", beacons=len(batch))
            for _, future in batch:
                if not future.done():
                    future.set_result(Busy())
            return
        for (_, future), verdict in zip(batch, verdicts, strict=True):
            if not future.done():  # its client has left meanwhile
                future.set_result(verdict)


class AddressLimit:
    """How many beacons an address has sent this minute. Kept in memory and nowhere else."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._most = settings.beacons_per_address_minute
        self._clock = clock
        self._minute = 0
        self._sent: Counter[str] = Counter()

    def allows(self, address: str, beacons: int) -> bool:
        minute = int(self._clock.now().timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._sent.clear()
        if self._sent[address] + beacons > self._most:
            return False
        self._sent[address] += beacons
        return True
