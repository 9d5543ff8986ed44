"""Lectures that no media process looks after any more: a sweep brings them to their proper state."""

from datetime import datetime

from core.errors import Conflict
from core.events import EventBus
from core.logs import bind, get_logger
from core.settings import Settings
from schedules.models import Broadcast
from schedules.queries import unfinished
from schedules.services import move_air_state
from schedules.states import AirState
from schedules.window import closing_time, ending_time, reopen_deadline
from streaming.leases import is_held
from streaming.models import Lease
from streaming.services import finish

log = get_logger(__name__)


def becomes(
    broadcast: Broadcast, silent_since: datetime, now: datetime, settings: Settings
) -> AirState | None:
    """What a lecture without a holder is to become by now. silent_since: the last sign of its media. Pure."""
    if broadcast.end_requested_at is not None:
        return AirState.ENDED
    if broadcast.cut_off_at is not None and broadcast.air_state in (AirState.LIVE, AirState.INTERRUPTED):
        return AirState.CLOSED
    closing = closing_time(silent_since, settings)
    ending = ending_time(broadcast, settings)
    if broadcast.air_state is AirState.LIVE:
        ending = max(reopen_deadline(broadcast, settings) or closing, closing)
    if ending is not None and now >= ending:
        return AirState.ENDED
    if broadcast.air_state in (AirState.LIVE, AirState.INTERRUPTED) and now >= closing:
        return AirState.CLOSED
    return None


async def settle_unheld(*, now: datetime, settings: Settings, events: EventBus) -> int:
    """Move every unfinished lecture without a holder to what it is to become. Returns how many moved."""
    moved = 0
    for broadcast in await unfinished():
        if await is_held(broadcast.id, now=now, settings=settings):
            continue
        to = becomes(broadcast, await _silent_since(broadcast), now, settings)
        if to is None:
            continue
        with bind(broadcast=broadcast.number):
            try:
                await _move(broadcast, to, now, events)
            except Conflict:  # a media process has taken it up meanwhile
                log.info("lecture.unheld_left", to=to.value)
            else:
                moved += 1
                log.warning("lecture.unheld_settled", before=broadcast.air_state.value, to=to.value)
    return moved


async def _move(broadcast: Broadcast, to: AirState, now: datetime, events: EventBus) -> None:
    if to is AirState.ENDED:
        await finish(broadcast.id, now=now, events=events)
    else:
        await move_air_state(broadcast.id, to, now=now, events=events)


async def _silent_since(broadcast: Broadcast) -> datetime:
    if broadcast.interrupted_at is not None:
        return broadcast.interrupted_at
    lease = await Lease.get_or_none(broadcast_id=broadcast.id)
    return lease.heartbeat_at if lease else broadcast.changed_at
