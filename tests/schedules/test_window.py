from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.settings import Settings, load_settings
from schedules.models import Broadcast
from schedules.states import AirState
from schedules.window import (
    Allowed,
    Ended,
    PublishWindow,
    TooEarly,
    closing_time,
    ending_time,
    planned_end,
    publish_window,
    reopen_deadline,
)

START = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
"""15:00 in China, for 15 minutes; the key reopens it until 15:45."""


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


def lecture(state: AirState = AirState.SCHEDULED, **values: Any) -> Broadcast:
    return Broadcast(**({"starts_at": START, "planned_minutes": 15, "air_state": state} | values))


@pytest.fixture
def settings() -> Settings:
    return load_settings()


@pytest.mark.parametrize(
    ("broadcast", "now", "expected"),
    [
        (lecture(), minutes(-31), TooEarly(minutes(-30))),
        (lecture(), minutes(-30), Allowed()),
        (lecture(), minutes(0), Allowed()),
        (lecture(), minutes(300), Allowed()),  # late is better than lost
        (lecture(starts_at=None), minutes(-9999), Allowed()),
        (lecture(AirState.LIVE, first_live_at=minutes(-5)), minutes(300), Allowed()),
        (lecture(AirState.INTERRUPTED, first_live_at=minutes(0)), minutes(300), Allowed()),
        (lecture(AirState.CLOSED, first_live_at=minutes(0)), minutes(45), Allowed()),
        (lecture(AirState.CLOSED, first_live_at=minutes(0)), minutes(45.1), Ended()),
        (lecture(AirState.CLOSED, first_live_at=minutes(60)), minutes(105), Allowed()),
        (lecture(AirState.CLOSED, first_live_at=minutes(60)), minutes(105.1), Ended()),
        (lecture(AirState.ENDED), minutes(0), Ended()),
        (lecture(AirState.LIVE, end_requested_at=minutes(1)), minutes(2), Ended()),
        (lecture(end_requested_at=minutes(-60)), minutes(-60), Ended()),
    ],
)
def test_who_may_publish_when(
    settings: Settings, broadcast: Broadcast, now: datetime, expected: PublishWindow
) -> None:
    assert publish_window(broadcast, now, settings) == expected


@pytest.mark.parametrize(
    ("broadcast", "end"),
    [
        (lecture(), minutes(15)),
        (lecture(first_live_at=minutes(-20)), minutes(15)),  # begun early: the planned end stays
        (lecture(first_live_at=minutes(10)), minutes(25)),
        (lecture(starts_at=None, first_live_at=minutes(3)), minutes(18)),
        (lecture(starts_at=None), None),
    ],
)
def test_the_planned_end_counts_from_the_later_of_plan_and_beginning(
    settings: Settings, broadcast: Broadcast, end: datetime | None
) -> None:
    assert planned_end(broadcast) == end
    assert reopen_deadline(broadcast, settings) == (end and end + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("broadcast", "end"),
    [
        (lecture(), None),
        (lecture(AirState.LIVE, first_live_at=minutes(0)), None),
        (lecture(AirState.CLOSED, first_live_at=minutes(0)), minutes(45)),
        (lecture(AirState.INTERRUPTED, first_live_at=minutes(0), interrupted_at=minutes(20)), minutes(45)),
        (lecture(AirState.INTERRUPTED, first_live_at=minutes(0), interrupted_at=minutes(60)), minutes(62)),
        (lecture(AirState.ENDED, first_live_at=minutes(0)), None),
    ],
)
def test_a_lecture_off_the_air_ends_at_its_deadline_but_has_its_grace_first(
    settings: Settings, broadcast: Broadcast, end: datetime | None
) -> None:
    assert ending_time(broadcast, settings) == end


def test_the_limits_are_settings() -> None:
    strict = load_settings(early_publish_minutes=5, reopen_minutes=0, interruption_grace_seconds=30)
    assert publish_window(lecture(), minutes(-6), strict) == TooEarly(minutes(-5))
    closed = lecture(AirState.CLOSED, first_live_at=minutes(0))
    assert publish_window(closed, minutes(15.1), strict) == Ended()
    assert closing_time(START, strict) == minutes(0.5)
