"""集中收看: the liaison reports in under a minute on a phone; corrections say why, and what stood before stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.group_viewing import Viewing, history, holding, report_viewing, watchable
from audience.models import GroupViewing
from core.clock import CHINA
from core.errors import Conflict, Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.text import zh_date, zh_time
from core.workbooks import RowFault
from schedules.deadlines import Deadline
from schedules.models import Broadcast
from schedules.pages.access import require_liaison
from schedules.public.visibility import find_public
from schedules.turns.queries import deadlines_of

PATH = "/desk/group-viewing"
SHOWN_FAULTS = 200


class ViewingForm(BaseModel):
    sessions: int = Field(title="场次", ge=0)
    people: int = Field(title="人数", ge=0)
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
    until: date | None
    """By which day units report; None for a lecture that was given without a plan."""
    is_late: bool

    @property
    def path(self) -> str:
        return f"{PATH}/{self.number}"

    @property
    def figures(self) -> str:
        return figures_of(self.reported) if self.reported else ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """open: nothing reported yet, the unit's own lectures first. done: the others."""

    unit_name: str
    open: list[LectureLine]
    done: list[LectureLine]


@dataclass(frozen=True, slots=True)
class FormPage:
    lecture: LectureLine
    unit_name: str
    form: Form[ViewingForm]
    standing: GroupViewing | None
    earlier: list[GroupViewing]
    today: str
    first_day: str
    first_time: str
    faults: list[RowFault]
    more: int
    """Faults of a table that are not shown."""


async def viewings(request: Request) -> Response:
    visitor, unit_code = await require_liaison(request)
    lectures = await watchable(kit_of(request).clock.now())
    reported = {
        row.broadcast_id: row
        for row in await GroupViewing.filter(
            unit_id=unit_code, replaced_at__isnull=True, broadcast_id__in=[each.id for each in lectures]
        )
    }
    days = await deadlines_of(lectures, kit_of(request).settings)
    today = kit_of(request).clock.now().astimezone(CHINA).date()
    lines = [
        _line(each, unit_code, reported.get(each.id), _until(days.get(each.id)), today) for each in lectures
    ]
    page = ListPage(
        visitor.unit_name or "",
        sorted((line for line in lines if line.reported is None), key=lambda line: not line.is_own),
        [line for line in lines if line.reported is not None],
    )
    return await render(request, "audience/group_viewings.html", page)


async def ask(request: Request) -> Response:
    _, unit_code = await require_liaison(request)
    lecture = await reportable(request)
    standing = await holding(lecture, unit_code)
    values = {}
    if standing is not None:
        values = {
            "sessions": str(standing.sessions),
            "people": str(standing.people),
            "watched_on": standing.watched_on.isoformat(),
            "watched_at": standing.watched_at,
            "place": standing.place,
            "note": standing.note,
        }
    return await show(request, lecture, Form(values))


async def submit(request: Request) -> Response:
    await require_liaison(request)
    lecture = await reportable(request)
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
        return await report(request, lecture, viewing, form, reason=given.reason, seen=given.seen)
    return await show(request, lecture, form, status=422)


async def submit_none(request: Request) -> Response:
    """Nobody watched together: said once, so that nobody is reminded any more."""
    await require_liaison(request)
    lecture = await reportable(request)
    began = _day(lecture.first_live_at, kit_of(request).clock.now().astimezone(CHINA).date())
    return await report(request, lecture, Viewing(0, 0, began), Form(), reason="", seen="")


async def report(
    request: Request, lecture: Broadcast, viewing: Viewing, form: Form[Any], *, reason: str, seen: str
) -> Response:
    """Back to the list when it was taken; else the form again, with what is wrong and all that was typed."""
    visitor, unit_code = await require_liaison(request)
    kit = kit_of(request)
    try:
        row = await report_viewing(
            lecture.number,
            unit_code,
            viewing,
            reason=reason,
            seen=seen or None,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except Invalid as invalid:
        form.take(invalid)
        return await show(request, lecture, form, status=422)
    except Conflict as conflict:
        form.errors["people"] = conflict.message
        return await show(request, lecture, form, status=409)
    response = redirect(request, PATH)
    late = "这个月的数字已经定版，这次填报记在“补计”里。" if row.is_late else ""
    say(request, response, "done", f"{lecture.number} 已填报：{figures_of(row)}。{late}")
    return response


def figures_of(row: GroupViewing) -> str:
    return f"{row.sessions} 场 {row.people} 人" if row.sessions else "没有组织"


async def show(
    request: Request,
    lecture: Broadcast,
    form: Form[Any],
    *,
    status: int = 200,
    faults: list[RowFault] | None = None,
) -> Response:
    """The form of one lecture. faults: of a table that was handed in."""
    visitor, unit_code = await require_liaison(request)
    rows = await history(lecture, unit_code)
    standing = next((row for row in rows if row.replaced_at is None), None)
    today = kit_of(request).clock.now().astimezone(CHINA).date()
    until = _until((await deadlines_of([lecture], kit_of(request).settings)).get(lecture.id))
    page = FormPage(
        lecture=_line(lecture, unit_code, standing, until, today),
        unit_name=visitor.unit_name or "",
        form=form,
        standing=standing,
        earlier=[row for row in rows if row.replaced_at is not None],
        today=today.isoformat(),
        first_day=_day(lecture.first_live_at, today).isoformat(),
        first_time=zh_time(lecture.first_live_at) if lecture.first_live_at else "",
        faults=(faults or [])[:SHOWN_FAULTS],
        more=max(0, len(faults or []) - SHOWN_FAULTS),
    )
    return await render(request, "audience/group_viewing.html", page, status=status)


async def reportable(request: Request) -> Broadcast:
    """The lecture named in the address. Raises NotFound."""
    lecture = await find_public(request.path_params["number"])
    if lecture is None or lecture.is_sample:
        raise NotFound(f"没有编号为 {request.path_params['number'][:20]} 的期次。")
    return lecture


def _line(
    lecture: Broadcast, unit_code: str, reported: GroupViewing | None, until: date | None, today: date
) -> LectureLine:
    return LectureLine(
        number=lecture.number,
        title=lecture.title,
        host=lecture.unit_name or lecture.unit.name,
        day=zh_date(lecture.first_live_at) if lecture.first_live_at else "还没有开讲",
        is_own=lecture.unit_id == unit_code,
        reported=reported,
        until=until,
        is_late=until is not None and until < today,
    )


def _until(days: Mapping[Deadline, date] | None) -> date | None:
    return days[Deadline.FEEDBACK] if days else None


def _day(moment: datetime | None, otherwise: date) -> date:
    return moment.astimezone(CHINA).date() if moment else otherwise


desk_places = [DeskPlace(PATH, "users", "集中收看", (Role.LIAISON,), "lectures")]

routes = [
    Route(PATH, viewings),
    Route(PATH + "/{number}", ask, methods=["GET"]),
    Route(PATH + "/{number}", submit, methods=["POST"]),
    Route(PATH + "/{number}/none", submit_none, methods=["POST"]),
]
