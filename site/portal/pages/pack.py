"""The pack of an approved lecture: its poster, QR codes, notices to paste, the encoder's address; and the 审批表."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Unit
from accounts.queries import units
from core.errors import Conflict
from core.fonts import find_typeface
from core.web.downloads import download
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import render
from core.web.text import zh_datetime
from portal.lectures import lecture_of, poster_of
from portal.pack import (
    BUREAU,
    READERS,
    approval_form_of,
    approved_for,
    can_be_pushed,
    foot_of,
    lecture_for,
    notice_facts,
    unit_asked_for,
    unit_name,
)
from portal.pages.wall import present_units
from portal.poster_png import poster_png
from portal.services import portal_of
from schedules.models import Broadcast
from schedules.papers.addresses import lecture_address
from schedules.papers.approval_form import approval_form
from schedules.papers.notices import further_notices, heading, notice, right_notice
from schedules.papers.qr_codes import qr_png, qr_svg_file
from schedules.papers.qr_sheet import SheetCode, qr_sheet
from schedules.public.visibility import change_of
from schedules.states import PlanState
from streaming.keys import stream_key

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """name: of its field in the page."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Encoder:
    server: str
    key: str


@dataclass(frozen=True, slots=True)
class PackPage:
    """unit: whose visits the address counts for; units: those the bureau may choose from, empty for a unit."""

    broadcast: Broadcast
    unit_name: str
    change: str
    unit: Unit | None
    units: list[Unit]
    address: str
    notices: list[ShownNotice]
    encoder: Encoder | None
    is_bureau: bool


async def page(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    kit, portal = kit_of(request), portal_of(request)
    broadcast = await approved_for(visitor, request.path_params["number"])
    unit = await unit_asked_for(visitor, broadcast, request.query_params.get("unit"))
    facts = notice_facts(broadcast, unit, kit.settings)
    kinds = [right_notice(facts), *further_notices(facts)]
    is_bureau = visitor.role in BUREAU
    key = stream_key(portal.secrets.current, broadcast.id, broadcast.number, broadcast.key_version)
    shown = PackPage(
        broadcast=broadcast,
        unit_name=unit_name(broadcast),
        change=change_of(broadcast),
        unit=unit,
        units=present_units(await units(), kit) if is_bureau else [],
        address=facts.address,
        notices=[
            ShownNotice(kind.value, heading(kind, facts.delivery), notice(kind, facts)) for kind in kinds
        ],
        encoder=Encoder(kit.settings.public_rtmp_url, key) if can_be_pushed(broadcast) else None,
        is_bureau=is_bureau,
    )
    return await render(request, "portal/pack.html", shown)


async def poster(request: Request) -> Response:
    """Shown in the page and, with ?download, kept."""
    visitor = await require_role(request, *READERS)
    settings = kit_of(request).settings
    broadcast = await approved_for(visitor, request.path_params["number"])
    unit = await unit_asked_for(visitor, broadcast, request.query_params.get("unit"))
    drawn = poster_of(lecture_of(broadcast), settings.site_name)
    foot = foot_of(notice_facts(broadcast, unit, settings))
    body = await asyncio.to_thread(poster_png, drawn, foot, find_typeface(settings))
    if "download" in request.query_params:
        return download(body, f"{_name(broadcast, unit)} 海报.png", "image/png")
    return Response(body, media_type="image/png", headers={"cache-control": "no-store"})


async def code_file(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    settings = kit_of(request).settings
    broadcast = await approved_for(visitor, request.path_params["number"])
    unit = await unit_asked_for(visitor, broadcast, request.query_params.get("unit"))
    address = lecture_address(settings.public_url, broadcast.number, unit.code if unit else None)
    label = unit.name if unit else settings.site_name
    name = f"{_name(broadcast, unit)} 二维码"
    if request.url.path.endswith(".svg"):
        return download(qr_svg_file(address, label).encode(), f"{name}.svg", "image/svg+xml")
    body = await asyncio.to_thread(qr_png, address, label, find_typeface(settings))
    return download(body, f"{name}.png", "image/png")


async def sheet(request: Request) -> Response:
    """The codes of all units, for the bureau."""
    visitor = await require_role(request, *BUREAU)
    kit = kit_of(request)
    broadcast = await approved_for(visitor, request.path_params["number"])
    if broadcast.plan_state is PlanState.CANCELLED:
        raise Conflict("这一期已经取消，不用再印二维码。")
    when = zh_datetime(broadcast.starts_at) if broadcast.starts_at else "时间待定"
    codes = [
        SheetCode(each.name, lecture_address(kit.settings.public_url, broadcast.number, each.code))
        for each in present_units(await units(), kit)
    ]
    body = await asyncio.to_thread(
        qr_sheet,
        codes,
        find_typeface(kit.settings),
        title=f"《{broadcast.title}》收看二维码",
        subtitle=f"{kit.settings.site_name} {broadcast.number}　{when}　{unit_name(broadcast)}",
        made_at=kit.clock.now(),
    )
    return download(body, f"{broadcast.number} 全部单位二维码.pdf", "application/pdf")


async def form(request: Request) -> Response:
    """To be printed and signed before the approval, so it is there from 已下达 on."""
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    broadcast = await lecture_for(visitor, request.path_params["number"])
    if broadcast.plan_state is PlanState.DRAFT:
        raise Conflict("这一期还是草案，下达以后才有审批表。")
    filled = await approval_form_of(broadcast, kit.settings, kit.settings.prompt_issuer)
    body = await asyncio.to_thread(approval_form, filled, now=kit.clock.now())
    return download(body, f"{broadcast.number} 审批表.docx", DOCX)


def _name(broadcast: Broadcast, unit: Unit | None) -> str:
    return f"{broadcast.number} {unit.name}" if unit else broadcast.number


BASE = "/desk/broadcasts/{number}"
routes = [
    Route(f"{BASE}/pack", page),
    Route(f"{BASE}/pack/poster.png", poster),
    Route(f"{BASE}/pack/qr.svg", code_file),
    Route(f"{BASE}/pack/qr.png", code_file),
    Route(f"{BASE}/pack/codes.pdf", sheet),
    Route(f"{BASE}/approval-form.docx", form),
]
