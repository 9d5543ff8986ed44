"""What may be done with a lecture on the air, whichever process asks: note publications, end it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from core.audit import SYSTEM, Actor
from core.clock import Clock
from core.errors import Conflict
from core.events import EventBus
from core.settings import Settings
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.services import move_air_state, request_end
from schedules.states import AirState
from streaming.events import BroadcastEnded
from streaming.leases import is_held
from streaming.models import Publication

POLL_SECONDS = 0.2


class StillEnding(Conflict):
    """已经要求结束，但媒体进程还没有回应。请稍等片刻再查看；一直不结束的话，请检查媒体进程。"""


async def open_publication(
    broadcast_id: UUID, ordinal: int, *, peer: str, encoder: str, now: datetime
) -> Publication:
    """Note that an encoder has gone on the air. Only the holder of the lease does so; it counts the ordinals."""
    values = {"peer": peer[:64], "encoder": encoder[:120], "started_at": now}
    publication, _ = await Publication.get_or_create(values, broadcast_id=broadcast_id, ordinal=ordinal)
    return publication


async def close_publication(
    broadcast_id: UUID, ordinal: int, *, reason: str, received_seconds: float, now: datetime
) -> None:
    """Note that the encoder has left, why, and how much media (seconds) came from it."""
    await Publication.filter(broadcast_id=broadcast_id, ordinal=ordinal, ended_at=None).update(
        ended_at=now, end_reason=reason[:120], received_seconds=received_seconds
    )


async def close_abandoned(
    broadcast_id: UUID, received_seconds: Mapping[int, float], *, now: datetime
) -> None:
    """Note the end of publications whose process died before it could: what their journal holds, by ordinal."""
    for publication in await Publication.filter(broadcast_id=broadcast_id, ended_at=None):
        received = received_seconds.get(publication.ordinal, 0.0)
        publication.ended_at = min(publication.started_at + timedelta(seconds=received), now)
        publication.received_seconds = received
        publication.end_reason = "the media process ended"
        await publication.save(update_fields=["ended_at", "received_seconds", "end_reason"])


async def finish(broadcast_id: UUID, *, now: datetime, events: EventBus) -> Broadcast:
    """End a lecture for good. For its holder, and for anybody while nobody holds it. Raises Conflict."""
    broadcast = await move_air_state(broadcast_id, AirState.ENDED, now=now, events=events)
    await Publication.filter(broadcast_id=broadcast_id, ended_at=None).update(
        ended_at=now, end_reason="lecture ended"
    )
    await events.publish(BroadcastEnded(broadcast_id=broadcast_id, number=broadcast.number, ended_at=now))
    return broadcast


async def end_broadcast(
    number: str,
    *,
    clock: Clock,
    settings: Settings,
    events: EventBus,
    wait_seconds: float,
    by: Actor = SYSTEM,
) -> Broadcast:
    """Ask the holder to end the lecture and wait until it has; when nobody holds it, end it here.

    Raises NotFound, Conflict when it had ended before, StillEnding when the holder does not answer in time.
    """
    broadcast = await request_end((await by_number(number)).id, now=clock.now(), by=by)
    give_up = clock.monotonic() + wait_seconds
    while broadcast.air_state is not AirState.ENDED:
        if not await is_held(broadcast.id, now=clock.now(), settings=settings):
            return await _finish_or_find_finished(broadcast.id, number, now=clock.now(), events=events)
        if clock.monotonic() >= give_up:
            raise StillEnding
        await asyncio.sleep(POLL_SECONDS)
        broadcast = await by_number(number)
    return broadcast


async def _finish_or_find_finished(
    broadcast_id: UUID, number: str, *, now: datetime, events: EventBus
) -> Broadcast:
    try:
        return await finish(broadcast_id, now=now, events=events)
    except Conflict:  # the holder gave the lease back after ending it, between our two looks
        broadcast = await by_number(number)
        if broadcast.air_state is not AirState.ENDED:
            raise
        return broadcast
