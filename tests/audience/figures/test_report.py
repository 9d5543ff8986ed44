"""The figures of a period, beside a count by hand over the raw log."""

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from tortoise.context import TortoiseContext

from audience.figures.group_figures import late_groups_of
from audience.figures.periods import Period
from audience.figures.raw_log import raw_digest, raw_line, raw_rows
from audience.figures.report import report_of
from audience.figures.report_json import report_json
from audience.figures.sealing import months_to_seal, seal
from audience.group_viewing import Viewing, report_viewing
from audience.models import Beacon, DayViews, MonthSeal
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import Delivery
from streaming.models import Publication
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.histories import BEGIN, history, lectures, play

NOVEMBER, DECEMBER = Period.of_month(date(2026, 11, 1)), Period.of_month(date(2026, 12, 1))


def count_by_hand(lines: list[str]) -> dict[tuple[str, str, str, str | None], int]:
    """An auditor's own count: (month, lecture, mode, unit) to visits, from the exported lines and nothing else."""
    kept = [line for line in map(json.loads, lines) if not line["excluded"]]
    by_viewer: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
    for line in kept:
        if any(end > start for start, end in line["ranges_ms"]):
            by_viewer[(line["broadcast"], line["mode"], line["viewer"])].append(line)
    found: defaultdict[tuple[str, str, str, str | None], int] = defaultdict(int)
    for (lecture, mode, _), beacons in by_viewer.items():
        times = [_seconds(beacon["received_at"]) for beacon in beacons]
        starts = [0, *(place for place, (a, b) in enumerate(pairwise(times), 1) if b - a > 1800)]
        for first, after in pairwise([*starts, len(beacons)]):
            visit = beacons[first:after]
            seen = {ms for beacon in visit for start, end in beacon["ranges_ms"] for ms in range(start, end)}
            unit, by = visit[0]["unit"], visit[0]["unit_by"]
            for beacon in visit[1:]:
                if beacon["unit_by"] == "choice" and by != "login":
                    unit, by = beacon["unit"], "choice"
            if len(seen) >= 30_000:
                month = _china_day(visit[0]["received_at"])[:7]
                found[(month, lecture, mode, unit)] += 1
    return dict(found)


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


def _china_day(stamp: str) -> str:
    return (datetime.fromisoformat(stamp) + timedelta(hours=8)).date().isoformat()


async def test_the_report_is_what_an_auditor_counts_from_the_exported_log(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]
    await play(history(5, numbers, beacons=200), db_settings, random.Random(5))
    by_hand = count_by_hand([raw_line(row) async for row in raw_rows()])
    reported = {}
    for name, period in (("2026-11", NOVEMBER), ("2026-12", DECEMBER)):
        for lecture in (await report_of(period)).lectures:
            for figures in lecture.units:
                for mode, views in (("live", figures.live), ("replay", figures.replay)):
                    if views:
                        reported[(name, lecture.number, mode, figures.unit)] = views
    assert reported == by_hand
    assert sum(by_hand.values()) > 10
    assert len({month for month, *_ in by_hand}) == 2


async def given(lecture: Broadcast, seconds: float, **changes: Any) -> None:
    await Broadcast.filter(id=lecture.id).update(**changes)
    await Publication.create(
        broadcast_id=lecture.id, ordinal=1, peer="", started_at=BEGIN, received_seconds=seconds
    )


async def test_only_what_was_given_live_for_five_minutes_counts_as_a_live_lecture(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    long, short, film, elsewhere = await lectures(clock, 4)
    await given(long, 300)
    await given(short, 299.9)
    await given(film, 900, delivery=Delivery.PREMIERE)
    await given(elsewhere, 900, delivery=Delivery.EXTERNAL)
    report = await report_of(NOVEMBER)
    assert [lecture.number for lecture in report.lectures if lecture.is_live_lecture] == [long.number]
    assert report_json(report)["totals"]["lectures"] == 1


async def test_group_viewing_stands_apart_and_a_correction_takes_the_place_of_what_it_corrects(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    viewing = Viewing(sessions=2, people=35, watched_on=date(2026, 11, 30))
    options: dict[str, Any] = {"by": SYSTEM, "now": BEGIN + timedelta(hours=1), "settings": sqlite_settings}
    first = await report_viewing(lecture.number, UNIT_B, viewing, seen=None, **options)
    more = Viewing(sessions=3, people=50, watched_on=date(2026, 11, 30))
    await report_viewing(lecture.number, UNIT_B, more, seen=str(first.id), reason="漏报一场", **options)
    total = (await report_of(NOVEMBER)).total
    assert (total.group_sessions, total.group_people, total.online) == (3, 50, 0)


async def test_units_stand_in_the_official_order_and_the_public_last(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    for place, (unit, views) in enumerate(((None, 9), (UNIT_B, 5), (UNIT_A, 1))):
        await DayViews.create(
            day=date(2026, 11, 30),
            broadcast_id=lecture.id,
            mode="live",
            unit_code=unit or "",
            views=views + place,
        )
    [figures] = (await report_of(NOVEMBER)).lectures
    assert [unit.unit for unit in figures.units] == [UNIT_A, UNIT_B, None]


async def test_a_month_is_sealed_on_its_fifth_working_day_with_the_digest_of_its_log(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]
    await play(history(3, numbers), sqlite_settings, random.Random(3))
    before_day = datetime(2026, 12, 6, 12, tzinfo=UTC)  # a Sunday: four working days of December are over
    assert await months_to_seal(before_day) == []
    day = datetime(2026, 12, 7, 1, tzinfo=UTC)
    assert await months_to_seal(day) == [NOVEMBER.first]
    sealed = await seal(NOVEMBER.first, day)
    lines, digest = await raw_digest(NOVEMBER.first, NOVEMBER.last)
    assert (sealed.raw_lines, sealed.raw_sha256) == (lines, digest)
    assert sealed.figures == report_json(await report_of(NOVEMBER))
    assert await AuditEntry.filter(action="audience.month_sealed").count() == 1
    assert await months_to_seal(day) == []
    assert (await seal(NOVEMBER.first, day + timedelta(days=1))).sealed_at == sealed.sealed_at
    assert await MonthSeal.all().count() == 1


async def test_what_comes_after_the_seal_is_told_apart_and_changes_no_figure(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    await DayViews.create(
        day=date(2026, 11, 30), broadcast_id=lecture.id, mode="live", unit_code=UNIT_A, views=7
    )
    day = datetime(2026, 12, 7, 1, tzinfo=UTC)
    await seal(NOVEMBER.first, day)
    viewing = Viewing(sessions=1, people=20, watched_on=date(2026, 11, 30))
    row = await report_viewing(
        lecture.number,
        UNIT_A,
        viewing,
        seen=None,
        by=SYSTEM,
        now=day + timedelta(hours=1),
        settings=sqlite_settings,
    )
    assert row.is_late
    assert (await report_of(NOVEMBER)).total.group_people == 0
    assert await Beacon.all().count() == 0


async def test_a_correction_after_the_seal_leaves_the_sealed_figure_as_it_was(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    options: dict[str, Any] = {"by": SYSTEM, "settings": sqlite_settings}
    viewing = Viewing(sessions=2, people=35, watched_on=date(2026, 11, 30))
    seen = await report_viewing(
        lecture.number, UNIT_B, viewing, seen=None, now=BEGIN + timedelta(hours=1), **options
    )
    sealed_on = datetime(2026, 12, 7, 1, tzinfo=UTC)
    await seal(NOVEMBER.first, sealed_on)
    for hours, people, day in ((1, 50, date(2026, 11, 30)), (2, 60, date(2026, 12, 1))):
        seen = await report_viewing(
            lecture.number,
            UNIT_B,
            Viewing(sessions=3, people=people, watched_on=day),
            seen=str(seen.id),
            reason="漏报一场",
            now=sealed_on + timedelta(hours=hours),
            **options,
        )
    assert (await report_of(NOVEMBER)).total.group_people == 35
    assert (await report_of(DECEMBER)).total.group_people == 0
    assert [row.people for row in await late_groups_of(DECEMBER)] == [60]
