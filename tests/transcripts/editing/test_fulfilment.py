"""T+3: subtitles that are not published are reminded of and shown late, until they are out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.jobs import load_areas
from core.messengers import RememberingMessenger, Way
from core.settings import Settings
from schedules.deadlines import Deadline
from schedules.fulfilment import kept_after, open_after, path_of
from schedules.models import Broadcast, Reminder
from schedules.queries import late
from schedules.reminders.rules import ReminderKind
from schedules.reminders.sending import remind
from schedules.states import AirState, PlanState, ReplayState
from tests.support.published_subtitles import cues, published
from tests.support.turns import turn
from transcripts.models import Recognition, Transcript

START = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
"""Thursday 15:00; T+3 is Tuesday, 1 December."""


@pytest.fixture(autouse=True)
async def _house(sqlite_db: TortoiseContext) -> None:
    load_areas()  # as every process does
    await seed_sample_units()


async def given(number: str = "2026-11-1", **values: Any) -> Broadcast:
    over: dict[str, Any] = {
        "plan_state": PlanState.SCHEDULED,
        "air_state": AirState.ENDED,
        "first_live_at": START,
        "ended_at": START + timedelta(minutes=15),
        "replay_state": ReplayState.PUBLIC,
    }
    return await turn(START, number=number, title="行政复议法解读", **(over | values))


async def put_out(lecture: Broadcast) -> None:
    await published(lecture, cues("今天讲行政复议法"), now=START)


async def test_they_are_asked_for_until_they_are_published() -> None:
    lecture = await given()
    now = START + timedelta(days=1)
    assert Deadline.SUBTITLES in await open_after(lecture, now)
    assert path_of(Deadline.SUBTITLES, lecture.number) == f"/desk/subtitles/{lecture.number}"
    await put_out(lecture)
    assert (await kept_after(lecture, now))[Deadline.SUBTITLES]


@pytest.mark.parametrize("recognition", [Recognition.NO_SPEECH, Recognition.NO_AUDIO])
async def test_where_nothing_was_said_nothing_is_asked_for_but_where_people_brought_words_it_is(
    recognition: Recognition,
) -> None:
    lecture = await given()
    transcript = await Transcript.create(
        broadcast_id=lecture.id, recognition=recognition, created_at=START, changed_at=START
    )
    assert Deadline.SUBTITLES not in await open_after(lecture, START + timedelta(days=1))
    transcript.draft_version = 1
    await transcript.save()
    assert Deadline.SUBTITLES in await open_after(lecture, START + timedelta(days=1))


async def test_the_bureau_is_reminded_at_t_plus_3_of_those_alone_that_are_not_out(
    sqlite_settings: Settings,
) -> None:
    lecture, other = await given(), await given("2026-11-2")
    await put_out(other)
    clock, robot = ManualClock(START), RememberingMessenger()
    for _ in range(10):
        await remind(clock.now(), sqlite_settings, {Way.ROBOT: robot})
        clock.advance(minutes=24 * 60)
    reminders = await Reminder.filter(kind=ReminderKind.SUBTITLES)
    assert [(each.broadcast_id, each.deadline) for each in reminders] == [(lecture.id, date(2026, 12, 1))]
    assert "字幕还没有校对发布" in reminders[0].text
    assert f"{sqlite_settings.public_url}/desk/subtitles/{lecture.number}" in reminders[0].text


async def test_they_are_late_from_the_day_after_t_plus_3_and_no_more_once_they_are_out(
    sqlite_settings: Settings,
) -> None:
    lecture = await given()
    day = date(2026, 12, 1)

    async def late_days(now: datetime) -> list[date]:
        return [each.day for each in await late(now, sqlite_settings) if each.deadline is Deadline.SUBTITLES]

    assert await late_days(datetime(2026, 12, 1, 12, tzinfo=UTC)) == []
    assert await late_days(datetime(2026, 12, 2, 2, tzinfo=UTC)) == [day]
    await put_out(lecture)
    assert await late_days(datetime(2026, 12, 2, 2, tzinfo=UTC)) == []
