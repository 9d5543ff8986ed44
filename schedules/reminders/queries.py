"""What may be read about reminders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from accounts.models import Unit
from schedules.models import Reminder, ReminderAttempt, ReminderContact
from schedules.models.reminder import Outcome
from schedules.reminders.rules import Addressee

LISTED = 200
RECENT = timedelta(days=45)

WAY_LABELS: Mapping[str, str] = {
    "robot": "工作群机器人",
    "mail": "邮件",
    "sms": "短信",
    "by_hand": "人工",
    "seen": "单位已阅",
}
OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.STARTED: "发送中断",
    Outcome.DELIVERED: "已送到",
    Outcome.FAILED: "没有送到",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder with every attempt, the first one first."""

    reminder: Reminder
    attempts: list[ReminderAttempt]


def _undelivered(now: datetime) -> Q:
    return Q(addressee=Addressee.UNIT, delivered_at=None, dropped_at=None, created_at__gte=now - RECENT)


async def reminders(now: datetime, *, undelivered: bool = False) -> list[Told]:
    """The newest first. undelivered: only those that have not reached their unit yet."""
    rows = Reminder.filter(_undelivered(now)) if undelivered else Reminder.all()
    found = await rows.limit(LISTED).prefetch_related("broadcast", "attempts")
    return [Told(each, sorted(each.attempts, key=lambda attempt: attempt.at)) for each in found]


async def count_undelivered(now: datetime) -> int:
    return await Reminder.filter(_undelivered(now)).count()


async def open_reminders_of(unit_code: str, now: datetime) -> list[Reminder]:
    """What the unit has not read at its desk yet and what still holds, the newest first: for the bar there."""
    rows = Reminder.filter(
        unit_id=unit_code, addressee=Addressee.UNIT, dropped_at=None, created_at__gte=now - RECENT
    )
    found = await rows.prefetch_related("broadcast", "attempts")
    return [each for each in found if not any(attempt.way == "seen" for attempt in each.attempts)]


async def contacts() -> list[tuple[Unit, ReminderContact | None]]:
    """Every unit that takes turns, in the official order, with whom its reminders go to."""
    known = {contact.unit_id: contact for contact in await ReminderContact.all()}
    return [(unit, known.get(unit.code)) for unit in await Unit.filter(retired_on=None)]
