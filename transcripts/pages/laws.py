"""法律修订: the laws that published subtitles name, and the mark that one was revised since."""

import datetime as dt
from dataclasses import dataclass, field

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from transcripts.laws.links import LawLink, law_link, short_name
from transcripts.laws.marking import LONGEST_NOTE, mark_revised, take_back_mark
from transcripts.laws.queries import LawLine, laws_spoken_of

PLACE = "/desk/laws"
READERS = (Role.ADMINISTRATOR, Role.OFFICIAL, Role.AUDITOR)


class RevisionForm(BaseModel):
    law: str = Field(title="法律", max_length=80)
    since: dt.date = Field(title="施行日期")
    note: str = Field("", title="说明", max_length=LONGEST_NOTE)


class TakeBackForm(BaseModel):
    law: str = Field(title="法律", max_length=80)


@dataclass(frozen=True, slots=True)
class LawsPage:
    """asked: part of a law's name. chosen: the law whose form is open."""

    lines: list[LawLine]
    asked: str
    may_mark: bool
    links: dict[str, LawLink]
    chosen: str = ""
    form: Form[RevisionForm] = field(default_factory=Form)


async def page(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _page(request)


async def mark(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, RevisionForm)
    if form.data is not None:
        given = form.data
        try:
            await mark_revised(
                given.law, given.since, given.note, by=actor_of(visitor), now=kit_of(request).clock.now()
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, PLACE)
            say(request, response, "done", f"已标记《{short_name(given.law)}》修订，相关回看上已经显示。")
            return response
    return await _page(request, form=form)


async def take_back(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, TakeBackForm)
    if form.data is None:
        raise NotFound
    await take_back_mark(form.data.law, by=actor_of(visitor), now=kit_of(request).clock.now())
    response = redirect(request, PLACE)
    say(request, response, "done", f"已撤销《{short_name(form.data.law)}》的修订标记，回看上不再显示。")
    return response


async def _page(request: Request, *, form: Form[RevisionForm] | None = None) -> Response:
    visitor = await require_role(request, *READERS)
    asked = request.query_params.get("law", "").strip("《》 ")[:80]
    lines = await laws_spoken_of()
    database_url = kit_of(request).settings.law_database_url
    view = LawsPage(
        lines=[each for each in lines if asked in each.law],
        asked=asked,
        may_mark=visitor.role == Role.ADMINISTRATOR,
        links={each.law: law_link(each.law, database_url) for each in lines},
        chosen=form.value("law") if form else "",
        form=form or Form(),
    )
    return await render(request, "transcripts/laws.html", view, status=422 if form else 200)


routes = [
    Route(PLACE, page),
    Route(PLACE + "/mark", mark, methods=["POST"]),
    Route(PLACE + "/take-back", take_back, methods=["POST"]),
]
desk_places = [DeskPlace(PLACE, "book-open", "法律修订", READERS, "follow-up")]
