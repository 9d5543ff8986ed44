"""/u/CODE: the address on a unit's wall, for years, and the sheets with its QR code."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from accounts.models import Role, Unit
from accounts.queries import find_unit, units
from core.clock import CHINA
from core.errors import Forbidden, NotFound
from core.fonts import find_typeface
from core.web.desk_nav import DeskPlace
from core.web.downloads import download
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import WebKit, kit_of
from core.web.pages import render
from schedules.papers.addresses import wall_address
from schedules.papers.qr_codes import qr_png, qr_svg_file
from schedules.papers.qr_sheet import SheetCode, wall_sheet
from schedules.public.leading import counted_unit, leading_lecture

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
READERS = (*BUREAU, Role.LIAISON)
PLACE = "/desk/wall"


@dataclass(frozen=True, slots=True)
class UnknownPage:
    code: str


@dataclass(frozen=True, slots=True)
class WallCode:
    code: str
    name: str
    address: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class WallPage:
    codes: list[WallCode]
    is_bureau: bool


async def lead(request: Request) -> Response:
    """302 to the lecture of the hour, never stored: the next scan of the same code may lead elsewhere."""
    kit = kit_of(request)
    code: str = request.path_params["code"]
    unit = await find_unit(code)
    if unit is None:
        return await render(request, "portal/wall_unknown.html", UnknownPage(code[:16]), status=404)
    now = kit.clock.now()
    counted = await counted_unit(unit, now.astimezone(CHINA).date())
    lecture = await leading_lecture(now)
    path = f"/l/{lecture.number}" if lecture else "/"
    query = f"?{urlencode({'u': counted.code})}" if counted else ""
    return RedirectResponse(kit.url(path) + query, status_code=302, headers={"cache-control": "no-store"})


async def page(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    return await render(
        request, "portal/wall.html", WallPage(await _codes(request, visitor), visitor.role in BUREAU)
    )


async def sheet(request: Request) -> Response:
    """One page a unit: of all for the bureau, of one by ?unit=, a unit's own for its liaison."""
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    codes = await _codes(request, visitor)
    asked = request.query_params.get("unit")
    if asked is not None:
        codes = [_one_of(codes, asked)]
    elif not codes:
        raise NotFound("还没有责任单位，请先在“责任单位”里导入。")
    body = await asyncio.to_thread(
        wall_sheet,
        [SheetCode(each.name, each.address) for each in codes],
        find_typeface(kit.settings),
        site=kit.settings.site_name,
        owner=kit.settings.site_owner,
        made_at=kit.clock.now(),
    )
    name = codes[0].name if len(codes) == 1 else "全部单位"
    return download(body, f"{name} 墙贴二维码.pdf", "application/pdf")


async def code_file(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    code = _one_of(await _codes(request, visitor), request.path_params["code"])
    name = f"{code.name} 墙贴二维码"
    if request.url.path.endswith(".svg"):
        return download(qr_svg_file(code.address, code.name).encode(), f"{name}.svg", "image/svg+xml")
    body = await asyncio.to_thread(qr_png, code.address, code.name, find_typeface(kit.settings))
    return download(body, f"{name}.png", "image/png")


async def _codes(request: Request, visitor: Visitor) -> list[WallCode]:
    """Those the visitor may hang up, in the official order; of units that are there no longer none."""
    kit = kit_of(request)
    found = present_units(await units(), kit)
    if visitor.role not in BUREAU:
        found = [unit for unit in found if unit.code == visitor.unit_code]
    address = kit.settings.public_url
    return [
        WallCode(unit.code, unit.name, wall_address(address, unit.code), unit.is_sample) for unit in found
    ]


def present_units(found: list[Unit], kit: WebKit) -> list[Unit]:
    """Those that have not ended today, in China."""
    today = kit.clock.now().astimezone(CHINA).date()
    return [unit for unit in found if unit.retired_on is None or unit.retired_on > today]


def _one_of(codes: list[WallCode], code: str) -> WallCode:
    found = next((each for each in codes if each.code == code), None)
    if found is None:
        raise Forbidden("您只能下载本单位的二维码。单位代码请在“墙贴二维码”页面核对。")
    return found


routes = [
    Route("/u/{code}", lead),
    Route(PLACE, page),
    Route(f"{PLACE}/codes.pdf", sheet),
    Route(f"{PLACE}/{{code}}/qr.svg", code_file),
    Route(f"{PLACE}/{{code}}/qr.png", code_file),
]
desk_places = [DeskPlace(PLACE, "qr-code", "墙贴二维码", READERS, "lectures")]
