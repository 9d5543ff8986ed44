"""What may be read about units and people."""

from datetime import date, datetime

from accounts.models import Session, Unit, UnitKind, User
from accounts.models.unit import LONGEST_CODE


async def units(kind: UnitKind | None = None) -> list[Unit]:
    """In the official order."""
    return await (Unit.all() if kind is None else Unit.filter(kind=kind))


async def units_on(day: date) -> list[Unit]:
    """Those that have not ended by a day (of China), in the official order."""
    return [unit for unit in await Unit.all() if unit.retired_on is None or day < unit.retired_on]


async def find_unit(code: str) -> Unit | None:
    """None also for what is no code at all: what an address or a form says is given here as it comes."""
    is_code = code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE
    return await Unit.get_or_none(code=code) if is_code else None


async def users() -> list[User]:
    return await User.all().prefetch_related("unit")


async def open_sessions(user: User, now: datetime) -> list[Session]:
    """Sessions that still let their holder in, the latest first."""
    return await Session.filter(
        user_id=user.id, awaits_code=False, ended_at=None, expires_at__gt=now, idle_until__gt=now
    ).order_by("-last_seen_at")
