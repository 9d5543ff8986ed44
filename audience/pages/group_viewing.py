"""集中收看: the liaison reports in under a minute on a phone; corrections say why, and what stood before stays."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.group_viewing import Viewing, history, holding, report_viewing, watchable
from audience.models import GroupViewing
from core.clock import CHINA
from core.errors import Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.text import zh_date
from schedules.models import Broadcast
from schedules.pages.access import require_liaison
from schedules.public.visibility import find_public

PATH = "/desk/group-viewing"


class ViewingForm(BaseModel):
    sessions: int = Field(title="场次", ge=1)
    people: int = Field(title="人数", ge=1)
    watched_on: date = Field(title="收看日期")
    watched_at: str = Field("", title="时间", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    place: str = Field("", title="地点", max_length=200)
    note: str = Field("", title="说明", max_length=200)
    reason: str = Field("", title="更正的原因", max_length=200)
    seen: str = ""


@dataclass(frozen=True, slots=True)
class LectureLine:
    number: str
    title: str
    host: str
    day: str
    is_own: bool
    reported: GroupViewing | None

    @property
    def path(self) -> str:
        return f"{PATH}/{self.number}"


@dataclass(frozen=True, slots=True)
class ListPage:
    unit_name: str
    lectures: list[LectureLine]


@dataclass(frozen=True, slots=True)
class FormPage:
    lecture: LectureLine
    unit_name: str
    form: Form[ViewingForm]
    standing: GroupViewing | None
    earlier: list[GroupViewing]
    today: str
    first_day: str


async def viewings(request: Request) -> Response:
    visitor, unit_code = await require_liaison(request)
    lectures = await watchable(kit_of(request).clock.now())
    reported = {
        row.broadcast_id: row
        for row in await GroupViewing.filter(
            unit_id=unit_code, replaced_at__isnull=True, broadcast_id__in=[each.id for each in lectures]
        )
    }
    lines = [_line(each, unit_code, reported.get(each.id)) for each in lectures]
    return await render(request, "audience/group_viewings.html", ListPage(visitor.unit_name or "", lines))


async def ask(request: Request) -> Response:
    _, unit_code = await require_liaison(request)
    lecture = await _lecture(request)
    standing = await holding(lecture, unit_code)
    values = {"seen": str(standing.id)} if standing else {}
    if standing is not None:
        values |= {
            "sessions": str(standing.sessions),
            "people": str(standing.people),
            "watched_on": standing.watched_on.isoformat(),
            "watched_at": standing.watched_at,
            "place": standing.place,
            "note": standing.note,
        }
    return await _show(request, lecture, Form(values))


async def submit(request: Request) -> Response:
    visitor, unit_code = await require_liaison(request)
    lecture = await _lecture(request)
    form = await read_form(request, ViewingForm)
    if form.data is not None:
        given = form.data
        viewing = Viewing(
            sessions=given.sessions,
            people=given.people,
            watched_on=given.watched_on,
            watched_at=given.watched_at,
            place=given.place,
            note=given.note,
        )
        kit = kit_of(request)
        try:
            row = await report_viewing(
                lecture.number,
                unit_code,
                viewing,
                reason=given.reason,
                seen=given.seen or None,
                by=actor_of(visitor),
                now=kit.clock.now(),
                settings=kit.settings,
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, PATH)
            late = "；这个月的数字已经定版，这次填报记在“补计”里" if row.is_late else ""
            say(request, response, "done", f"已填报：{row.sessions} 场，{row.people} 人{late}。")
            return response
    return await _show(request, lecture, form, status=422)


async def _show(
    request: Request, lecture: Broadcast, form: Form[ViewingForm], *, status: int = 200
) -> Response:
    visitor, unit_code = await require_liaison(request)
    rows = await history(lecture, unit_code)
    standing = next((row for row in rows if row.replaced_at is None), None)
    today = kit_of(request).clock.now().astimezone(CHINA).date()
    page = FormPage(
        lecture=_line(lecture, unit_code, standing),
        unit_name=visitor.unit_name or "",
        form=form,
        standing=standing,
        earlier=[row for row in rows if row.replaced_at is not None],
        today=today.isoformat(),
        first_day=_day(lecture.first_live_at, today).isoformat(),
    )
    return await render(request, "audience/group_viewing.html", page, status=status)


async def _lecture(request: Request) -> Broadcast:
    lecture = await find_public(request.path_params["number"])
    if lecture is None or lecture.is_sample:
        raise NotFound(f"没有编号为 {request.path_params['number'][:20]} 的期次。")
    return lecture


def _line(lecture: Broadcast, unit_code: str, reported: GroupViewing | None) -> LectureLine:
    return LectureLine(
        number=lecture.number,
        title=lecture.title,
        host=lecture.unit_name or lecture.unit.name,
        day=zh_date(lecture.first_live_at) if lecture.first_live_at else "还没有开讲",
        is_own=lecture.unit_id == unit_code,
        reported=reported,
    )


def _day(moment: datetime | None, otherwise: date) -> date:
    return moment.astimezone(CHINA).date() if moment else otherwise


desk_places = [DeskPlace(PATH, "users", "集中收看", (Role.LIAISON,), "lectures")]

routes = [
    Route(PATH, viewings),
    Route(PATH + "/{number}", ask, methods=["GET"]),
    Route(PATH + "/{number}", submit, methods=["POST"]),
]
