"""人员: accounts and what an administrator does with them. Passwords and links are shown once, on the very answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.links import issue_link
from accounts.models import Role, Unit, User
from accounts.people import (
    NewPerson,
    add_person,
    get_person,
    give_new_password,
    hand_over,
    lock_user,
    unlock_user,
)
from accounts.queries import units, users
from accounts.second_factor import switch_off
from accounts.units import takes_turns, today_of
from core.errors import Conflict, Invalid
from core.grants import LinkPurpose
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say

ROLE_NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "管理员",
    Role.DUTY: "值班员",
    Role.LIAISON: "联络员",
    Role.OFFICIAL: "领导（只读）",
    Role.AUDITOR: "审计员",
}
PEOPLE = "/desk/people"


class PersonForm(BaseModel):
    display_name: str = Field(title="姓名", max_length=200)
    username: str = Field(title="用户名", max_length=200)
    role: Role = Field(title="角色")
    unit: str = Field("", title="所属单位", max_length=16)


class HandOverForm(BaseModel):
    display_name: str = Field(title="新联络员姓名", max_length=200)
    username: str = Field(title="新联络员用户名", max_length=200)


class LinkForm(BaseModel):
    subject: str = Field("", title="期次编号", max_length=16)


@dataclass(frozen=True, slots=True)
class RoleTab:
    """role is empty for all."""

    role: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    people: list[User]
    tabs: list[RoleTab]
    chosen: str
    role_names: Mapping[Role, str]


@dataclass(frozen=True, slots=True)
class NewPersonPage:
    form: Form[PersonForm]
    role_names: Mapping[Role, str]
    units: list[Unit]


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: User
    role_name: str
    is_me: bool
    form: Form[HandOverForm]


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """What is shown once. replaced: the name of who was replaced, empty for none."""

    person: User
    password: str
    replaced: str
    login: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    person: User
    address: str
    hours: int


async def show_people(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    found = await users()
    chosen = request.query_params.get("role", "")
    chosen = chosen if chosen in {role.value for role in Role} else ""
    tabs = [RoleTab("", "全部", len(found))]
    tabs += [
        RoleTab(role.value, name, sum(each.role is role for each in found))
        for role, name in ROLE_NAMES.items()
    ]
    listed = [each for each in found if not chosen or each.role.value == chosen]
    listed.sort(key=lambda each: (not each.active, each.unit.display_order if each.unit else 0))
    return await render(request, "accounts/people.html", PeoplePage(listed, tabs, chosen, ROLE_NAMES))


async def show_new(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    given = {"role": Role.LIAISON.value, "unit": request.query_params.get("unit", "")}
    return await _new_page(request, Form(given), status=200)


async def create(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, PersonForm)
    if form.data is not None:
        try:
            person = await add_person(
                form.data.username,
                form.data.display_name,
                form.data.role,
                unit_code=form.data.unit,
                by=actor_of(visitor),
                now=kit_of(request).clock.now(),
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            return await _password_page(request, person)
    return await _new_page(request, form, status=422)


async def show_person(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    return await _person_page(request, Form(), status=200)


async def lock(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    try:
        user = await lock_user(
            request.path_params["id"], by=actor_of(visitor), now=kit_of(request).clock.now()
        )
    except Conflict as conflict:
        return _back(request, "attention", conflict.message)
    return _back(request, "done", f"{user.display_name}的账号已停用，登录和链接都已失效。")


async def unlock(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    user = await unlock_user(request.path_params["id"], by=actor_of(visitor), now=kit_of(request).clock.now())
    return _back(request, "done", f"{user.display_name}的账号已启用，可以用原来的口令登录。")


async def new_password(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    try:
        person = await give_new_password(
            request.path_params["id"], by=actor_of(visitor), now=kit_of(request).clock.now()
        )
    except Conflict as conflict:
        return _back(request, "attention", conflict.message)
    return await _password_page(request, person)


async def drop_second_factor(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    person = await get_person(request.path_params["id"])
    if person.id == visitor.id:
        return _back(request, "attention", "自己的动态验证码请在“动态验证码”页面关闭，要输入现在的验证码。")
    await switch_off(person, by=actor_of(visitor), now=kit_of(request).clock.now())
    return _back(request, "done", f"{person.display_name}的动态验证码已关闭，请提醒本人登录后马上重新开启。")


async def replace(request: Request) -> Response:
    """更换联络员"""
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, HandOverForm)
    if form.data is None:
        return await _person_page(request, form, status=422)
    old = await get_person(request.path_params["id"])
    try:
        new = await hand_over(
            old.id,
            form.data.username,
            form.data.display_name,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _person_page(request, form, status=422)
    except Conflict as conflict:
        return _back(request, "attention", conflict.message)
    return await _password_page(request, new, replaced=old.display_name)


async def new_link(request: Request) -> Response:
    """A one-time link for a liaison, in one click."""
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, LinkForm)
    person = await get_person(request.path_params["id"])
    if person.unit is None or person.role is not Role.LIAISON:
        return _back(request, "attention", "一次性链接只发给联络员，其他人员请用口令登录。")
    kit = kit_of(request)
    try:
        token = await issue_link(
            LinkPurpose.LIAISON,
            unit_code=person.unit.code,
            subject=form.data.subject if form.data else "",
            holder=person.username,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except (Conflict, Invalid) as refused:
        return _back(request, "attention", refused.message)
    page = LinkPage(person, kit.absolute(f"/link/{token}"), kit.settings.link_hours)
    return await render(request, "accounts/new_link.html", page)


async def _new_page(request: Request, form: Form[PersonForm], *, status: int) -> Response:
    today = today_of(kit_of(request).clock.now())
    listed = [unit for unit in await units() if takes_turns(unit, today)]
    page = NewPersonPage(form, ROLE_NAMES, listed)
    return await render(request, "accounts/person_new.html", page, status=status)


async def _person_page(request: Request, form: Form[HandOverForm], *, status: int) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    person = await get_person(request.path_params["id"])
    page = PersonPage(person, ROLE_NAMES[person.role], person.id == visitor.id, form)
    return await render(request, "accounts/person.html", page, status=status)


async def _password_page(request: Request, made: NewPerson, *, replaced: str = "") -> Response:
    person = await get_person(made.user.id)
    page = PasswordPage(person, made.password, replaced, kit_of(request).absolute("/login"))
    return await render(request, "accounts/person_password.html", page)


def _back(request: Request, kind: str, text: str) -> Response:
    response = redirect(request, f"{PEOPLE}/{request.path_params['id']}")
    say(request, response, "done" if kind == "done" else "attention", text)
    return response


desk_places = [DeskPlace(PEOPLE, "user-round", "人员", (Role.ADMINISTRATOR,), "house")]

routes = [
    Route(PEOPLE, show_people, methods=["GET"]),
    Route(PEOPLE, create, methods=["POST"]),
    Route(f"{PEOPLE}/new", show_new, methods=["GET"]),
    Route(f"{PEOPLE}/{{id:uuid}}", show_person, methods=["GET"]),
    Route(f"{PEOPLE}/{{id:uuid}}/lock", lock, methods=["POST"]),
    Route(f"{PEOPLE}/{{id:uuid}}/unlock", unlock, methods=["POST"]),
    Route(f"{PEOPLE}/{{id:uuid}}/password", new_password, methods=["POST"]),
    Route(f"{PEOPLE}/{{id:uuid}}/second-factor", drop_second_factor, methods=["POST"]),
    Route(f"{PEOPLE}/{{id:uuid}}/replace", replace, methods=["POST"]),
    Route(f"{PEOPLE}/{{id:uuid}}/link", new_link, methods=["POST"]),
]
