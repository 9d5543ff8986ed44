"""The bureau's desk: lectures planned, on the air and over; a new one; its key; its end."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tortoise.expressions import Q

from accounts.models import Role, Unit, UnitKind
from accounts.queries import units
from audience.pages.now import NowPanel, now_panel
from core.clock import CHINA
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import page_number, redirect, render, render_part, say
from portal.desk_list import PAGE_SIZE, WAITING, DeskTab, lectures_of, next_thing, tabs
from portal.desk_view import DeskLecture, Panel, desk_lecture, panel_of
from portal.services import portal_of
from schedules.models import Broadcast
from schedules.pages.cut_off import may_cut_off
from schedules.public.visibility import is_public
from schedules.queries import ON_AIR, by_number
from schedules.services import NewBroadcast, create_broadcast, rotate_key
from schedules.states import AirState, PlanState
from streaming.keys import stream_key
from streaming.services import StillEnding, end_broadcast
from transcripts.pages.live_captions import CaptionsPanel, captions_panel
from transcripts.pages.recognition import subtitle_progress
from transcripts.recognition.progress import Progress

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
END_WAIT_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class ListPage:
    """next_thing: the lecture that needs somebody first."""

    lectures: list[DeskLecture]
    tabs: list[DeskTab]
    chosen: str
    next_thing: DeskLecture | None
    page: int
    pages: int


class BroadcastForm(BaseModel):
    title: str = Field(title="讲座标题", max_length=120)
    unit: str = Field(title="主讲单位")
    lecturer_name: str = Field("", title="主讲人姓名", max_length=40)
    lecturer_post: str = Field("", title="主讲人职务", max_length=80)
    date: dt.date | None = Field(None, title="开播日期")
    time: dt.time | None = Field(None, title="开播时间")
    planned_minutes: int = Field(15, title="计划时长", ge=1, le=600)


@dataclass(frozen=True, slots=True)
class NewPage:
    form: Form[BroadcastForm]
    departments: list[Unit]
    counties: list[Unit]


@dataclass(frozen=True, slots=True)
class DetailPage:
    """server and key: what the lecturer types into OBS. has_pack: there is something to announce it with.

    subtitles: how far they are; None before there can be any. captions: the live ones; None behind the end.
    """

    number: str
    lecture: DeskLecture
    panel: Panel
    subtitles: Progress | None
    captions: CaptionsPanel | None
    viewers: NowPanel
    server: str
    key: str
    has_pack: bool
    may_cut_off: bool
    may_undo_cut_off: bool


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    lecture: DeskLecture
    act: Literal["end", "key"]


async def broadcasts(request: Request) -> Response:
    await require_role(request, *BUREAU)
    now = kit_of(request).clock.now()
    found = await tabs()
    asked = request.query_params.get("state", "")
    chosen = next((tab for tab in found if tab.name == asked), found[0])
    pages = max(1, -(-chosen.count // PAGE_SIZE))
    page = min(page_number(request.query_params.get("page", "")), pages)
    listed = ListPage(
        lectures=await lectures_of(chosen.name, page, now),
        tabs=found,
        chosen=chosen.name,
        next_thing=await next_thing(now),
        page=page,
        pages=pages,
    )
    return await render(request, "portal/desk_list.html", listed)


async def new(request: Request) -> Response:
    await require_role(request, *BUREAU)
    return await _new_page(request, Form(), status=200)


async def create(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    form = await read_form(request, BroadcastForm)
    if form.data is not None:
        try:
            broadcast = await create_broadcast(
                _plan(form.data), now=kit_of(request).clock.now(), by=actor_of(visitor)
            )
        except Invalid as invalid:
            form.take(Invalid({_FIELDS.get(name, name): text for name, text in invalid.fields.items()}))
        else:
            response = redirect(request, f"/desk/broadcasts/{broadcast.number}")
            say(request, response, "done", f"已新建《{broadcast.title}》，编号 {broadcast.number}。")
            return response
    return await _new_page(request, form, status=422)


async def detail(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    kit, portal = kit_of(request), portal_of(request)
    broadcast = await by_number(request.path_params["number"])
    page = DetailPage(
        number=broadcast.number,
        lecture=desk_lecture(broadcast, kit.clock.now()),
        panel=await _panel(request, broadcast),
        subtitles=await subtitle_progress(request, broadcast),
        captions=await captions_panel(request, visitor, broadcast),
        viewers=await now_panel(request, broadcast),
        server=kit.settings.public_rtmp_url,
        key=stream_key(portal.secrets.current, broadcast.id, broadcast.number, broadcast.key_version),
        has_pack=is_public(broadcast),
        may_cut_off=may_cut_off(visitor, broadcast),
        may_undo_cut_off=visitor.role == Role.ADMINISTRATOR,
    )
    return await render(request, "portal/desk_detail.html", page)


async def panel(request: Request) -> Response:
    """The part of the detail page that says what is on the air now, asked for every two seconds."""
    await require_role(request, *BUREAU)
    broadcast = await by_number(request.path_params["number"])
    lecture = desk_lecture(broadcast, kit_of(request).clock.now())
    return await render_part(
        request, "portal/desk_panel.html", {"panel": await _panel(request, broadcast), "lecture": lecture}
    )


async def confirm(request: Request) -> Response:
    await require_role(request, *BUREAU)
    broadcast = await by_number(request.path_params["number"])
    if broadcast.air_state is AirState.ENDED:
        raise Conflict(f"《{broadcast.title}》已经结束，不用再操作。")
    _scheduled(broadcast)
    act: Literal["end", "key"] = "end" if request.url.path.endswith("/end") else "key"
    lecture = desk_lecture(broadcast, kit_of(request).clock.now())
    return await render(request, "portal/desk_confirm.html", ConfirmPage(lecture, act))


async def end(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    kit, portal = kit_of(request), portal_of(request)
    broadcast = await by_number(request.path_params["number"])
    _scheduled(broadcast)
    response = redirect(request, f"/desk/broadcasts/{broadcast.number}")
    try:
        await end_broadcast(
            broadcast.number,
            clock=kit.clock,
            settings=kit.settings,
            events=portal.events,
            wait_seconds=END_WAIT_SECONDS,
            by=actor_of(visitor),
        )
    except StillEnding as slow:
        say(request, response, "attention", slow.message)
    else:
        say(request, response, "done", f"《{broadcast.title}》已结束。回看现在就可以播放。")
    return response


async def replace_key(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    broadcast = await by_number(request.path_params["number"])
    if broadcast.air_state is AirState.ENDED:
        raise Conflict(f"《{broadcast.title}》已经结束，不用再更换推流码。")
    _scheduled(broadcast)
    await rotate_key(broadcast.id, now=kit_of(request).clock.now(), by=actor_of(visitor))
    response = redirect(request, f"/desk/broadcasts/{broadcast.number}")
    say(request, response, "done", "推流码已更换，旧的已经失效。请把新的推流码告诉主讲人。")
    return response


def _scheduled(broadcast: Broadcast) -> None:
    """What is still being planned has no end and no use for a key: it is called off where it is reviewed."""
    if broadcast.plan_state is not PlanState.SCHEDULED:
        raise Conflict(f"{broadcast.number} 还没有排期，不能结束或更换推流码；要取消，请到审核页办理。")


_FIELDS = {"starts_at": "date"}
"""Fields of the service that the form asks for under another name."""


def _plan(form: BroadcastForm) -> NewBroadcast:
    """Raises Invalid when only half of the start is given."""
    if (form.date is None) != (form.time is None):
        missing, text = ("time", "开播时间") if form.time is None else ("date", "开播日期")
        raise Invalid({missing: f"请填写{text}；随时都可以开播的，日期和时间都不要填。"})
    starts_at: datetime | None = None
    if form.date is not None and form.time is not None:
        starts_at = datetime.combine(form.date, form.time, tzinfo=CHINA)
    return NewBroadcast(
        title=form.title,
        unit_code=form.unit,
        starts_at=starts_at,
        planned_minutes=form.planned_minutes,
        lecturer_name=form.lecturer_name,
        lecturer_post=form.lecturer_post,
    )


async def _new_page(request: Request, form: Form[BroadcastForm], *, status: int) -> Response:
    page = NewPage(
        form=form,
        departments=await units(UnitKind.DEPARTMENT),
        counties=await units(UnitKind.COUNTY),
    )
    return await render(request, "portal/desk_new.html", page, status=status)


async def _panel(request: Request, broadcast: Broadcast) -> Panel:
    details = await portal_of(request).board.details(broadcast.number)
    return await panel_of(
        broadcast, details, now=kit_of(request).clock.now(), settings=kit_of(request).settings
    )


async def _unfinished(_visitor: Visitor, _now: datetime) -> int:
    return await Broadcast.filter(WAITING | Q(air_state__in=ON_AIR)).count()


desk_places = [
    DeskPlace("/desk/broadcasts", "list-video", "讲座", BUREAU, "lectures", _unfinished, "期未结束"),
    DeskPlace("/desk/broadcasts/new", "plus", "新建讲座", BUREAU, "lectures"),
]

routes = [
    Route("/desk/broadcasts", broadcasts, methods=["GET"]),
    Route("/desk/broadcasts", create, methods=["POST"]),
    Route("/desk/broadcasts/new", new),
    Route("/desk/broadcasts/{number}", detail),
    Route("/desk/broadcasts/{number}/panel", panel),
    Route("/desk/broadcasts/{number}/end", confirm, methods=["GET"]),
    Route("/desk/broadcasts/{number}/end", end, methods=["POST"]),
    Route("/desk/broadcasts/{number}/key", confirm, methods=["GET"]),
    Route("/desk/broadcasts/{number}/key", replace_key, methods=["POST"]),
]
