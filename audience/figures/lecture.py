"""The figures of one lecture: views, viewers (估算), the live minute by minute, and which passages were played."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from accounts.queries import units as all_units
from audience.counting.spans import Span
from audience.counting.visits import Mode
from audience.figures.days import DayFigures, visits_kept_since
from audience.figures.passages import Passage, retention_curve
from audience.figures.report import UnitFigures, total_of
from audience.models import DayViews, GroupViewing, MinuteViewers, Visit
from core.clock import CHINA
from schedules.models import Broadcast
from streaming.models import Publication


@dataclass(frozen=True, slots=True)
class MinutePoint:
    minute: datetime
    viewers: int


@dataclass(frozen=True, slots=True)
class Playback:
    """How well it played, over visits that count. stalled: visits whose picture stood still at least once; stalls:
    how often in all. latency_ms: of live visits, on average; None where none told. captions: visits that had them on.
    """

    visits: int
    stalled: int
    stalls: int
    latency_ms: int | None
    captions: int

    @property
    def stalled_share(self) -> int:
        """Of the visits, in per cent."""
        return round(100 * self.stalled / self.visits) if self.visits else 0

    @property
    def captions_share(self) -> int:
        return round(100 * self.captions / self.visits) if self.visits else 0


@dataclass(frozen=True, slots=True)
class UnitRow:
    """name: of the 收看单位; 社会公众 for code None."""

    code: str | None
    name: str
    figures: UnitFigures


@dataclass(frozen=True, slots=True)
class LectureAudience:
    """units: 收看单位 in the official order, 社会公众 last. late: 补计, in no other figure. Once visits are no longer
    kept (as long as the raw log), viewers and playback are None and passages are empty; views stay.
    kept_since: of a lecture that is older than the visits that are kept, the first day that viewers, playback and
    passages tell of; else None.
    """

    units: list[UnitRow]
    days: list[DayFigures]
    minutes: list[MinutePoint]
    passages: list[Passage]
    viewers: int | None
    live_viewers: int | None
    replay_viewers: int | None
    late: int
    playback: Playback | None
    kept_since: date | None = None

    @property
    def total(self) -> UnitFigures:
        return total_of(row.figures for row in self.units)

    @property
    def peak(self) -> MinutePoint | None:
        """The first of the minutes with most viewers."""
        return max(self.minutes, key=lambda point: (point.viewers, -point.minute.timestamp()), default=None)

    @property
    def lost_at(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.marked]


async def lecture_audience(lecture: Broadcast) -> LectureAudience:
    units, days, late = await _views(lecture.id)
    visits = await _counted(lecture.id).values_list("mode", "viewer", "day", "spans")
    spans: dict[Mode, list[list[Span]]] = {Mode.LIVE: [], Mode.REPLAY: []}
    viewers: dict[Mode, set[str]] = {Mode.LIVE: set(), Mode.REPLAY: set()}
    by_day: defaultdict[date, set[str]] = defaultdict(set)
    for mode, viewer, day, played in visits:
        spans[Mode(mode)].append([(start, end) for start, end in played])
        viewers[Mode(mode)].add(viewer)
        by_day[day].add(viewer)
    since = await visits_kept_since()
    for of_day in days:
        if of_day.day in by_day and (since is None or of_day.day >= since):
            of_day.viewers = len(by_day[of_day.day])
    minutes = await MinuteViewers.filter(broadcast_id=lecture.id).order_by("minute")
    kept = bool(visits)
    return LectureAudience(
        units=units,
        days=days,
        minutes=[MinutePoint(row.minute, row.viewers) for row in minutes],
        passages=retention_curve(spans[Mode.LIVE], spans[Mode.REPLAY], await _length_ms(lecture)),
        viewers=len(viewers[Mode.LIVE] | viewers[Mode.REPLAY]) if kept else None,
        live_viewers=len(viewers[Mode.LIVE]) if kept else None,
        replay_viewers=len(viewers[Mode.REPLAY]) if kept else None,
        late=late,
        playback=await _playback(lecture.id),
        kept_since=since if kept and since is not None and _began_before(lecture, since) else None,
    )


def _began_before(lecture: Broadcast, day: date) -> bool:
    began = lecture.first_live_at
    return began is not None and began.astimezone(CHINA).date() < day


def _counted(broadcast_id: UUID) -> QuerySet[Visit]:
    """Visits that stand in figures: 补计 is in none."""
    return Visit.filter(broadcast_id=broadcast_id, counted_at__isnull=False, is_late=False)


async def _playback(broadcast_id: UUID) -> Playback | None:
    rows = (
        await _counted(broadcast_id)
        .annotate(
            visits=Count("id"),
            all_stalls=Sum("stalls"),
            behind=Sum("latency_sum_ms"),
            told=Sum("latency_count"),
        )
        .group_by("captions")
        .values_list("captions", "visits", "all_stalls", "behind", "told")
    )
    if not rows:
        return None
    told = sum(row[4] for row in rows)
    return Playback(
        visits=sum(row[1] for row in rows),
        stalled=await _counted(broadcast_id).filter(stalls__gt=0).count(),
        stalls=sum(row[2] for row in rows),
        latency_ms=sum(row[3] for row in rows) // told if told else None,
        captions=sum(row[1] for row in rows if row[0]),
    )


async def _views(broadcast_id: UUID) -> tuple[list[UnitRow], list[DayFigures], int]:
    figures: dict[str, UnitFigures] = {}
    days: dict[date, DayFigures] = {}
    late = 0
    for row in await DayViews.filter(broadcast_id=broadcast_id).order_by("day"):
        of_unit = figures.setdefault(row.unit_code, UnitFigures(row.unit_code or None))
        of_day = days.setdefault(row.day, DayFigures(row.day))
        late += row.late
        of_day.add(row.mode, row.views)
        if row.mode is Mode.LIVE:
            of_unit.live += row.views
        else:
            of_unit.replay += row.views
    for code, sessions, people in (
        await GroupViewing.filter(broadcast_id=broadcast_id, replaced_at__isnull=True)
        .annotate(all_sessions=Sum("sessions"), all_people=Sum("people"))
        .group_by("unit_id")
        .values_list("unit_id", "all_sessions", "all_people")
    ):
        of_unit = figures.setdefault(code, UnitFigures(code))
        of_unit.group_sessions += sessions
        of_unit.group_people += people
    found = [
        UnitRow(unit.code, unit.name, figures[unit.code])
        for unit in await all_units()
        if unit.code in figures
    ]
    if "" in figures:
        found.append(UnitRow(None, "社会公众", figures[""]))
    return found, list(days.values()), late


async def _length_ms(lecture: Broadcast) -> int:
    rows: list[float] = await Publication.filter(broadcast_id=lecture.id).values_list(  # type: ignore[assignment]
        "received_seconds", flat=True
    )
    return round(sum(rows) * 1000)
