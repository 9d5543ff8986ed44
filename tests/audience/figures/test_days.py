"""收看人数（估算）of a day: each browser once, over all lectures, and no figure where the log does not reach."""

import random
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from audience.counting.visits import UnitBy
from audience.figures.days import days_of
from audience.figures.lecture import lecture_audience
from audience.figures.periods import Period
from audience.figures.raw_log import raw_line, raw_rows
from audience.intake.committing import commit_batch
from audience.intake.offer import Offer
from audience.intake.reading import SentBeacon
from audience.models import Exclusion, MonthSeal
from audience.retention import forget_old_beacons
from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from tests.support.by_hand import day_viewers
from tests.support.cast import UNIT_A
from tests.support.histories import BEGIN, SECRET, history, lectures, play

BOTH_MONTHS = Period(date(2026, 11, 1), date(2026, 12, 31))
LAST_DAY, NEXT_DAY = date(2026, 11, 30), date(2026, 12, 1)


def watched(lecture: Broadcast, browser: str, at: datetime, seconds: int = 31) -> Offer:
    sent = SentBeacon(
        visit=uuid4(), seq=0, broadcast=lecture.number, mode="live", ranges=[(0, seconds)], visible=True, sent_at=at
    )  # fmt: skip
    return Offer(sent, at, browser, UNIT_A, UnitBy.LINK, Exclusion.NONE)


async def viewers() -> dict[date, tuple[int, int | None]]:
    return {each.day: (each.online, each.viewers) for each in await days_of(BOTH_MONTHS)}


async def test_a_browser_is_one_viewer_of_the_day_whatever_it_watched_and_another_one_the_day_after(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    one, two = await lectures(clock)
    offers = [
        watched(one, "x", BEGIN),
        watched(two, "x", BEGIN),
        watched(two, "y", BEGIN),
        watched(one, "z", BEGIN, seconds=29),  # no view yet
        watched(one, "x", BEGIN + timedelta(hours=3)),
    ]
    await commit_batch(offers, SECRET, sqlite_settings)
    assert await viewers() == {LAST_DAY: (3, 2), NEXT_DAY: (1, 1)}


@pytest.mark.parametrize("seed", range(3))
async def test_viewers_of_days_are_what_an_auditor_counts_from_the_exported_log(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock, seed: int
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]
    await play(history(seed, numbers), db_settings, random.Random(seed))
    by_hand = day_viewers([raw_line(row) async for row in raw_rows()])
    assert by_hand
    assert {each.day: each.viewers for each in await days_of(BOTH_MONTHS)} == by_hand


async def sealed(month: date) -> None:
    await MonthSeal.create(
        month=month, sealed_at=BEGIN + timedelta(hours=1), definition=1, raw_lines=1, raw_sha256="", figures={}
    )  # fmt: skip


async def test_what_comes_after_the_seal_changes_neither_views_nor_viewers(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    before, after = watched(lecture, "x", BEGIN), watched(lecture, "y", BEGIN + timedelta(minutes=70))
    await commit_batch([before], SECRET, sqlite_settings)
    await sealed(LAST_DAY.replace(day=1))
    await commit_batch([after], SECRET, sqlite_settings)
    assert await viewers() == {LAST_DAY: (1, 1)}
    audience = await lecture_audience(lecture)
    assert (audience.late, audience.viewers, audience.total.online) == (1, 1, 1)


async def test_a_day_of_which_only_what_ran_over_midnight_is_kept_has_no_viewers_any_more(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    midnight = BEGIN + timedelta(hours=2)
    early = watched(lecture, "x", BEGIN)
    over = watched(lecture, "y", midnight - timedelta(minutes=1))
    on = Offer(
        over.beacon.model_copy(update={"seq": 1, "ranges": [(31, 60)]}),
        midnight + timedelta(minutes=1), "y", UNIT_A, UnitBy.LINK, Exclusion.NONE,
    )  # fmt: skip
    await commit_batch([early, over, on], SECRET, sqlite_settings)
    await commit_batch([watched(lecture, "z", midnight + timedelta(hours=9))], SECRET, sqlite_settings)
    assert (await viewers())[LAST_DAY] == (2, 2)
    await sealed(LAST_DAY.replace(day=1))
    gone = await forget_old_beacons(BEGIN + timedelta(days=750), sqlite_settings)
    assert gone == 2
    assert await viewers() == {LAST_DAY: (2, None), NEXT_DAY: (1, 1)}
    audience = await lecture_audience(lecture)
    assert audience.kept_since == NEXT_DAY
    assert [each.viewers for each in audience.days] == [None, 1]
