"""A year with figures at every place: two lectures a month, all units, one lecture watched passage by passage."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts.models import Unit
from accounts.queries import units
from audience.figures.periods import next_month
from audience.models import DayViews, EarlierYear, GroupViewing, MinuteViewers, MonthSeal, Visit
from core.clock import CHINA
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from streaming.models import Publication

TOPICS = (
    "欠薪怎么办",
    "乡村振兴如何依法用地",
    "未成年人防溺水与监护责任",
    "反电信网络诈骗法",
    "食品安全小作坊",
)


@dataclass(frozen=True, slots=True)
class BusyFigures:
    """watched: number of the lecture with visits, minutes and days. host: code of the unit that gave it."""

    year: int
    watched: str
    host: str


async def furnish_figures(today: date, now: datetime, lectures: int = 24) -> BusyFigures:
    """Of the year of today, up to today."""
    everyone = await units()
    first = date(today.year, 1, 1)
    made = []
    for place in range(lectures):
        day = first + (today - first) * place // lectures
        made.append(await _lecture(everyone[place % len(everyone)], TOPICS[place % len(TOPICS)], day, now))
        await _views(made[-1], everyone, day, today, place)
    await _watched(made[-1], now)
    await EarlierYear.create(
        year=2022,
        lectures=24,
        views=20_000,
        is_at_least=True,
        source="当年新闻报道：全年直播普法24次，收看超2万人次",
        entered_by="示例管理员",
        entered_at=now,
    )
    month = first
    while next_month(next_month(month)) <= today:
        await MonthSeal.create(
            month=month,
            sealed_at=datetime.combine(next_month(month), time(1), CHINA),
            definition=1,
            raw_lines=1000,
            raw_sha256="5f" * 32,
            figures={},
        )
        month = next_month(month)
    return BusyFigures(today.year, made[-1].number, made[-1].unit_id)


async def _lecture(unit: Unit, title: str, day: date, now: datetime) -> Broadcast:
    lecture = await create_broadcast(NewBroadcast(title=title, unit_code=unit.code), now=now)
    lecture.starts_at = lecture.first_starts_at = datetime.combine(day, time(15), CHINA)
    lecture.first_live_at = lecture.starts_at + timedelta(minutes=1)
    lecture.ended_at = lecture.starts_at + timedelta(minutes=17)
    lecture.lecturer_name, lecture.lecturer_post = "示例讲师A", "示例处室"
    lecture.air_state = AirState.ENDED
    await lecture.save()
    await Publication.create(
        broadcast_id=lecture.id,
        ordinal=1,
        peer="",
        started_at=lecture.first_live_at,
        received_seconds=960,
    )
    return lecture


async def _views(lecture: Broadcast, everyone: list[Unit], day: date, today: date, place: int) -> None:
    rows = []
    codes = [unit.code for unit in everyone if (int(unit.code) + place) % 3] + [""]
    for code in codes:
        views = 3 + (int(code or 7) * 7 + place * 11) % 40
        rows.append((day, "live", code, views))
        rows.append((min(today, day + timedelta(days=2)), "replay", code, views // 2))
    await DayViews.bulk_create(
        [
            DayViews(day=on, broadcast_id=lecture.id, mode=mode, unit_code=code, views=views)
            for on, mode, code, views in rows
        ]
    )
    await GroupViewing.create(
        broadcast_id=lecture.id,
        unit_id=lecture.unit_id,
        unit_name="",
        sessions=1 + place % 3,
        people=30 + place,
        watched_on=day,
        reported_by="示例联络员",
        actor="user:0",
        reported_at=lecture.ended_at,
    )


async def _watched(lecture: Broadcast, now: datetime) -> None:
    """Four in ten leave after the third minute."""
    assert lecture.first_live_at is not None
    day = lecture.first_live_at.astimezone(CHINA).date()
    await Visit.bulk_create(
        [
            Visit(
                broadcast_id=lecture.id,
                mode="live" if number % 3 else "replay",
                viewer=UUID(int=number % 150).hex,
                day_viewer=UUID(int=number % 120).hex,
                unit_by="nobody",
                day=day,
                began_at=now,
                played_at=now,
                spans=[[0, 180_000 if number % 5 < 2 else 960_000 - 2000 * number]],
                played_ms=180_000,
                counted_at=now,
                definition=1,
                stalls=2 if number % 9 == 0 else 0,
                latency_sum_ms=7500 if number % 3 else 0,
                latency_count=3 if number % 3 else 0,
                captions=number % 4 == 0,
            )
            for number in range(200)
        ]
    )
    await MinuteViewers.bulk_create(
        [
            MinuteViewers(
                broadcast_id=lecture.id,
                minute=lecture.first_live_at.replace(second=0) + timedelta(minutes=minute),
                viewers=120 - (minute - 4) ** 2,
            )
            for minute in range(14)
        ]
    )
