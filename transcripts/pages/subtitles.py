"""The lectures and how far their subtitles are; and the model's real error rate on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import NotFound
from core.web.desk_nav import DeskPlace
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import render
from transcripts.editing.measures import LectureMeasure, ModelMeasure, by_model, lecture_measures
from transcripts.editing.queries import STAGE_LABELS, Stage, SubtitleLine, count_of, listing
from transcripts.models.transcript import RECOGNITION_LABELS, Recognition
from transcripts.pages.editor_access import BUREAU, CORRECTORS, LISTERS, READERS, unit_of

PAGE_SIZE = 50
TONES: Mapping[Stage, str] = {
    Stage.WAITING: "quiet",
    Stage.REVIEW: "attention",
    Stage.HANDED_OVER: "",
    Stage.PUBLISHED: "done",
}


@dataclass(frozen=True, slots=True)
class Line:
    """progress: what the machine is doing, or what is to be done. editor: who corrects now, for those who correct."""

    number: str
    title: str
    unit: str
    given_at: datetime | None
    label: str
    tone: str
    progress: str
    editor: str
    due: str
    is_late: bool
    may_open: bool


@dataclass(frozen=True, slots=True)
class SubtitlesPage:
    lines: list[Line]
    stage: Stage | None
    tabs: list[tuple[str, str, int]]
    page: int
    pages: int
    has_all: bool
    sees_quality: bool


@dataclass(frozen=True, slots=True)
class QualityPage:
    lectures: list[LectureMeasure]
    models: list[ModelMeasure]


async def show(request: Request) -> Response:
    visitor = await require_role(request, *LISTERS)
    kit = kit_of(request)
    unit_code = unit_of(visitor)
    wanted = request.query_params.get("state", "")
    stage = Stage(wanted) if wanted in set(Stage) else None
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    now = kit.clock.now()
    found = await listing(
        unit_code=unit_code,
        stage=stage,
        page=max(1, page),
        size=PAGE_SIZE,
        now=now,
        settings=kit.settings,
    )
    if not 1 <= page <= found.pages:
        raise NotFound
    silent_after = kit.settings.subtitle_hold_seconds
    tabs = [(each.value, STAGE_LABELS[each], await count_of(each, unit_code)) for each in Stage]
    context = SubtitlesPage(
        lines=[_line(each, visitor, now, silent_after) for each in found.lines],
        stage=stage,
        tabs=tabs,
        page=page,
        pages=found.pages,
        has_all=unit_code is None,
        sees_quality=visitor.role in (*BUREAU, Role.AUDITOR, Role.OFFICIAL),
    )
    return await render(request, "transcripts/subtitles.html", context)


async def quality(request: Request) -> Response:
    await require_role(request, *BUREAU, Role.AUDITOR, Role.OFFICIAL)
    measures = await lecture_measures()
    return await render(
        request, "transcripts/subtitles_quality.html", QualityPage(measures, by_model(measures))
    )


def _line(line: SubtitleLine, visitor: Visitor, now: datetime, silent_after: int) -> Line:
    lecture, row = line.broadcast, line.transcript
    corrects = visitor.role in READERS
    seen = row.editor_seen_at if row else None
    is_held = bool(row and row.editor and seen and (now - seen).total_seconds() < silent_after)
    return Line(
        number=lecture.number,
        title=lecture.title,
        unit=lecture.unit_name or lecture.unit.name,
        given_at=lecture.first_live_at,
        label=STAGE_LABELS[line.stage],
        tone=TONES[line.stage],
        progress=_progress(line),
        editor=row.editor_name if row and is_held and corrects else "",
        due=f"{line.due.month}月{line.due.day}日" if line.due else "",
        is_late=line.is_late,
        may_open=visitor.role in CORRECTORS or (corrects and bool(row and row.draft_version)),
    )


def _progress(line: SubtitleLine) -> str:
    row = line.transcript
    if row is None:
        return "还没有开始识别"
    if line.stage is Stage.WAITING or row.recognition not in (Recognition.DONE, Recognition.BY_PEOPLE):
        words = RECOGNITION_LABELS[row.recognition]
        return f"{words}：{row.detail}" if row.detail else words
    if line.stage is Stage.HANDED_OVER:
        return "校对完成，等州局发布"
    return "发布后又改过，新的一版还没有发布" if line.has_news else ""


async def _to_do(visitor: Visitor, now: datetime) -> int:
    """For the unit what is to be corrected, for the bureau what is to be published."""
    if visitor.role == Role.LIAISON:
        return await count_of(Stage.REVIEW, visitor.unit_code or "")
    return await count_of(Stage.HANDED_OVER, None)


desk_places = [
    DeskPlace(
        "/desk/subtitles",
        "captions",
        "字幕",
        LISTERS,
        "lectures",
        _to_do,
        "期字幕待办",
    ),
]

routes = [
    Route("/desk/subtitles", show, methods=["GET"]),
    Route("/desk/subtitles/quality", quality, methods=["GET"]),
]
