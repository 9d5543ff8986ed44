"""往年数字: what was published of years before the platform counted, with its source, as 旧口径."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.earlier_years import LONGEST_SOURCE, earlier_years, enter_year
from audience.models import EarlierYear
from core.clock import CHINA
from core.errors import Conflict, Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say

PATH = "/desk/earlier-years"
READERS = (Role.ADMINISTRATOR, Role.OFFICIAL, Role.AUDITOR)


class YearForm(BaseModel):
    year: int = Field(title="年份")
    lectures: int | None = Field(None, title="直播普法次数")
    views: int | None = Field(None, title="收看人次")
    is_at_least: str = ""
    source: str = Field(title="来源", max_length=LONGEST_SOURCE)
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class YearsPage:
    years: list[EarlierYear]
    form: Form[YearForm]
    corrects: int | None
    """The year whose entry is being corrected."""
    last_year: int
    may_enter: bool


async def show(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _page(request, Form())


async def correct(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    row = await EarlierYear.get_or_none(year=request.path_params["year"])
    if row is None:
        raise NotFound("没有填过这一年的数字。")
    values = {
        "year": str(row.year),
        "lectures": "" if row.lectures is None else str(row.lectures),
        "views": "" if row.views is None else str(row.views),
        "is_at_least": "yes" if row.is_at_least else "",
        "source": row.source,
        "replaces": "yes",
    }
    return await _page(request, Form(values))


async def enter(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, YearForm)
    if form.data is None:
        return await _page(request, form, status=422)
    given = form.data
    try:
        row = await enter_year(
            given.year,
            lectures=given.lectures,
            views=given.views,
            is_at_least=given.is_at_least == "yes",
            source=given.source,
            replaces=given.replaces == "yes",
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _page(request, form, status=422)
    except Conflict as conflict:
        form.errors["year"] = conflict.message
        return await _page(request, form, status=409)
    response = redirect(request, PATH)
    say(request, response, "done", f"{row.year} 年的数字已经记下，按旧口径列出。")
    return response


async def _page(request: Request, form: Form[YearForm], *, status: int = 200) -> Response:
    visitor = await require_role(request, *READERS)
    year = form.value("year")
    page = YearsPage(
        years=list(await earlier_years()),
        form=form,
        corrects=int(year) if form.value("replaces") == "yes" and year.isdecimal() else None,
        last_year=kit_of(request).clock.now().astimezone(CHINA).year - 1,
        may_enter=visitor.role == Role.ADMINISTRATOR,
    )
    return await render(request, "audience/earlier_years.html", page, status=status)


desk_places = [DeskPlace(PATH, "history", "往年数字", READERS, "house")]

routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, enter, methods=["POST"]),
    Route(PATH + "/{year:int}", correct),
]
