import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.models import OneTimeLink, Role, User
from accounts.services import seed_sample_units
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, NotFound
from core.messengers import Message, RememberingMessenger, Way
from core.settings import Settings
from schedules.deadlines import Deadline
from schedules.fulfilment import answers_for
from schedules.models import Broadcast, Reminder, ReminderAttempt, ReminderContact, ReminderDispatch
from schedules.models.reminder import Outcome
from schedules.reminders.rules import ReminderKind
from schedules.reminders.sending import remind, seen, sent_by_hand, text_with_link
from schedules.states import AirState, PlanState, ReplayState
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.plan import ADMIN
from tests.support.turns import LIAISON, only_the_replay_is_answered_for, turn

START = datetime(2026, 12, 10, 7, 0, tzinfo=UTC)
"""Thursday 15:00; the hand-in ends on 26 November, today is Tuesday 24 November, 15:00."""


@pytest.fixture
async def house(sqlite_db: TortoiseContext) -> None:
    await seed_sample_units()


async def outcomes() -> list[tuple[str, Outcome]]:
    return [(attempt.way, attempt.outcome) for attempt in await ReminderAttempt.all()]


async def liaison() -> User:
    return await User.create(
        username="liaison",
        display_name="示例联络员",
        role=Role.LIAISON,
        unit_id=UNIT_B,
        password_hash="",
        created_at=START,
    )


async def test_a_reminder_is_made_and_sent_once_however_often_is_looked(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    lecture, robot = await turn(START), RememberingMessenger()
    for _ in range(3):
        await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
        clock.advance(minutes=10)
    reminder = await Reminder.get()
    assert (reminder.broadcast_id, reminder.kind) == (lecture.id, ReminderKind.HAND_IN_SOON)
    assert (reminder.deadline, reminder.unit_name) == (date(2026, 11, 26), "都匀市")
    assert reminder.delivered_at == START - timedelta(days=16)
    assert robot.sent == [Message(reminder.subject, reminder.text)]
    assert "2026年11月26日（周四）截止" in reminder.text
    assert await outcomes() == [("robot", Outcome.DELIVERED)]
    entry = await AuditEntry.get(action="reminder.delivered")
    assert (entry.subject, entry.actor_name) == ("broadcast:2026-12-1", "系统")


async def test_two_workers_at_once_send_it_once(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await seed_sample_units()
    await turn(START)
    robot = RememberingMessenger()
    rounds = (remind(clock.now(), db_settings, {Way.ROBOT: robot}) for _ in range(4))
    await asyncio.gather(*rounds)
    await remind(clock.now() + timedelta(hours=1), db_settings, {Way.ROBOT: robot})
    assert len(robot.sent) == 1
    assert await Reminder.all().count() == 1


async def test_nothing_is_made_or_sent_at_night_and_on_days_off(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    robot = RememberingMessenger()
    for hours in (6, 16.9, 4 * 24):  # 21:00, 7:54 next morning, Saturday
        await remind(clock.now() + timedelta(hours=hours), sqlite_settings, {Way.ROBOT: robot})
    assert await Reminder.all().count() == 0
    await remind(clock.now() + timedelta(hours=17), sqlite_settings, {Way.ROBOT: robot})
    assert len(robot.sent) == 1


async def test_what_fails_is_tried_again_after_growing_pauses_and_every_attempt_is_noted(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    robot = RememberingMessenger()
    robot.fail("群机器人没有回应", "群机器人没有回应", "群机器人没有收下")
    start = clock.now()
    for _ in range(60):
        await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
        clock.advance(minutes=1)
    minutes = [(tried - start) / timedelta(minutes=1) for tried in robot.tried_at]
    assert minutes == [0, 2, 10, 42]
    assert await outcomes() == [("robot", Outcome.FAILED)] * 3 + [("robot", Outcome.DELIVERED)]
    assert (await ReminderAttempt.all())[2].detail == "群机器人没有收下"
    assert len(robot.sent) == 1


async def test_after_so_many_tries_it_is_left_to_people(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    settings = sqlite_settings.model_copy(update={"reminder_tries": 3, "reminder_longest_pause_hours": 1})
    await turn(START)
    robot = RememberingMessenger()
    robot.fail(*["群机器人没有回应"] * 9)
    for _ in range(9):
        await remind(clock.now(), settings, {Way.ROBOT: robot})
        clock.advance(minutes=30)
    assert len(robot.tried_at) == 3
    dispatch = await ReminderDispatch.get()
    assert (dispatch.tries, dispatch.next_try_at, dispatch.delivered_at) == (3, None, None)
    assert (await Reminder.get()).delivered_at is None


async def test_an_attempt_whose_process_died_stays_noted_and_is_made_again_after_its_pause(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    class Killed(BaseException):
        pass

    class Dying(RememberingMessenger):
        async def send(self, message: Message, *, now: datetime) -> None:
            raise Killed

    await turn(START)
    with pytest.raises(Killed):
        await remind(clock.now(), sqlite_settings, {Way.ROBOT: Dying()})
    robot = RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert robot.sent == []
    clock.advance(minutes=2)
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert len(robot.sent) == 1
    assert await outcomes() == [("robot", Outcome.STARTED), ("robot", Outcome.DELIVERED)]


async def test_a_messenger_that_breaks_does_not_stop_the_others(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    class Broken(RememberingMessenger):
        async def send(self, message: Message, *, now: datetime) -> None:
            raise RuntimeError("keep-me-quiet")

    await turn(START)
    await turn(START, number="2026-12-2", unit_code=UNIT_A)
    await ReminderContact.create(unit_id=UNIT_A, person="示例", mobile="13800000000")
    sms = RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: Broken(), Way.SMS: sms})
    assert len(sms.sent) == 1
    failed = await ReminderAttempt.filter(outcome=Outcome.FAILED)
    assert [attempt.detail for attempt in failed] == ["程序出错，已记入日志"] * 2


async def test_nobody_is_reminded_of_what_was_done_while_it_was_being_retried(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    lecture, robot = await turn(START), RememberingMessenger()
    robot.fail("群机器人没有回应")
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.UNIT_REVIEW)
    clock.advance(minutes=5)
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert robot.sent == []
    assert (await Reminder.get()).dropped_at == clock.now()


async def test_a_person_gets_a_link_and_a_group_never_does(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    await liaison()
    await ReminderContact.create(unit_id=UNIT_B, person="示例联络员", mail="liaison@dy.example")
    robot, mail, sms = RememberingMessenger(), RememberingMessenger(), RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot, Way.MAIL: mail, Way.SMS: sms})
    assert "/link/" not in robot.sent[0].text
    (letter,) = mail.sent
    assert letter.to == "liaison@dy.example"
    assert f"{sqlite_settings.public_url}/link/" in letter.text
    assert sms.sent == []  # no number is known
    link = await OneTimeLink.get()
    assert (link.unit_id, link.subject) == (UNIT_B, "2026-12-1")
    assert "/link/" not in (await Reminder.get()).text
    entries = await AuditEntry.filter(action="link.issued")
    assert [entry.actor_name for entry in entries] == ["系统"]


async def test_without_anybody_to_log_in_the_text_goes_out_without_a_link(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    await ReminderContact.create(unit_id=UNIT_B, person="示例联络员", mobile="13800000000")
    sms = RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.SMS: sms})
    assert [message.to for message in sms.sent] == ["13800000000"]
    assert "/link/" not in sms.sent[0].text


async def test_after_a_swap_the_other_unit_is_told_and_the_first_one_is_left_alone(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    lecture, robot = await turn(START), RememberingMessenger()
    robot.fail("群机器人没有回应")
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    await Broadcast.filter(id=lecture.id).update(unit_id=UNIT_A)
    clock.advance(minutes=5)
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert [message.text.partition("：")[0] for message in robot.sent] == ["州司法局"]
    assert (await Reminder.get(unit_id=UNIT_B)).dropped_at is not None


async def test_a_moved_lecture_is_reminded_of_its_new_deadline(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    lecture, robot = await turn(START), RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    await Broadcast.filter(id=lecture.id).update(starts_at=START + timedelta(days=1))
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert {each.deadline for each in await Reminder.all()} == {date(2026, 11, 26), date(2026, 11, 27)}
    assert len(robot.sent) == 2


async def test_the_bureau_is_told_at_its_desk_and_never_in_the_group(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START, plan_state=PlanState.BUREAU_REVIEW)
    robot = RememberingMessenger()
    await remind(START - timedelta(days=7), sqlite_settings, {Way.ROBOT: robot})
    assert (await Reminder.get()).kind is ReminderKind.BUREAU_REVIEW
    assert robot.sent == []


async def test_samples_drafts_and_lectures_far_away_bring_no_reminders(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START, is_sample=True)
    await turn(START, number="2026-12-2", plan_state=PlanState.DRAFT)
    await turn(START + timedelta(days=300), number="2027-10-1")
    await remind(clock.now(), sqlite_settings, {})
    assert await Reminder.all().count() == 0


async def test_of_many_only_so_many_go_out_in_one_round(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    for order in range(18):
        await turn(START, number=f"2026-12-{order + 1}")
    robot = RememberingMessenger()
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert len(robot.sent) == 15
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert len(robot.sent) == 18


async def test_what_somebody_pasted_by_hand_counts_as_delivered_with_their_name(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    await remind(clock.now(), sqlite_settings, {})
    reminder = await Reminder.get()
    assert reminder.delivered_at is None
    await sent_by_hand(reminder.id, how="微信发给联络员", by=ADMIN, now=clock.now())
    assert (await Reminder.get()).delivered_at == clock.now()
    attempt = await ReminderAttempt.get()
    assert (attempt.way, attempt.person, attempt.detail) == ("by_hand", "示例管理员", "微信发给联络员")
    with pytest.raises(NotFound):
        await sent_by_hand(uuid4(), how="", by=ADMIN, now=clock.now())


async def test_what_a_unit_has_read_at_its_desk_is_delivered_once_and_goes_out_no_more(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    robot = RememberingMessenger()
    robot.fail("群机器人没有回应")
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    reminder = await Reminder.get()
    with pytest.raises(Forbidden):
        await seen(reminder.id, unit_code=UNIT_A, by=LIAISON, now=clock.now())
    for _ in range(2):
        await seen(reminder.id, unit_code=UNIT_B, by=LIAISON, now=clock.now())
    assert await outcomes() == [("robot", Outcome.FAILED), ("seen", Outcome.DELIVERED)]
    clock.advance(minutes=30)
    await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
    assert robot.sent == []


async def test_a_text_to_paste_to_one_person_carries_a_link_of_its_own(
    house: None, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await turn(START)
    await turn(START, number="2026-12-2", plan_state=PlanState.SCHEDULED)
    await liaison()
    await remind(clock.now(), sqlite_settings, {})
    reminder = await Reminder.get(kind=ReminderKind.HAND_IN_SOON)
    text = await text_with_link(
        reminder.id, holder="示例联络员", by=ADMIN, now=clock.now(), settings=sqlite_settings
    )
    assert text.startswith(reminder.text)
    assert "24小时内有效" in text
    await remind(START - timedelta(days=1), sqlite_settings, {})
    duty = await Reminder.get(kind=ReminderKind.DUTY)
    with pytest.raises(Conflict, match="给州局自己的"):
        await text_with_link(duty.id, holder="x", by=ADMIN, now=clock.now(), settings=sqlite_settings)


async def test_after_a_lecture_the_unit_is_asked_once_for_what_is_still_open_and_not_when_it_is_done(
    house: None, sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_the_replay_is_answered_for(monkeypatch)
    reported: set[str] = set()

    @answers_for(Deadline.FEEDBACK, path="/desk/unit/{number}/gathered")
    async def is_reported(lecture: Broadcast) -> bool:
        return lecture.number in reported

    for number in ("2026-12-1", "2026-12-2"):
        await turn(
            START,
            number=number,
            plan_state=PlanState.SCHEDULED,
            air_state=AirState.ENDED,
            first_live_at=START,
            ended_at=START,
        )
    clock, robot = ManualClock(START), RememberingMessenger()
    for _ in range(14):
        await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
        clock.advance(minutes=24 * 60)
        if len(robot.sent) == 2:
            reported.add("2026-12-2")
    sent = await Reminder.all().order_by("broadcast__number")
    assert [(each.kind, each.deadline) for each in sent] == [
        (ReminderKind.FEEDBACK, date(2026, 12, 17))
    ] * 2  # T+5, and nothing of what nobody answers for
    assert len(robot.sent) == 2
    assert {each.created_at for each in sent} == {START + timedelta(days=4)}  # T+2, Monday
    assert f"{sqlite_settings.public_url}/desk/unit/2026-12-1/gathered" in sent[0].text


async def test_the_bureau_is_reminded_of_a_replay_it_has_withheld(
    house: None, sqlite_settings: Settings
) -> None:
    await turn(
        START,
        plan_state=PlanState.SCHEDULED,
        air_state=AirState.ENDED,
        first_live_at=START,
        replay_state=ReplayState.WITHHELD,
    )
    now = START + timedelta(days=1)
    await remind(now, sqlite_settings, {})
    [reminder] = await Reminder.all()
    assert (reminder.kind, reminder.addressee) == (ReminderKind.REPLAY, "bureau")
    assert "/desk/review/2026-12-1/replay" in reminder.text
