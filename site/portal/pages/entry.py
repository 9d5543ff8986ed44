"""Logging in and out."""

from dataclasses import dataclass
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.login import (
    LockedOut,
    LoginTooOld,
    WrongCode,
    WrongLogin,
    end_session,
    log_in,
    pass_second_factor,
)
from accounts.passwords import TooManyLogins
from core.sealing import Sealer
from core.web.clients import client_of
from core.web.desk_nav import HOME
from core.web.forms import Form, read_form
from core.web.guards import safe_return
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.sessions import current_session, forget_session, remember_session
from portal.services import portal_of

HALF_WAY = "wkt_login"
"""The cookie of somebody whose password was right and whose code is still to come."""


class LoginForm(BaseModel):
    username: str = Field(title="用户名", max_length=100)
    password: str = Field(title="口令", max_length=1000)


class CodeForm(BaseModel):
    code: str = Field(title="验证码", max_length=40)


@dataclass(frozen=True, slots=True)
class LoginCodePage:
    form: Form[CodeForm]
    next: str


@dataclass(frozen=True, slots=True)
class LoginPage:
    """next: where to go afterwards; refusal: why it did not work."""

    form: Form[LoginForm]
    next: str
    refusal: str = ""


async def show(request: Request) -> Response:
    target = request.query_params.get("next", "")
    if await current_session(request) is not None:
        return redirect(request, safe_return(target))
    return await render(request, "portal/login.html", LoginPage(Form(), next=target))


async def log_in_by_form(request: Request) -> Response:
    kit = kit_of(request)
    target = request.query_params.get("next", "")
    form = await read_form(request, LoginForm)
    if form.data is None:
        return await render(request, "portal/login.html", LoginPage(form, next=target), status=422)
    try:
        session, token = await log_in(
            form.data.username,
            form.data.password,
            now=kit.clock.now(),
            client=client_of(request),
            settings=kit.settings,
        )
    except (WrongLogin, LockedOut, TooManyLogins) as refusal:
        page = LoginPage(form, next=target, refusal=refusal.message)
        return await render(request, "portal/login.html", page, status=403)
    if session.awaits_code:
        response = redirect(request, "/login/code" + (f"?next={quote(target, safe='')}" if target else ""))
        _keep(request, response, token)
        return response
    return _enter(request, token, target)


async def show_code(request: Request) -> Response:
    if HALF_WAY not in request.cookies:
        return redirect(request, "/login")
    page = LoginCodePage(Form(), next=request.query_params.get("next", ""))
    return await render(request, "portal/login_code.html", page)


async def pass_code(request: Request) -> Response:
    kit = kit_of(request)
    target = request.query_params.get("next", "")
    form = await read_form(request, CodeForm)
    if form.data is None:
        return await render(request, "portal/login_code.html", LoginCodePage(form, next=target), status=422)
    try:
        _, token = await pass_second_factor(
            request.cookies.get(HALF_WAY, ""),
            form.data.code,
            Sealer(portal_of(request).secrets),
            now=kit.clock.now(),
            client=client_of(request),
            settings=kit.settings,
        )
    except LoginTooOld as late:
        response = redirect(request, "/login")
        say(request, response, "attention", late.message)
        return response
    except (WrongCode, LockedOut) as refusal:
        form.errors["code"] = refusal.message
        return await render(request, "portal/login_code.html", LoginCodePage(form, next=target), status=403)
    entered = _enter(request, token, target)
    entered.delete_cookie(HALF_WAY, path=kit.cookie_path, secure=kit.is_https, httponly=True, samesite="lax")
    return entered


def _enter(request: Request, token: str, target: str) -> Response:
    response = redirect(request, safe_return(target) if target else HOME)
    remember_session(request, response, token)
    return response


def _keep(request: Request, response: Response, token: str) -> None:
    """Between password and code."""
    kit = kit_of(request)
    response.set_cookie(
        HALF_WAY, token, path=kit.cookie_path, secure=kit.is_https, httponly=True, samesite="lax"
    )


async def log_out(request: Request) -> Response:
    session = await current_session(request)
    response = redirect(request, "/")
    if session is not None:
        await end_session(session.id, now=kit_of(request).clock.now())
        forget_session(request, response)
        say(request, response, "done", "已退出登录。")
    return response


routes = [
    Route("/login", show, methods=["GET"]),
    Route("/login", log_in_by_form, methods=["POST"]),
    Route("/login/code", show_code, methods=["GET"]),
    Route("/login/code", pass_code, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
]
