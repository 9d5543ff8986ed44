"""Logging in and out."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.login import LockedOut, WrongLogin, end_session, log_in
from accounts.passwords import TooManyLogins
from core.web.clients import client_of
from core.web.desk_nav import HOME
from core.web.forms import Form, read_form
from core.web.guards import safe_return
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.sessions import current_session, forget_session, remember_session


class LoginForm(BaseModel):
    username: str = Field(title="用户名", max_length=100)
    password: str = Field(title="口令", max_length=1000)


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
    response = redirect(request, safe_return(target) if target else HOME)
    remember_session(request, response, token)
    return response


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
    Route("/logout", log_out, methods=["POST"]),
]
