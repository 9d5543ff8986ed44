from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.settings import Settings
from schedules.deadlines import Deadline
from schedules.fulfilment import answers_for, kept_after, open_after, path_of, was_given
from schedules.models import Broadcast
from schedules.pages.turns import deadlines_shown
from schedules.queries import late
from schedules.states import AirState, Delivery, PlanState, ReplayState
from tests.support.turns import only_the_replay_is_answered_for, turn

START = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
"""Thursday 15:00."""
OVER: dict[str, Any] = {
    "plan_state": PlanState.SCHEDULED,
    "air_state": AirState.ENDED,
    "first_live_at": START,
    "ended_at": START + timedelta(minutes=15),
}


@pytest.fixture(autouse=True)
async def _house(sqlite_db: TortoiseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    await seed_sample_units()
    only_the_replay_is_answered_for(monkeypatch)


@pytest.fixture
def subtitled(_house: None) -> set[str]:
    """An area above that answers for the subtitles; gives the numbers of lectures that have theirs."""
    published: set[str] = set()

    @answers_for(Deadline.SUBTITLES, path="/desk/subtitles/{number}")
    async def are_published(lecture: Broadcast) -> bool:
        return lecture.number in published

    return published


def at(day: int, hour: int = 2) -> datetime:
    return datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


async def test_before_a_lecture_is_over_nothing_is_asked_of_it(subtitled: set[str]) -> None:
    ahead = await turn(START, plan_state=PlanState.SCHEDULED)
    live = await turn(
        START,
        number="2026-12-2",
        plan_state=PlanState.SCHEDULED,
        air_state=AirState.LIVE,
        first_live_at=START,
    )
    for lecture in (ahead, live):
        assert await kept_after(lecture, START + timedelta(days=9)) == {}


async def test_whoever_answers_for_a_deadline_says_whether_it_is_kept(subtitled: set[str]) -> None:
    lecture = await turn(START, **OVER)
    now = START + timedelta(days=1)
    assert await kept_after(lecture, now) == {Deadline.REPLAY: True, Deadline.SUBTITLES: False}
    assert await open_after(lecture, now) == {Deadline.SUBTITLES}
    subtitled.add(lecture.number)
    assert await open_after(lecture, now) == frozenset()
    assert path_of(Deadline.SUBTITLES, lecture.number) == "/desk/subtitles/2026-12-1"


async def test_what_nobody_answers_for_is_asked_of_nobody() -> None:
    lecture = await turn(START, **OVER)
    assert Deadline.FEEDBACK not in await kept_after(lecture, START + timedelta(days=30))
    with pytest.raises(KeyError):
        path_of(Deadline.FEEDBACK, lecture.number)


async def test_only_what_comes_after_a_lecture_is_answered_for_and_by_one_alone(subtitled: set[str]) -> None:
    async def another(lecture: Broadcast) -> bool:
        return True

    for deadline in (Deadline.HAND_IN, Deadline.START, Deadline.SUBTITLES):
        with pytest.raises(ValueError, match="not to be answered for"):
            answers_for(deadline, path="/")(another)


async def test_a_withheld_replay_is_open_and_a_withdrawn_one_needs_no_subtitles(subtitled: set[str]) -> None:
    now = START + timedelta(days=1)
    withheld = await turn(START, **OVER, replay_state=ReplayState.WITHHELD)
    assert await open_after(withheld, now) == {Deadline.REPLAY, Deadline.SUBTITLES}
    withdrawn = await turn(START, number="2026-12-2", **OVER, replay_state=ReplayState.WITHDRAWN)
    assert await open_after(withdrawn, now) == frozenset()


async def test_a_lecture_on_another_platform_is_given_when_its_time_has_passed(subtitled: set[str]) -> None:
    lecture = await turn(START, plan_state=PlanState.SCHEDULED, delivery=Delivery.EXTERNAL)
    assert not was_given(lecture, START + timedelta(minutes=14))
    assert was_given(lecture, START + timedelta(minutes=15))
    assert await open_after(lecture, START + timedelta(days=9)) == frozenset()  # nothing of it is here
    lecture.plan_state = PlanState.CANCELLED
    assert not was_given(lecture, START + timedelta(minutes=15))


async def test_the_desk_is_told_what_is_late_after_a_lecture(
    subtitled: set[str], sqlite_settings: Settings
) -> None:
    lecture = await turn(START, **OVER)
    assert await late(at(31), sqlite_settings) == []  # Tuesday 1 December is T+3
    [one] = await late(at(32), sqlite_settings)
    assert (one.broadcast.number, one.deadline, one.working_days) == (
        lecture.number,
        Deadline.SUBTITLES,
        1,
    )
    subtitled.add(lecture.number)
    assert await late(at(32), sqlite_settings) == []


async def test_the_list_of_days_marks_what_is_done_and_what_is_late(
    sqlite_settings: Settings, clock: ManualClock
) -> None:
    reported: list[bool] = []

    @answers_for(Deadline.FEEDBACK, path="/desk/unit/{number}/gathered")
    async def is_reported(lecture: Broadcast) -> bool:
        return bool(reported)

    lecture = await turn(START, **OVER)

    async def line(now: datetime) -> tuple[bool, bool]:
        lines = await deadlines_shown(lecture, now, sqlite_settings)
        [found] = [each for each in lines if each.label == "报集中收看情况"]
        return found.is_done, found.is_late

    assert await line(at(33)) == (False, False)  # Thursday 3 December is T+5
    assert await line(at(34)) == (False, True)
    reported.append(True)
    assert await line(at(34)) == (True, False)
