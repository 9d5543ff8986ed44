"""排期表: the year's plan as the rows of an official table. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.clock import CHINA
from core.web.text import zh_date, zh_datetime, zh_time, zh_weekday
from schedules.models import Broadcast
from schedules.states import PlanState

COLUMNS = ("期次", "月份", "拟播时间", "单位", "主题", "主讲人", "联络员", "收看对象")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The cells of one lecture, in the order of COLUMNS. Empty: nobody has said yet."""

    number: str
    month: str
    when: str
    unit: str
    topic: str
    lecturer: str
    liaison: str
    audience: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.number,
            self.month,
            self.when,
            self.unit,
            self.topic,
            self.lecturer,
            self.liaison,
            self.audience,
        )


@dataclass(frozen=True, slots=True)
class PlannedLecture:
    """What the table is told of one lecture. starts_at None: postponed, or not fixed yet; first_starts_at: 原定."""

    number: str
    starts_at: datetime | None
    first_starts_at: datetime | None
    state: PlanState
    unit: str
    topic: str
    lecturer: str
    liaisons: tuple[str, ...]
    audience: str
    running_number: int | None = None

    @property
    def place(self) -> datetime | None:
        """Where in the year it stands: without a day of its own, where it was meant for."""
        return self.starts_at or self.first_starts_at


@dataclass(frozen=True, slots=True)
class PlanTable:
    """title: also the name of the file. notes: what stands below the table."""

    title: str
    rows: list[PlanRow]
    notes: list[str]


def planned_lecture(lecture: Broadcast, liaisons: Iterable[str]) -> PlannedLecture:
    """lecture comes with its unit loaded."""
    return PlannedLecture(
        number=lecture.number,
        starts_at=lecture.starts_at,
        first_starts_at=lecture.first_starts_at,
        state=lecture.plan_state,
        unit=lecture.unit_name or lecture.unit.name,
        topic=lecture.title,
        lecturer=" ".join(filter(None, (lecture.lecturer_name, lecture.lecturer_post))),
        liaisons=tuple(liaisons),
        audience=lecture.audience,
        running_number=lecture.running_number,
    )


def plan_table(
    year: int,
    lectures: Iterable[PlannedLecture],
    *,
    site: str,
    printed_at: datetime,
    calendar_note: str | None,
) -> PlanTable:
    """lectures: of one year, in any order. calendar_note: of a year that is not announced."""
    whole = sorted(lectures, key=lambda each: (each.place is None, each.place, each.number))
    drafts = sum(each.state is PlanState.DRAFT for each in whole)
    notes = [f"制表时间：{zh_datetime(printed_at)}。共 {len(whole)} 期。"]
    if drafts:
        notes.append(f"其中 {drafts} 期还是草案，没有下达，编号、单位和时间都可能变动。")
    if calendar_note:
        notes.append(calendar_note)
    return PlanTable(f"{year}年{site}直播安排表", [_row(each) for each in whole], notes)


def _row(lecture: PlannedLecture) -> PlanRow:
    return PlanRow(
        number=lecture.number + (f"\n第{lecture.running_number}期" if lecture.running_number else ""),
        month=f"{lecture.place.astimezone(CHINA).month}月" if lecture.place else "",
        when=_when(lecture),
        unit=lecture.unit,
        topic=lecture.topic,
        lecturer=lecture.lecturer,
        liaison="、".join(lecture.liaisons),
        audience=lecture.audience,
    )


def _when(lecture: PlannedLecture) -> str:
    first = lecture.first_starts_at or lecture.starts_at
    was = f"\n（原定{zh_date(first)}）" if first else ""
    if lecture.state is PlanState.CANCELLED:
        return f"已取消{was}"
    if lecture.state is PlanState.POSTPONED:
        return f"时间另定{was}"
    if lecture.starts_at is None:
        return "时间待定"
    day, weekday = zh_date(lecture.starts_at), zh_weekday(lecture.starts_at)
    now = f"{day}\n（{weekday}）{zh_time(lecture.starts_at)}"
    return now if first == lecture.starts_at else now + was
