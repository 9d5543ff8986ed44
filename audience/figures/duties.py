"""履职事实 of a unit in a year: what was to be done by when, and what was done when. Facts in rows, no judgement.

Each is what the rows of the plan say; what nobody can know is left empty rather than guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from accounts.models import Unit
from audience.figures.lectures import seconds_on_air
from audience.figures.periods import Period
from audience.figures.report import Report, UnitFigures, report_of
from audience.figures.sentences import Told
from audience.models import GroupViewing
from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import Deadline
from schedules.models import Broadcast, Material, Prompt, Step, StepAction
from schedules.prompts.rules import COUNTED
from schedules.replay_states import OVER
from schedules.states import DELIVERY_LABELS, REPLAY_LABELS, Delivery, PlanState
from schedules.turns.queries import deadlines_of
from transcripts.models import Transcript


@dataclass(frozen=True, slots=True)
class Kept:
    """A deadline and when it was met. until None: nothing was told. done None: not yet."""

    until: date | None
    done: date | None

    def words(self, today: date) -> str:
        if self.done is not None:
            if self.until is None:
                return "已完成"
            return "按期" if self.done <= self.until else "晚于期限"
        if self.until is None:
            return ""
        return "未到期" if today <= self.until else "未完成"


@dataclass(frozen=True, slots=True)
class LectureFacts:
    """given: how it was given, in words. views: by everybody, whatever their 收看单位. group: of the unit itself."""

    number: str
    title: str
    lecturer: str
    planned: datetime | None
    told_first: datetime | None
    began: datetime | None
    given: str
    seconds: float
    hand_in: Kept
    materials: tuple[str, ...]
    replay: str
    subtitles: Kept
    group: Kept
    group_words: str
    views: UnitFigures


@dataclass(frozen=True, slots=True)
class PromptFact:
    document_number: str
    issued_on: date | None
    lecture: str
    feedback_until: date
    feedback_on: date | None
    feedback: str


@dataclass(frozen=True, slots=True)
class UnitDuties:
    """hosted: lectures of its own that count as 直播普法. own: what was watched for it (收看单位)."""

    unit: Unit
    report: Report
    lectures: list[LectureFacts]
    prompts: list[PromptFact]
    hosted: int
    own: Told


async def unit_duties(unit: Unit, period: Period, *, now: datetime, settings: Settings) -> UnitDuties:
    """period: usually a year. Lectures told to the unit that were planned or given in it, in order."""
    rows = await (
        Broadcast.filter(unit_id=unit.code, is_sample=False)
        .exclude(plan_state=PlanState.DRAFT)
        .filter(
            Q(starts_at__gte=period.begins, starts_at__lt=period.ends)
            | Q(first_live_at__gte=period.begins, first_live_at__lt=period.ends)
            | Q(starts_at=None, first_starts_at__gte=period.begins, first_starts_at__lt=period.ends)
        )
    )
    rows.sort(
        key=lambda each: (each.first_live_at or each.starts_at or each.first_starts_at or now, each.number)
    )
    report = await report_of(period)
    watched = report.by_unit().get(unit.code, UnitFigures(unit.code))
    return UnitDuties(
        unit=unit,
        report=report,
        lectures=await _lectures(rows, unit, report, now, settings),
        prompts=await _prompts(unit, period),
        hosted=sum(each.is_live_lecture and each.host == unit.code for each in report.lectures),
        own=Told(
            lectures=0,
            live=watched.live,
            replay=watched.replay,
            group_sessions=watched.group_sessions,
            group_people=watched.group_people,
        ),
    )


async def _lectures(
    rows: list[Broadcast], unit: Unit, report: Report, now: datetime, settings: Settings
) -> list[LectureFacts]:
    ids = [row.id for row in rows]
    days = await deadlines_of(rows, settings)
    seconds = await seconds_on_air(ids)
    handed_in = await _first_hand_ins(ids)
    materials = await _materials(ids)
    subtitles = {row.broadcast_id: row for row in await Transcript.filter(broadcast_id__in=ids)}
    groups = {
        row.broadcast_id: row
        for row in await GroupViewing.filter(
            broadcast_id__in=ids, unit_id=unit.code, replaced_at__isnull=True
        )
    }
    views = {each.number: each.total for each in report.lectures}
    facts = []
    for row in rows:
        until: Mapping[Deadline, date] = days.get(row.id, {})
        transcript, group = subtitles.get(row.id), groups.get(row.id)
        is_out = transcript is not None and transcript.published_version > 0
        facts.append(
            LectureFacts(
                number=row.number,
                title=row.title,
                lecturer=" ".join(filter(None, (row.lecturer_name, row.lecturer_post))),
                planned=row.starts_at,
                told_first=row.first_starts_at,
                began=row.first_live_at,
                given=given_words(row, now),
                seconds=seconds.get(row.id, 0.0),
                hand_in=Kept(until.get(Deadline.HAND_IN), handed_in.get(row.id)),
                materials=materials.get(row.id, ()),
                replay=REPLAY_LABELS[row.replay_state] if row.air_state in OVER else "",
                subtitles=Kept(
                    until.get(Deadline.SUBTITLES),
                    _day(transcript.published_at) if transcript and is_out else None,
                ),
                group=Kept(until.get(Deadline.FEEDBACK), _day(group.reported_at) if group else None),
                group_words=_group_words(group),
                views=views.get(row.number, UnitFigures(None)),
            )
        )
    return facts


def given_words(lecture: Broadcast, now: datetime) -> str:
    """How it went with the lecture's day. Pure."""
    if lecture.plan_state is PlanState.CANCELLED:
        return "已取消"
    if lecture.plan_state is PlanState.POSTPONED:
        return "延期，时间另定"
    told = _day(lecture.first_starts_at or lecture.starts_at)
    if lecture.delivery is Delivery.EXTERNAL:
        return DELIVERY_LABELS[lecture.delivery]
    began = _day(lecture.first_live_at)
    if began is None:
        return "未开讲" if lecture.starts_at is not None and lecture.starts_at < now else "未到时间"
    if told is None or began == told:
        return "按期开讲"
    return f"改期后开讲，原定{told.year}年{told.month}月{told.day}日"


async def _first_hand_ins(ids: list[UUID]) -> dict[UUID, date]:
    found: dict[UUID, date] = {}
    for step in await Step.filter(broadcast_id__in=ids, action=StepAction.HAND_IN).order_by("at"):
        found.setdefault(step.broadcast_id, step.at.astimezone(CHINA).date())
    return found


async def _materials(ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, dict[str, None]] = {}
    for file in await Material.filter(broadcast_id__in=ids, replaced_at=None):
        found.setdefault(file.broadcast_id, {})[file.label] = None
    return {lecture: tuple(labels) for lecture, labels in found.items()}


async def _prompts(unit: Unit, period: Period) -> list[PromptFact]:
    rows = Prompt.filter(
        unit_id=unit.code, state__in=COUNTED, issued_on__gte=period.first, issued_on__lte=period.last
    )
    return [
        PromptFact(
            document_number=row.document_number or "",
            issued_on=row.issued_on,
            lecture=row.broadcast.number,
            feedback_until=row.feedback_until,
            feedback_on=_day(row.feedback_at),
            feedback=row.feedback,
        )
        for row in await rows.order_by("issued_on").prefetch_related("broadcast")
    ]


def _group_words(group: GroupViewing | None) -> str:
    if group is None:
        return ""
    return f"{group.sessions}场{group.people}人" if group.sessions else "没有组织"


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None
