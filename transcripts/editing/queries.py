"""The list of lectures and how far their subtitles are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import Deadline
from schedules.models import Broadcast
from schedules.turns.queries import deadlines_of
from transcripts.editing.finding import OVER
from transcripts.models import SubtitleState, Transcript


class Stage(StrEnum):
    """Where a lecture's subtitles stand, as the list is filtered by."""

    WAITING = "waiting"
    REVIEW = "review"
    HANDED_OVER = "handed_over"
    PUBLISHED = "published"


STAGE_LABELS: Mapping[Stage, str] = {
    Stage.WAITING: "待识别",
    Stage.REVIEW: "待校对",
    Stage.HANDED_OVER: "待发布",
    Stage.PUBLISHED: "已发布",
}


@dataclass(frozen=True, slots=True)
class SubtitleLine:
    """A lecture in the list. due: until when they are to be published; is_late: and they are not."""

    broadcast: Broadcast
    transcript: Transcript | None
    stage: Stage
    due: date | None
    is_late: bool

    @property
    def has_news(self) -> bool:
        """Published, and changed since."""
        row = self.transcript
        return row is not None and row.published_version not in (0, row.draft_version)


@dataclass(frozen=True, slots=True)
class Listing:
    """pages: at least 1."""

    lines: list[SubtitleLine]
    pages: int


def stage_of(transcript: Transcript | None) -> Stage:
    if transcript is None or transcript.state is SubtitleState.WAITING:
        return Stage.WAITING
    if transcript.handed_over_at is not None:
        return Stage.HANDED_OVER
    return Stage.PUBLISHED if transcript.state is SubtitleState.PUBLISHED else Stage.REVIEW


async def listing(
    *, unit_code: str | None, stage: Stage | None, page: int, size: int, now: datetime, settings: Settings
) -> Listing:
    """Lectures that were given, the latest first. unit_code: of one unit; None for all."""
    rows = _given(unit_code)
    if stage is not None:
        rows = rows.filter(broadcast_stage(stage))
    count = await rows.count()
    broadcasts = (
        await rows.order_by("-first_live_at").offset((page - 1) * size).limit(size).prefetch_related("unit")
    )
    transcripts = {
        each.broadcast_id: each
        for each in await Transcript.filter(broadcast_id__in=[each.id for each in broadcasts])
    }
    return Listing(await _lines(broadcasts, transcripts, now, settings), max(1, -(-count // size)))


async def count_of(stage: Stage, unit_code: str | None) -> int:
    return await _given(unit_code).filter(broadcast_stage(stage)).count()


def broadcast_stage(stage: Stage) -> Q:
    """`stage_of` as a filter over lectures."""
    waits = Q(transcript__id__isnull=True) | Q(transcript__state=SubtitleState.WAITING)
    match stage:
        case Stage.WAITING:
            return waits
        case Stage.HANDED_OVER:
            return Q(transcript__handed_over_at__isnull=False)
        case Stage.REVIEW:
            return Q(transcript__state=SubtitleState.REVIEW, transcript__handed_over_at__isnull=True)
        case Stage.PUBLISHED:
            return Q(transcript__state=SubtitleState.PUBLISHED, transcript__handed_over_at__isnull=True)


def _given(unit_code: str | None) -> QuerySet[Broadcast]:
    rows = Broadcast.filter(air_state__in=OVER, first_live_at__isnull=False)
    return rows if unit_code is None else rows.filter(unit_id=unit_code)


async def _lines(
    broadcasts: list[Broadcast], transcripts: Mapping[UUID, Transcript], now: datetime, settings: Settings
) -> list[SubtitleLine]:
    today = now.astimezone(CHINA).date()
    days = await deadlines_of(broadcasts, settings)
    lines = []
    for each in broadcasts:
        transcript = transcripts.get(each.id)
        stage = stage_of(transcript)
        due = days[each.id][Deadline.SUBTITLES] if each.id in days else None
        is_late = due is not None and today > due and stage in (Stage.REVIEW, Stage.HANDED_OVER)
        lines.append(SubtitleLine(each, transcript, stage, due, is_late))
    return lines
