"""My second factor: setting it up with a phone, recovery codes shown once, switching it off."""

from dataclasses import dataclass

from markupsafe import Markup
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.login import LockedOut, WrongCode, check_code
from accounts.models import Role, User
from accounts.owed import PASSWORD, SECOND_FACTOR
from accounts.second_factor import begin, codes_left, confirm, enrolment_uri, renew_codes, switch_off
from core.errors import Conflict, Forbidden, Invalid
from core.sealing import Sealer
from core.web.actors import actor_of
from core.web.desk_nav import HOME, DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import SomethingOwed, require_login
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from portal.qr import draw_qr
from portal.services import portal_of


class CodeForm(BaseModel):
    code: str = Field(title="验证码", max_length=40)


@dataclass(frozen=True, slots=True)
class SetUpPage:
    """picture: the QR code for the phone; secret: the same to type in groups of four."""

    form: Form[CodeForm]
    picture: Markup
    secret: str
    is_owed: bool


@dataclass(frozen=True, slots=True)
class OnPage:
    form: Form[CodeForm]
    codes_left: int


@dataclass(frozen=True, slots=True)
class CodesPage:
    codes: list[str]
    next: str


async def show(request: Request) -> Response:
    visitor, user = await _administrator(request)
    return await _page(request, visitor, user, Form())


async def set_up(request: Request) -> Response:
    visitor, user = await _administrator(request)
    form = await read_form(request, CodeForm)
    if form.data is not None:
        try:
            now = kit_of(request).clock.now()
            codes = await confirm(user, form.data.code, _sealer(request), by=actor_of(visitor), now=now)
        except Invalid as invalid:
            form.take(invalid)
        except Conflict as conflict:  # pressed twice: the codes are on the answer to the first press
            return _say(request, "attention", conflict.message)
        else:
            return await render(request, "portal/recovery_codes.html", CodesPage(codes, HOME))
    return await _page(request, visitor, user, form)


async def renew(request: Request) -> Response:
    visitor, user = await _administrator(request)
    form = await read_form(request, CodeForm)
    if not await _is_right(request, user, form):
        return await _page(request, visitor, user, form)
    codes = await renew_codes(user, by=actor_of(visitor), now=kit_of(request).clock.now())
    return await render(request, "portal/recovery_codes.html", CodesPage(codes, SECOND_FACTOR))


async def turn_off(request: Request) -> Response:
    visitor, user = await _administrator(request)
    form = await read_form(request, CodeForm)
    if not await _is_right(request, user, form):
        return await _page(request, visitor, user, form)
    await switch_off(user, by=actor_of(visitor), now=kit_of(request).clock.now())
    return _say(request, "done", "动态验证码已关闭，恢复码也已作废。换了手机请马上重新开启。")


async def _administrator(request: Request) -> tuple[Visitor, User]:
    visitor = await require_login(request, owing=True)
    if visitor.owes == PASSWORD:  # first things first
        raise SomethingOwed(visitor.owes)
    if visitor.role != Role.ADMINISTRATOR:
        raise Forbidden("动态验证码只用于管理员账号。")
    return visitor, await User.get(id=visitor.id)


async def _is_right(request: Request, user: User, form: Form[CodeForm]) -> bool:
    """With the reason at the field when it is not."""
    if user.totp_confirmed_at is None:
        form.errors["code"] = "动态验证码还没有开启。"
    elif form.data is not None:
        kit = kit_of(request)
        try:
            await check_code(
                user, form.data.code, _sealer(request), now=kit.clock.now(), settings=kit.settings
            )
        except (WrongCode, LockedOut) as refusal:
            form.errors["code"] = refusal.message
    return not form.errors


async def _page(request: Request, visitor: Visitor, user: User, form: Form[CodeForm]) -> Response:
    status = 422 if form.errors else 200
    if user.totp_confirmed_at is not None:
        page = OnPage(form, await codes_left(user))
        return await render(request, "portal/second_factor_on.html", page, status=status)
    secret = await begin(user, _sealer(request))
    uri = enrolment_uri(secret, user.username, kit_of(request).settings.site_name)
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    picture = draw_qr(uri, "用手机上的验证器扫描的二维码；不能扫描时请手动输入下面的密钥")
    page_off = SetUpPage(form, picture, groups, visitor.owes == SECOND_FACTOR)
    return await render(request, "portal/second_factor.html", page_off, status=status)


def _sealer(request: Request) -> Sealer:
    return Sealer(portal_of(request).secrets)


def _say(request: Request, kind: str, text: str) -> Response:
    response = redirect(request, SECOND_FACTOR)
    say(request, response, "done" if kind == "done" else "attention", text)
    return response


desk_places = [
    DeskPlace(SECOND_FACTOR, "smartphone", "动态验证码", (Role.ADMINISTRATOR,), "account"),
]

routes = [
    Route(SECOND_FACTOR, show, methods=["GET"]),
    Route(SECOND_FACTOR, set_up, methods=["POST"]),
    Route(f"{SECOND_FACTOR}/codes", renew, methods=["POST"]),
    Route(f"{SECOND_FACTOR}/off", turn_off, methods=["POST"]),
]
