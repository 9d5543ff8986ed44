"""When a lecture may be published into, and when it is over for good. Pure rules on one Broadcast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState


@dataclass(frozen=True, slots=True)
class Allowed:
    pass


@dataclass(frozen=True, slots=True)
class TooEarly:
    accepted_from: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    pass


@dataclass(frozen=True, slots=True)
class CutOff:
    pass


PublishWindow = Allowed | TooEarly | Ended | CutOff


def planned_end(broadcast: Broadcast) -> datetime | None:
    """Counted from the planned start, or from when it really began if that was later; None without either."""
    starts = [moment for moment in (broadcast.starts_at, broadcast.first_live_at) if moment is not None]
    return max(starts) + timedelta(minutes=broadcast.planned_minutes) if starts else None


def reopen_deadline(broadcast: Broadcast, settings: Settings) -> datetime | None:
    """Until when a closed lecture may be reopened by its key; then it ends for good."""
    end = planned_end(broadcast)
    return None if end is None else end + timedelta(minutes=settings.reopen_minutes)


def publish_window(broadcast: Broadcast, now: datetime, settings: Settings) -> PublishWindow:
    """Whether an encoder with the right key is let in now.

    A lecture that is late is let in however late it is; one that has been on the air and is closed, until its
    deadline; one whose end has been asked for, no more; one that was cut off, when that is undone.
    """
    if broadcast.cut_off_at is not None:
        return CutOff()
    if broadcast.air_state is AirState.ENDED or broadcast.end_requested_at is not None:
        return Ended()
    if broadcast.air_state is AirState.CLOSED:
        deadline = reopen_deadline(broadcast, settings)
        return Ended() if deadline is not None and now > deadline else Allowed()
    if broadcast.air_state is AirState.SCHEDULED and broadcast.starts_at is not None:
        accepted_from = broadcast.starts_at - timedelta(minutes=settings.early_publish_minutes)
        return TooEarly(accepted_from) if now < accepted_from else Allowed()
    return Allowed()


def closing_time(interrupted_at: datetime, settings: Settings) -> datetime:
    """When an interruption has lasted so long that the replay is served."""
    return interrupted_at + timedelta(seconds=settings.interruption_grace_seconds)


def ending_time(broadcast: Broadcast, settings: Settings) -> datetime | None:
    """When a lecture that stays off the air ends for good; None while nothing makes it end."""
    deadline = reopen_deadline(broadcast, settings)
    if broadcast.air_state is AirState.CLOSED:
        return deadline
    if broadcast.air_state is AirState.INTERRUPTED and deadline and broadcast.interrupted_at:
        return max(deadline, closing_time(broadcast.interrupted_at, settings))
    return None
