"""My account: the places where I am logged in, and my password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.login import LockedOut, WrongLogin, check_password, end_session, open_session
from accounts.models import Session, User
from accounts.owed import PASSWORD
from accounts.passwords import TooManyLogins
from accounts.queries import open_sessions
from accounts.services import set_password
from core.audit import Actor
from core.errors import Invalid, NotFound
from core.web.actors import actor_of
from core.web.clients import client_of
from core.web.desk_nav import HOME, DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_login
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.sessions import current_session, remember_session
from portal.clients import describe_client


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: UUID
    where: str
    address: str
    began_at: datetime
    last_seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class SessionsPage:
    sessions: list[SessionLine]


class PasswordForm(BaseModel):
    current: str = Field(title="现在的口令", max_length=1000)
    new: str = Field(title="新口令", max_length=1000)
    again: str = Field(title="再输一次新口令", max_length=1000)


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """is_owed: nothing else can be done before."""

    form: Form[PasswordForm]
    is_owed: bool


async def sessions(request: Request) -> Response:
    visitor = await require_login(request)
    this_one = await current_session(request)
    user = await User.get(id=visitor.id)
    found = await open_sessions(user, kit_of(request).clock.now())
    lines = [_line(each, this_one.id if this_one else None) for each in found]
    return await render(request, "portal/sessions.html", SessionsPage(lines))


async def end(request: Request) -> Response:
    visitor = await require_login(request)
    session = await Session.get_or_none(id=request.path_params["id"], user_id=visitor.id)
    if session is None:
        raise NotFound("没有这次登录，可能已经退出。")
    await end_session(session.id, now=kit_of(request).clock.now())
    response = redirect(request, "/account/sessions")
    say(request, response, "done", "已让那一处退出登录。")
    return response


async def password(request: Request) -> Response:
    visitor = await require_login(request, owing=True)
    return await render(request, "portal/password.html", PasswordPage(Form(), visitor.owes == PASSWORD))


async def change_password(request: Request) -> Response:
    visitor = await require_login(request, owing=True)
    form = await read_form(request, PasswordForm)
    if form.data is not None:
        token = await _change(request, visitor.username, form, form.data, actor_of(visitor))
        if token is not None:
            response = redirect(request, HOME if visitor.owes == PASSWORD else "/account/password")
            remember_session(request, response, token)
            say(request, response, "done", "口令已经更换，其他地方的登录都已退出。")
            return response
    return await render(
        request, "portal/password.html", PasswordPage(form, visitor.owes == PASSWORD), status=422
    )


async def _change(
    request: Request, username: str, form: Form[PasswordForm], typed: PasswordForm, by: Actor
) -> str | None:
    """The token of a new session; None when something is wrong, with the reason at its field."""
    if typed.new != typed.again:
        form.errors["again"] = "两次输入的新口令不一样，请重新输入。"
        return None
    if typed.new == typed.current:
        form.errors["new"] = "新口令和现在的一样，请换一个。"
        return None
    kit = kit_of(request)
    now, client = kit.clock.now(), client_of(request)
    try:
        # The login's own check: it counts wrong tries, so a session left open is no way to guess the password.
        await check_password(username, typed.current, now=now, settings=kit.settings)
        user = await set_password(username, typed.new, now=now, by=by)
    except WrongLogin:
        form.errors["current"] = "现在的口令不对，请重新输入。"
        return None
    except (LockedOut, TooManyLogins) as locked:
        form.errors["current"] = locked.message
        return None
    except Invalid as invalid:
        form.errors["new"] = invalid.fields.get("password", invalid.message)
        return None
    _, token = await open_session(user, now=now, client=client, settings=kit.settings)
    return token


def _line(session: Session, this_one: UUID | None) -> SessionLine:
    where, address = describe_client(session.client)
    return SessionLine(
        id=session.id,
        where=where,
        address=address,
        began_at=session.created_at,
        last_seen_at=session.last_seen_at,
        is_this_one=session.id == this_one,
    )


desk_places = [
    DeskPlace("/account/sessions", "monitor-play", "登录情况", group="account"),
    DeskPlace("/account/password", "key-round", "更换口令", group="account"),
]

routes = [
    Route("/account/sessions", sessions),
    Route("/account/sessions/{id:uuid}/end", end, methods=["POST"]),
    Route("/account/password", password, methods=["GET"]),
    Route("/account/password", change_password, methods=["POST"]),
]
