"""排期表: the year's plan as the rows of an official table. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clock import CHINA
from core.web.text import zh_date, zh_datetime, zh_time, zh_weekday
from schedules.models import Broadcast
from schedules.states import PlanState

COLUMNS = ("期次", "月份", "拟播时间", "单位", "主题", "主讲人", "联络员", "收看对象")
NOT_YET = "待报送"
"""In the place of what the unit has still to hand in."""


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
class PlanTable:
    """title: also the name of the file. notes: what stands below the table."""

    title: str
    rows: list[PlanRow]
    notes: list[str]


def plan_table(
    year: int,
    lectures: Iterable[Broadcast],
    liaisons: Mapping[str, list[str]],
    *,
    site: str,
    printed_at: datetime,
    calendar_note: str | None,
) -> PlanTable:
    """lectures: with their units, of one year. liaisons: unit code → names. calendar_note: of a year not announced."""
    placed = sorted(((_place(each), each.number, each) for each in lectures), key=lambda row: row[:2])
    rows = [_row(each, liaisons.get(each.unit_id, [])) for _, _, each in placed]
    drafts = sum(each.plan_state is PlanState.DRAFT for _, _, each in placed)
    notes = [f"制表时间：{zh_datetime(printed_at)}。共 {len(rows)} 期。"]
    if drafts:
        notes.append(f"其中 {drafts} 期还是草案，没有下达，编号、单位和时间都可能变动。")
    if calendar_note:
        notes.append(calendar_note)
    return PlanTable(f"{year}年{site}直播安排表", rows, notes)


def _place(lecture: Broadcast) -> datetime:
    """Where in the year it stands; without a day of its own it stays where it was meant for."""
    moment = lecture.starts_at or lecture.first_starts_at
    return moment or lecture.created_at


def _row(lecture: Broadcast, liaisons: list[str]) -> PlanRow:
    moment = lecture.starts_at or lecture.first_starts_at
    return PlanRow(
        number=lecture.number,
        month=f"{moment.astimezone(CHINA).month}月" if moment else "",
        when=_when(lecture),
        unit=lecture.unit_name or lecture.unit.name,
        topic=lecture.title,
        lecturer=" ".join(filter(None, (lecture.lecturer_name, lecture.lecturer_post))),
        liaison="、".join(liaisons),
        audience=lecture.audience,
    )


def _when(lecture: Broadcast) -> str:
    first = lecture.first_starts_at or lecture.starts_at
    if lecture.plan_state is PlanState.CANCELLED:
        return f"已取消\n（原定{zh_date(first)}）" if first else "已取消"
    if lecture.plan_state is PlanState.POSTPONED:
        return f"时间另定\n（原定{zh_date(first)}）" if first else "时间另定"
    if lecture.starts_at is None:
        return "时间待定"
    now = f"{zh_date(lecture.starts_at)}（{zh_weekday(lecture.starts_at)}）{zh_time(lecture.starts_at)}"
    return now if first == lecture.starts_at or first is None else f"{now}\n（原定{zh_date(first)}）"
