"""The live comes first: half an hour before a lecture until its end recognition rests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.settings import load_settings
from schedules.models import Broadcast
from schedules.states import AirState, Delivery, PlanState
from transcripts.recognition.live_first import live_first

START = datetime(2026, 11, 24, 7, tzinfo=UTC)


def lecture(number: str = "2026-11-1", **values: Any) -> Broadcast:
    planned = {
        "title": number,
        "starts_at": START,
        "planned_minutes": 15,
        "plan_state": PlanState.SCHEDULED,
        "air_state": AirState.SCHEDULED,
    }
    return Broadcast(number=number, **{**planned, **values})


@pytest.mark.parametrize(
    ("minutes", "rests"),
    [
        pytest.param(-31, False, id="31 minutes before"),
        pytest.param(-30, True, id="30 minutes before"),
        pytest.param(0, True, id="at the start"),
        pytest.param(14, True, id="it has not begun yet"),
        pytest.param(15, False, id="it never began, and its time is over"),
    ],
)
def test_from_half_an_hour_before_until_the_planned_end(minutes: int, rests: bool) -> None:
    found = live_first([lecture()], START + timedelta(minutes=minutes), load_settings())
    assert (found is not None) is rests
    if found is not None:
        assert found.starts_at == START


@pytest.mark.parametrize(
    ("values", "rests"),
    [
        pytest.param({"air_state": AirState.LIVE}, True, id="on the air"),
        pytest.param({"air_state": AirState.INTERRUPTED}, True, id="interrupted"),
        pytest.param({"air_state": AirState.LIVE, "starts_at": None}, True, id="on the air without a plan"),
        pytest.param({"air_state": AirState.CLOSED}, True, id="its encoder has gone, and may come back"),
        pytest.param({"air_state": AirState.ENDED}, False, id="ended"),
        pytest.param({"air_state": AirState.LIVE, "is_sample": True}, False, id="the sample lecture"),
        pytest.param({"delivery": Delivery.EXTERNAL}, False, id="given on another platform"),
        pytest.param({"plan_state": PlanState.DRAFT}, False, id="only a draft"),
        pytest.param({"end_requested_at": START}, False, id="it is being ended"),
        pytest.param({"starts_at": None}, False, id="no day yet"),
    ],
)
def test_only_a_lecture_that_needs_the_machine_counts(values: dict[str, Any], rests: bool) -> None:
    assert (live_first([lecture(**values)], START, load_settings()) is not None) is rests


def test_what_is_on_the_air_comes_before_what_is_near_and_that_in_its_order() -> None:
    later = lecture("2026-11-2", starts_at=START + timedelta(minutes=20))
    on_air = lecture("2026-11-3", air_state=AirState.LIVE)
    settings = load_settings()
    for lectures, number in (([later, on_air, lecture()], "2026-11-3"), ([later, lecture()], "2026-11-1")):
        found = live_first(lectures, START, settings)
        assert found is not None
        assert found.number == number


def test_the_bureau_may_have_it_otherwise() -> None:
    on_air = lecture(air_state=AirState.LIVE)
    assert live_first([on_air], START, load_settings(speech_live_first=False)) is None
    soon = START - timedelta(minutes=45)
    assert live_first([lecture()], soon, load_settings()) is None
    assert live_first([lecture()], soon, load_settings(speech_pause_minutes=60)) is not None
