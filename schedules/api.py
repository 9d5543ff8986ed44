"""`/api/v1/broadcasts`, `/units`, `/schedule`: what anybody may read of the plan, and what a token may write.

Read by anybody: lectures from 已排期 on, and of them only number, title, unit, times, the lecturer's name and post,
and state. A token reads the same, with the version that a change has to name; an administrator's token writes.
"""

import datetime as dt
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts.bearer import current_token, require_token
from accounts.models import ApiToken, Role
from accounts.queries import units_on
from accounts.tokens import actor_of_token
from core.clock import CHINA
from core.errors import Invalid
from core.web.json_body import read_json, read_query
from core.web.kit import kit_of
from schedules.changes import LectureChange, change_lecture
from schedules.models import Broadcast
from schedules.public.queries import told_in
from schedules.public.told_list import ToldFilter, list_told
from schedules.public.visibility import public_by_number
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState, PlanState

NO_STORE = {"cache-control": "no-store"}
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2999, 12, 31)
USUAL_ROWS = 50
NAMES = {"unit": "unit_code"}

State = Literal["scheduled", "live", "interrupted", "closed", "ended", "postponed", "cancelled"]


class ListQuery(BaseModel):
    page: int = Field(1, title="页码 page", ge=1, le=1_000_000)
    size: int = Field(USUAL_ROWS, title="每页条数 size", ge=1)
    unit: str | None = Field(None, title="单位代码 unit", pattern=r"^[0-9A-Za-z]{1,16}$")
    state: State | None = Field(None, title="状态 state")
    since: dt.date | None = Field(None, title="开始日期 since", ge=FIRST_DAY, le=LAST_DAY)
    until: dt.date | None = Field(None, title="结束日期 until", ge=FIRST_DAY, le=LAST_DAY)


class ScheduleQuery(BaseModel):
    year: int | None = Field(None, title="年份 year", ge=FIRST_DAY.year, le=LAST_DAY.year)


class NewLecture(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(title="标题 title", max_length=120)
    unit_code: str = Field(title="单位代码 unit_code", max_length=16)
    starts_at: AwareDatetime | None = Field(None, title="开播时间 starts_at")
    planned_minutes: int = Field(15, title="计划时长 planned_minutes")
    lecturer_name: str = Field("", title="主讲人姓名 lecturer_name", max_length=40)
    lecturer_post: str = Field("", title="主讲人职务 lecturer_post", max_length=80)


class ChangedLecture(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = Field(title="版本 version", ge=0, le=2**31 - 1)
    title: str | None = Field(None, title="标题 title", max_length=120)
    lecturer_name: str | None = Field(None, title="主讲人姓名 lecturer_name", max_length=40)
    lecturer_post: str | None = Field(None, title="主讲人职务 lecturer_post", max_length=80)
    starts_at: AwareDatetime | None = Field(None, title="开播时间 starts_at")
    reason: str | None = Field(None, title="改时间的原因 reason", max_length=200)


async def broadcasts(request: Request) -> Response:
    token = await current_token(request)
    asked = read_query(request, ListQuery)
    most = kit_of(request).settings.api_page_rows
    if asked.size > most:
        raise Invalid({"size": f"每页条数 size 不能大于 {most}。"})
    wanted = ToldFilter(
        unit_code=asked.unit,
        state=asked.state,
        since=_midnight(asked.since),
        until=_midnight(_after(asked.until)),
    )
    rows, total = await list_told(wanted, offset=(asked.page - 1) * asked.size, limit=asked.size)
    items = [_plain(request, each, token) for each in rows]
    body = {"items": items, "total": total, "page": asked.page, "size": asked.size}
    return JSONResponse(body, headers=NO_STORE)


async def one_broadcast(request: Request) -> Response:
    token = await current_token(request)
    found = await public_by_number(request.path_params["number"])
    return JSONResponse(_plain(request, found, token), headers=NO_STORE)


async def create(request: Request) -> Response:
    """An administrator's 临时期次, at once 已排期."""
    token = await require_token(request, Role.ADMINISTRATOR)
    given = await read_json(request, NewLecture)
    new = NewBroadcast(**given.model_dump())
    try:
        broadcast = await create_broadcast(new, now=kit_of(request).clock.now(), by=actor_of_token(token))
    except Invalid as invalid:  # the service calls it by another name than the interface
        raise Invalid({NAMES.get(name, name): text for name, text in invalid.fields.items()}) from None
    place = kit_of(request).absolute(f"/api/v1/broadcasts/{broadcast.number}")
    body = _plain(request, broadcast, token)
    return JSONResponse(body, status_code=201, headers={**NO_STORE, "location": place})


async def change(request: Request) -> Response:
    token = await require_token(request, Role.ADMINISTRATOR)
    given = await read_json(request, ChangedLecture)
    broadcast = await change_lecture(
        request.path_params["number"],
        LectureChange(**given.model_dump(exclude={"version"})),
        version=given.version,
        by=actor_of_token(token),
        now=kit_of(request).clock.now(),
        settings=kit_of(request).settings,
    )
    return JSONResponse(_plain(request, broadcast, token), headers=NO_STORE)


async def units(request: Request) -> Response:
    """Those that take turns today, in the official order."""
    await current_token(request)
    today = kit_of(request).clock.now().astimezone(CHINA).date()
    items = [
        {"code": each.code, "name": each.name, "kind": each.kind.value} for each in await units_on(today)
    ]
    return JSONResponse({"items": items}, headers=NO_STORE)


async def schedule(request: Request) -> Response:
    """A year's lectures by their time; those without one at the end."""
    token = await current_token(request)
    asked = read_query(request, ScheduleQuery)
    year = asked.year or kit_of(request).clock.now().astimezone(CHINA).year
    found = await told_in(year)
    found.sort(key=_place_in_the_year)
    items = [_plain(request, each, token) for each in found]
    return JSONResponse({"year": year, "items": items}, headers=NO_STORE)


def _plain(request: Request, lecture: Broadcast, token: ApiToken | None) -> dict[str, Any]:
    """lecture comes with its unit. Everything that leaves the house stands here, name by name."""
    body: dict[str, Any] = {
        "number": lecture.number,
        "title": lecture.title,
        "unit": lecture.unit_name or lecture.unit.name,
        "unit_code": lecture.unit_id,
        "lecturer_name": lecture.lecturer_name,
        "lecturer_post": lecture.lecturer_post,
        "state": state_of(lecture),
        "starts_at": _iso(lecture.starts_at),
        "first_starts_at": _iso(lecture.first_starts_at),
        "began_at": _iso(lecture.first_live_at),
        "planned_minutes": lecture.planned_minutes,
        "is_sample": lecture.is_sample,
        "watch_url": kit_of(request).absolute(f"/l/{lecture.number}"),
    }
    return body if token is None else {**body, "version": lecture.version}


def _place_in_the_year(lecture: Broadcast) -> tuple[bool, datetime, str]:
    when = lecture.starts_at or lecture.first_live_at
    return when is None, when or lecture.created_at, lecture.number


def state_of(lecture: Broadcast) -> str:
    """The state on the air, but for a lecture that is called off."""
    if lecture.plan_state in (PlanState.POSTPONED, PlanState.CANCELLED):
        return lecture.plan_state.value
    return AirState(lecture.air_state).value


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _after(day: dt.date | None) -> dt.date | None:
    return day + dt.timedelta(days=1) if day else None


def _midnight(day: dt.date | None) -> datetime | None:
    return datetime.combine(day, dt.time(), tzinfo=CHINA) if day else None


routes = [
    Route("/api/v1/broadcasts", broadcasts, methods=["GET"]),
    Route("/api/v1/broadcasts", create, methods=["POST"]),
    Route("/api/v1/broadcasts/{number}", one_broadcast, methods=["GET"]),
    Route("/api/v1/broadcasts/{number}", change, methods=["PATCH"]),
    Route("/api/v1/units", units),
    Route("/api/v1/schedule", schedule),
]
