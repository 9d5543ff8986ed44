"""Who watched a lecture: views, viewers (估算), the live minute by minute, and which passages lost people."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.figures.definition_text import NOTE
from audience.figures.definitions import definitions
from audience.figures.lecture import LectureAudience, UnitRow, lecture_audience
from audience.figures.passages import PASSAGE_MS, Passage
from audience.pages.statistics_access import LECTURE_READERS, PLACE
from core.clock import CHINA
from core.errors import Forbidden, NotFound
from core.web.guards import require_role
from core.web.pages import render
from core.web.text import clock_duration, zh_time
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.states import AirState
from transcripts.cues.draft import DraftCue
from transcripts.published import published_cues


@dataclass(frozen=True, slots=True)
class PassageLine:
    """words: what was said in it, as far as it is published. share: of all visits, in per cent."""

    clock: str
    seconds: int
    words: str
    live: int
    replay: int
    share: int
    lost: int
    marked: bool


@dataclass(frozen=True, slots=True)
class LecturePage:
    """units: None while the lecture is on: there is no roll-call by unit before its end. own: the liaison's own unit;
    every unit is then left out but this one.
    """

    lecture: Broadcast
    host: str
    crumb: str
    is_over: bool
    is_own: bool
    audience: LectureAudience
    units: list[UnitRow] | None
    passages: list[PassageLine]
    has_words: bool
    note: str
    minutes_words: str
    passages_words: str
    visit_seconds: int
    """By the definition of the day on which it was first on the air."""


async def lecture_page(request: Request) -> Response:
    visitor = await require_role(request, *LECTURE_READERS, Role.LIAISON)
    lecture = await by_number(request.path_params["number"])
    if lecture.first_live_at is None:
        raise NotFound(f"{lecture.number} 还没有开讲，没有收看数字。")
    is_own = visitor.role == Role.LIAISON
    if is_own and (visitor.unit_code is None or lecture.unit_id != visitor.unit_code):
        raise Forbidden(f"{lecture.number} 不是{visitor.unit_name}主讲的，您没有查看的权限。")
    await lecture.fetch_related("unit")
    audience = await lecture_audience(lecture)
    cues = await published_cues(lecture.id)
    is_over = lecture.air_state is AirState.ENDED
    units = (
        [row for row in audience.units if not is_own or row.code == visitor.unit_code] if is_over else None
    )
    page = LecturePage(
        lecture=lecture,
        host=lecture.unit_name or lecture.unit.name,
        crumb=PLACE if is_own or visitor.role != Role.DUTY else f"/desk/broadcasts/{lecture.number}",
        is_over=is_over,
        is_own=is_own,
        audience=audience,
        units=units,
        passages=passage_lines(audience, cues),
        has_words=bool(cues),
        note=NOTE,
        minutes_words=_minutes_words(audience),
        passages_words=_passages_words(audience),
        visit_seconds=(await definitions())(lecture.first_live_at.astimezone(CHINA).date()).visit_seconds,
    )
    return await render(request, "audience/lecture_figures.html", page)


def passage_lines(audience: LectureAudience, cues: list[DraftCue]) -> list[PassageLine]:
    """A cue stands in the passage in which it begins."""
    words: dict[int, list[str]] = {}
    for each in cues:
        words.setdefault(each.cue.start_ms // PASSAGE_MS, []).append(each.cue.text)
    most = audience.playback.visits if audience.playback else 0
    return [
        PassageLine(
            clock=clock_duration(passage.begins_ms / 1000),
            seconds=passage.begins_ms // 1000,
            words="".join(words.get(place, [])),
            live=passage.live,
            replay=passage.replay,
            share=round(100 * passage.visits / most) if most else 0,
            lost=passage.lost,
            marked=passage.marked,
        )
        for place, passage in enumerate(audience.passages)
    ]


def _minutes_words(audience: LectureAudience) -> str:
    peak = audience.peak
    if peak is None:
        return "折线图：直播中每分钟的收看数。没有数字。"
    return f"折线图：直播中每分钟的收看数，最高 {peak.viewers:,}，在 {zh_time(peak.minute)}。详见图下的表。"


def _passages_words(audience: LectureAudience) -> str:
    lost: list[Passage] = audience.lost_at
    where = "、".join(clock_duration(each.begins_ms / 1000) for each in lost)
    told = f"离开最多的是 {where} 开始的段落。" if lost else "没有哪一段离开得特别多。"
    return f"折线图：每 30 秒的段落有多少人次看过，直播和回看各一条线。{told}详见图下的表。"


routes = [Route(PLACE + "/lectures/{number}", lecture_page)]
