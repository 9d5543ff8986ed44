"""Reminding: make what is due, send it by the ways there are, and note every attempt.

A reminder is one row per lecture, unit, kind and deadline: the database says it once. Each way it goes has a
row of its own that says when to try (again): whoever raises its count of tries sends, others leave it alone. If the
process dies in between, the attempt stays noted as started and the pause has already been set: then it may arrive
twice, but never not at all.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from accounts.links import LinkPurpose, NoLiaison, issue_link
from core.audit import SYSTEM, Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, DomainError, Forbidden, NotFound
from core.logs import get_logger
from core.messengers import Message, Messenger, NotDelivered, Way
from core.settings import Settings
from schedules.fulfilment import open_after, was_given
from schedules.models import Broadcast, Reminder, ReminderAttempt, ReminderContact, ReminderDispatch
from schedules.models.reminder import Outcome
from schedules.reminders.dates import dates_of, furthest_days, longest_after_days, start_of
from schedules.reminders.rules import Addressee, Due, LectureFacts, due, may_speak, pause_after, still_holds
from schedules.reminders.texts import Words, path_to, subject_of, text_of, with_link
from schedules.replay_states import OVER
from schedules.states import UNDER_WAY, AirState, Delivery, PlanState
from schedules.workdays.calendars import load_calendar
from schedules.workdays.days import WorkingCalendar

log = get_logger(__name__)

MOST_A_ROUND = 15
"""WeCom takes at most 20 messages a minute from one robot."""
BY_HAND, SEEN = "by_hand", "seen"


async def remind(now: datetime, settings: Settings, messengers: Mapping[Way, Messenger]) -> None:
    """One round: nothing at night and on days off. now: aware."""
    today = now.astimezone(CHINA).date()
    calendar = await load_calendar([today.year])
    if not may_speak(
        now, calendar, from_hour=settings.reminder_from_hour, until_hour=settings.reminder_until_hour
    ):
        return
    await make_due(now, settings, calendar, messengers.keys())
    await send_waiting(now, settings, calendar, messengers)


async def make_due(
    now: datetime, settings: Settings, calendar: WorkingCalendar, ways: Collection[Way]
) -> int:
    """Make the reminders that are due and not there yet. Returns how many."""
    today = now.astimezone(CHINA).date()
    made = 0
    for lecture in await _lectures_around(now, settings):
        dates = dates_of(lecture, calendar, settings)
        for each in due(await _facts(lecture, now), dates, today):
            made += await _make(lecture, each, ways, now, settings)
    return made


async def _lectures_around(now: datetime, settings: Settings) -> list[Broadcast]:
    """Those whose deadlines may call for a reminder: under way, and given not long ago."""
    ahead = Q(air_state=AirState.SCHEDULED, starts_at__gte=now - timedelta(days=1))
    after = Q(starts_at__gte=now - timedelta(days=longest_after_days(settings)))
    given = Q(air_state__in=list(OVER), plan_state=PlanState.SCHEDULED) & after
    elsewhere = Q(delivery=Delivery.EXTERNAL, plan_state=PlanState.SCHEDULED) & after
    horizon = now + timedelta(days=furthest_days(settings))
    rows = Broadcast.filter(
        ahead | given | elsewhere, plan_state__in=UNDER_WAY, starts_at__lt=horizon, is_sample=False
    )
    return await rows.prefetch_related("unit")


async def _make(
    lecture: Broadcast, each: Due, ways: Collection[Way], now: datetime, settings: Settings
) -> bool:
    told = Reminder.filter(
        broadcast_id=lecture.id, kind=each.kind, deadline=each.deadline, unit_id=lecture.unit_id
    )
    if await told.exists():
        return False
    words = Words(
        number=lecture.number,
        title=lecture.title,
        unit_name=lecture.unit_name or lecture.unit.name,
        starts_at=start_of(lecture),
        deadline=each.deadline,
        address=settings.public_url + path_to(each.kind, lecture.number),
    )
    try:
        async with transaction():
            reminder = await Reminder.create(
                broadcast_id=lecture.id,
                kind=each.kind,
                deadline=each.deadline,
                addressee=each.addressee,
                unit_id=lecture.unit_id,
                unit_name=words.unit_name,
                subject=subject_of(each.kind, words),
                text=text_of(each.kind, each.addressee, words),
                created_at=now,
            )
            for way in await _ways_to(lecture.unit_id, each.addressee, ways):
                await ReminderDispatch.create(reminder=reminder, way=way, next_try_at=now)
    except IntegrityError:  # another worker has just made it
        return False
    log.info("reminder.made", broadcast=lecture.number, kind=each.kind.value)
    return True


async def _ways_to(unit_code: str, addressee: Addressee, ways: Collection[Way]) -> list[Way]:
    """The bureau reads its desk; a unit is told by every way that reaches it."""
    if addressee is Addressee.BUREAU:
        return []
    contact = await ReminderContact.get_or_none(unit_id=unit_code)
    return [way for way in ways if not way.is_personal or _address(contact, way)]


def _address(contact: ReminderContact | None, way: Way) -> str:
    if contact is None or not way.is_personal:
        return ""
    return contact.mail if way is Way.MAIL else contact.mobile


async def send_waiting(
    now: datetime, settings: Settings, calendar: WorkingCalendar, messengers: Mapping[Way, Messenger]
) -> int:
    """Send what waits and whose time has come. Returns how many were delivered."""
    waiting = ReminderDispatch.filter(next_try_at__lte=now, way__in=list(messengers))
    delivered = 0
    for dispatch in await waiting.order_by("next_try_at").limit(MOST_A_ROUND):
        reminder = await Reminder.get(id=dispatch.reminder_id).prefetch_related("broadcast__unit")
        if not await _holds(reminder, calendar, settings, now):
            await _drop(reminder, now)
        elif await _claim(dispatch, now, settings):
            delivered += await _attempt(dispatch, reminder, messengers[dispatch.way], now, settings)
    return delivered


async def _holds(reminder: Reminder, calendar: WorkingCalendar, settings: Settings, now: datetime) -> bool:
    lecture: Broadcast = reminder.broadcast
    if lecture.starts_at is None or reminder.unit_id != lecture.unit_id:
        return False
    dates = dates_of(lecture, calendar, settings)
    today = now.astimezone(CHINA).date()
    facts = await _facts(lecture, now)
    return still_holds(reminder.kind, reminder.deadline, facts, dates, today)


async def _drop(reminder: Reminder, now: datetime) -> None:
    await ReminderDispatch.filter(reminder_id=reminder.id).update(next_try_at=None)
    await Reminder.filter(id=reminder.id, dropped_at=None).update(dropped_at=now)


async def _claim(dispatch: ReminderDispatch, now: datetime, settings: Settings) -> bool:
    """Take the attempt, with the next one already set: another worker may have got here first."""
    tries = dispatch.tries + 1
    pause = pause_after(
        tries,
        first=timedelta(minutes=settings.reminder_first_pause_minutes),
        longest=timedelta(hours=settings.reminder_longest_pause_hours),
    )
    again = now + pause if tries < settings.reminder_tries else None
    mine = ReminderDispatch.filter(id=dispatch.id, tries=dispatch.tries, next_try_at__isnull=False)
    return bool(await mine.update(tries=tries, next_try_at=again))


async def _attempt(
    dispatch: ReminderDispatch, reminder: Reminder, messenger: Messenger, now: datetime, settings: Settings
) -> bool:
    attempt = await ReminderAttempt.create(
        reminder=reminder, way=dispatch.way.value, at=now, outcome=Outcome.STARTED
    )
    try:
        await messenger.send(await _message(dispatch.way, reminder, now, settings), now=now)
    except DomainError as refused:
        await _note(attempt, Outcome.FAILED, refused.message)
        log.warning(
            "reminder.failed", reminder=str(reminder.id), way=dispatch.way.value, tries=dispatch.tries + 1
        )
        return False
    except Exception:
        await _note(attempt, Outcome.FAILED, "程序出错，已记入日志")
        log.exception("reminder.broke", reminder=str(reminder.id), way=dispatch.way.value)
        return False
    async with transaction():
        await _note(attempt, Outcome.DELIVERED, "")
        await ReminderDispatch.filter(id=dispatch.id).update(delivered_at=now, next_try_at=None)
        await _delivered(reminder, dispatch.way.value, by=SYSTEM, now=now)
    return True


async def _message(way: Way, reminder: Reminder, now: datetime, settings: Settings) -> Message:
    """A group gets the text alone; one person also a link that opens the task without a password."""
    contact = await ReminderContact.get_or_none(unit_id=reminder.unit_id)
    text, to = reminder.text, _address(contact, way)
    if way.is_personal:
        if contact is None or not to:
            raise NotDelivered("单位的收件人已经改掉了")
        try:
            text = await _linked(reminder, contact.person, by=SYSTEM, now=now, settings=settings)
        except NoLiaison:
            log.info("reminder.without_link", reminder=str(reminder.id))
    return Message(reminder.subject, text, to)


async def _note(attempt: ReminderAttempt, outcome: Outcome, detail: str) -> None:
    await ReminderAttempt.filter(id=attempt.id).update(outcome=outcome, detail=detail[:200])


async def _delivered(reminder: Reminder, way: str, *, by: Actor, now: datetime) -> None:
    await Reminder.filter(id=reminder.id, delivered_at=None).update(delivered_at=now)
    await record(
        "reminder.delivered",
        by=by,
        subject=f"broadcast:{reminder.broadcast.number}",
        now=now,
        after={"kind": reminder.kind, "deadline": reminder.deadline, "unit": reminder.unit_id, "way": way},
    )


async def sent_by_hand(reminder_id: UUID, *, how: str, by: Actor, now: datetime) -> Reminder:
    """Somebody of the bureau has pasted the text, called or gone there. how: in their words. Raises NotFound."""
    reminder = await _get(reminder_id)
    how = " ".join(how.split())[:200]
    async with transaction():
        await _by_person(reminder, BY_HAND, how, by=by, now=now)
    return reminder


async def seen(reminder_id: UUID, *, unit_code: str, by: Actor, now: datetime) -> Reminder:
    """The unit has read it at its desk; saying so again changes nothing. Raises NotFound, Forbidden."""
    reminder = await _get(reminder_id)
    if reminder.unit_id != unit_code or reminder.addressee is not Addressee.UNIT:
        raise Forbidden("这条提醒不是发给贵单位的。")
    async with transaction():
        if not await ReminderAttempt.exists(reminder_id=reminder.id, way=SEEN):
            await _by_person(reminder, SEEN, "", by=by, now=now)
            # Who has read it needs no further message.
            await ReminderDispatch.filter(reminder_id=reminder.id).update(next_try_at=None)
    return reminder


async def _by_person(reminder: Reminder, way: str, detail: str, *, by: Actor, now: datetime) -> None:
    await ReminderAttempt.create(
        reminder=reminder, way=way, at=now, outcome=Outcome.DELIVERED, person=by.name[:120], detail=detail
    )
    await _delivered(reminder, way, by=by, now=now)


async def text_with_link(
    reminder_id: UUID, *, holder: str, by: Actor, now: datetime, settings: Settings
) -> str:
    """The text to paste into a chat with one person, with a new link. Raises NotFound, Conflict, Invalid."""
    reminder = await _get(reminder_id)
    if reminder.addressee is not Addressee.UNIT:
        raise Conflict("这条提醒是给州局自己的，不用链接。")
    return await _linked(reminder, holder, by=by, now=now, settings=settings)


async def _linked(reminder: Reminder, holder: str, *, by: Actor, now: datetime, settings: Settings) -> str:
    token = await issue_link(
        LinkPurpose.LIAISON,
        unit_code=reminder.unit_id,
        subject=reminder.broadcast.number,
        holder=holder or "联络员",
        by=by,
        now=now,
        settings=settings,
    )
    return with_link(reminder.text, f"{settings.public_url}/link/{token}", settings.link_hours)


async def _get(reminder_id: UUID) -> Reminder:
    reminder = await Reminder.get_or_none(id=reminder_id).prefetch_related("broadcast")
    if reminder is None:
        raise NotFound("没有这条提醒，请刷新后再看。")
    return reminder


async def _facts(lecture: Broadcast, now: datetime) -> LectureFacts:
    return LectureFacts(
        lecture.plan_state,
        lecture.delivery,
        has_duty_officer=lecture.duty_officer_id is not None,
        was_given=was_given(lecture, now),
        open_after=await open_after(lecture, now),
    )
