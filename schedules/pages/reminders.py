"""Reminders at the desk: what was said, what did not arrive, the text to paste; and whom they go to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role, Unit
from accounts.queries import find_unit
from core.errors import Invalid, NotFound
from core.messengers import messengers_of
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role, safe_return
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import ReminderContact
from schedules.models.reminder import Outcome
from schedules.reminders.contacts import Contact, set_contact
from schedules.reminders.queries import (
    OUTCOME_LABELS,
    WAY_LABELS,
    Told,
    contacts,
    count_undelivered,
    reminders,
)
from schedules.reminders.rules import KIND_LABELS, ReminderKind
from schedules.reminders.sending import seen, sent_by_hand, text_with_link

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
READERS = (*BUREAU, Role.OFFICIAL, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class RemindersPage:
    told: list[Told]
    undelivered: int
    shows_all: bool
    may_act: bool
    may_write: bool
    ways: list[str]
    """The ways that are set up, as they are called."""
    kind_labels: Mapping[ReminderKind, str]
    way_labels: Mapping[str, str]
    outcome_labels: Mapping[Outcome, str]


class SentForm(BaseModel):
    how: str = Field("", title="怎么发的", max_length=200)


class LinkForm(BaseModel):
    holder: str = Field("", title="发给谁", max_length=40)


@dataclass(frozen=True, slots=True)
class LinkPage:
    text: str
    hours: int


class ContactForm(BaseModel):
    person: str = Field("", title="姓名", max_length=80)
    mobile: str = Field("", title="手机号", max_length=40)
    mail: str = Field("", title="邮箱", max_length=200)


@dataclass(frozen=True, slots=True)
class ContactsPage:
    lines: list[tuple[Unit, ReminderContact | None]]


@dataclass(frozen=True, slots=True)
class ContactPage:
    unit: Unit
    contact: ReminderContact | None
    form: Form[ContactForm]


async def show_all(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    now = kit.clock.now()
    shows_all = request.query_params.get("which") == "all"
    page = RemindersPage(
        told=await reminders(now, undelivered=not shows_all),
        undelivered=await count_undelivered(now),
        shows_all=shows_all,
        may_act=visitor.role in BUREAU,
        may_write=visitor.role == Role.ADMINISTRATOR,
        ways=[WAY_LABELS[way] for way in messengers_of(kit.settings)],
        kind_labels=KIND_LABELS,
        way_labels=WAY_LABELS,
        outcome_labels=OUTCOME_LABELS,
    )
    return await render(request, "schedules/reminders.html", page)


async def mark_sent(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    form = await read_form(request, SentForm)
    how = form.data.how if form.data is not None else form.value("how")
    await sent_by_hand(
        request.path_params["id"], how=how, by=actor_of(visitor), now=kit_of(request).clock.now()
    )
    response = redirect(request, "/desk/reminders")
    say(request, response, "done", "已记下这条提醒送到了单位。")
    return response


async def make_link(request: Request) -> Response:
    """The text with a new link, shown this once: only the link's hash is kept."""
    visitor = await require_role(request, *BUREAU)
    kit = kit_of(request)
    form = await read_form(request, LinkForm)
    text = await text_with_link(
        request.path_params["id"],
        holder=form.value("holder")[:40],
        by=actor_of(visitor),
        now=kit.clock.now(),
        settings=kit.settings,
    )
    return await render(request, "schedules/reminder_link.html", LinkPage(text, kit.settings.link_hours))


async def mark_seen(request: Request) -> Response:
    """By the unit, from the bar on its desk."""
    visitor = await require_role(request, Role.LIAISON)
    await seen(
        request.path_params["id"],
        unit_code=visitor.unit_code or "",
        by=actor_of(visitor),
        now=kit_of(request).clock.now(),
    )
    async with request.form(max_fields=4, max_files=0) as submitted:
        back = submitted.get("back")
    return redirect(request, safe_return(back) if isinstance(back, str) else "/desk")


async def show_contacts(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    return await render(request, "schedules/reminder_contacts.html", ContactsPage(await contacts()))


async def show_contact(request: Request) -> Response:
    return await _contact_page(request, Form(), status=200)


async def save_contact(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, ContactForm)
    code = request.path_params["code"]
    if form.data is not None:
        entered = Contact(form.data.person, form.data.mobile, form.data.mail)
        try:
            await set_contact(code, entered, by=actor_of(visitor), now=kit_of(request).clock.now())
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, "/desk/reminders/contacts")
            say(request, response, "done", "收件人已保存，下一条提醒就用它。")
            return response
    return await _contact_page(request, form, status=422)


async def _contact_page(request: Request, form: Form[ContactForm], *, status: int) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    unit = await find_unit(request.path_params["code"])
    if unit is None:
        raise NotFound("没有这个单位，请从名单里选。")
    contact = await ReminderContact.get_or_none(unit_id=unit.code)
    return await render(
        request, "schedules/reminder_contact.html", ContactPage(unit, contact, form), status=status
    )


async def _count(_visitor: Visitor, now: datetime) -> int:
    return await count_undelivered(now)


desk_places = [
    DeskPlace("/desk/reminders", "bell", "提醒", READERS, "follow-up", _count, "条提醒没有送到"),
]
routes = [
    Route("/desk/reminders", show_all),
    Route("/desk/reminders/contacts", show_contacts),
    Route("/desk/reminders/contacts/{code}", show_contact, methods=["GET"]),
    Route("/desk/reminders/contacts/{code}", save_contact, methods=["POST"]),
    Route("/desk/reminders/{id:uuid}/sent", mark_sent, methods=["POST"]),
    Route("/desk/reminders/{id:uuid}/link", make_link, methods=["POST"]),
    Route("/desk/reminders/{id:uuid}/seen", mark_seen, methods=["POST"]),
]
