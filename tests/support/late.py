"""A lecture whose hand-in is overdue, and its unit reminded: what a 普法提示 needs."""

from datetime import UTC, datetime, timedelta

from accounts.models import Unit
from core.clock import Clock
from schedules.models import Broadcast, Reminder
from schedules.reminders.rules import Addressee, ReminderKind
from tests.support.cast import UNIT_B
from tests.support.turns import turn

START = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
"""Its hand-in ended on Tuesday 17 November: five working days before the tests' own Tuesday."""


async def late_turn(
    *, number: str = "2026-12-1", unit_code: str = UNIT_B, starts_at: datetime = START
) -> Broadcast:
    return await turn(starts_at, number=number, unit_code=unit_code)


async def reminder_of(
    lecture: Broadcast, clock: Clock, *, delivered: bool = True, kind: ReminderKind | None = None
) -> Reminder:
    """Of the hand-in, made four days ago."""
    ago = clock.now() - timedelta(days=4)
    unit = await Unit.get(code=lecture.unit_id)
    return await Reminder.create(
        broadcast=lecture,
        kind=kind or ReminderKind.HAND_IN_LATE,
        deadline=datetime(2026, 11, 17).date(),
        addressee=Addressee.UNIT,
        unit_id=lecture.unit_id,
        unit_name=unit.name,
        subject="法治微课堂：报送已逾期",
        text=f"{unit.name}：\n法治微课堂{lecture.number}期。\n请尽快报送。\n办理地址：http://127.0.0.1:8000/desk",
        created_at=ago,
        delivered_at=ago if delivered else None,
    )
