"""工作日历: the days off of a year and where they are known from; announcements and days of the bureau's own."""

import asyncio
import datetime as dt
from dataclasses import dataclass, field

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import CHINA
from core.errors import Invalid, NotFound
from core.web.actors import actor_of
from core.web.body import widen_body
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.uploads import read_upload
from schedules.models.calendar import CalendarDay, CalendarYear
from schedules.pages.year import READERS, WRITERS
from schedules.workdays.announcement import LARGEST_FILE, Announcement, read_announcement
from schedules.workdays.calendars import days_of_year
from schedules.workdays.changing import import_announcement, remove_local_day, set_local_day
from schedules.workdays.days import DayKind

PLACE = "/desk/calendar"
YEARS_BACK, YEARS_AHEAD = 1, 3
SPARE_BYTES = 64 * 1024
"""Beside the file: the form's other fields and what is between them."""
LONGEST_SOURCE = 120
MOST_FAULTS = 20
"""So many faults of a file are shown; whoever has mended them sees the rest."""


class LocalDayForm(BaseModel):
    day: dt.date = Field(title="日期")
    kind: DayKind = Field(title="安排")
    name: str = Field(title="名称", max_length=60)


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """known None: the table holds nothing of the year. faults: of a file that was not taken in."""

    year: int
    years: list[int]
    known: CalendarYear | None
    days: list[CalendarDay]
    may_plan: bool
    form: Form[LocalDayForm] = field(default_factory=Form)
    faults: list[str] = field(default_factory=list)


async def present(request: Request) -> Response:
    await require_role(request, *READERS)
    return redirect(request, f"{PLACE}/{kit_of(request).clock.now().astimezone(CHINA).year + 1}")


async def page(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _page(request)


async def take_announcement(request: Request) -> Response:
    """What the State Council has announced, in place of what was expected. The file names its year itself."""
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    _year(request)
    seconds = kit.settings.http_body_seconds
    widen_body(request, most_bytes=LARGEST_FILE + SPARE_BYTES, seconds=seconds)
    upload, values = await read_upload(request, "file", most_bytes=LARGEST_FILE)
    source = values.get("source", "")[:LONGEST_SOURCE]
    try:
        if not upload.data:
            raise Invalid({"file": "请先选文件，再点导入。"})
        found: Announcement = await asyncio.to_thread(read_announcement, upload.data, upload.name, source)
    except Invalid as invalid:
        return await _page(request, faults=list(invalid.fields.values()))
    changes = await import_announcement(
        found, by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings
    )
    response = redirect(request, f"{PLACE}/{found.year}")
    told = (
        f"有 {len(changes)} 天与原来预计的不同，要调整的期次列在全年排期里" if changes else "与原来的完全一样"
    )
    say(request, response, "done", f"已导入 {found.year} 年放假安排，{told}。")
    return response


async def set_day(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    year = _year(request)
    kit = kit_of(request)
    form = await read_form(request, LocalDayForm)
    if form.data is not None and form.data.day.year != year:
        form.take(Invalid({"day": f"请填 {year} 年的日子；别的年份请先翻到那一年。"}))
    elif form.data is not None:
        try:
            await set_local_day(
                form.data.day,
                form.data.kind,
                form.data.name,
                by=actor_of(visitor),
                now=kit.clock.now(),
                settings=kit.settings,
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, f"{PLACE}/{year}")
            say(request, response, "done", f"已记下 {form.data.day:%-m月%-d日}，以它为准。")
            return response
    return await _page(request, form=form)


async def remove_day(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    year = _year(request)
    try:
        day = dt.date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise NotFound from None
    kit = kit_of(request)
    await remove_local_day(day, by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings)
    response = redirect(request, f"{PLACE}/{year}")
    say(request, response, "done", f"已删去 {day:%-m月%-d日}的本局设定，恢复原来的安排。")
    return response


def _years(request: Request) -> list[int]:
    present = kit_of(request).clock.now().astimezone(CHINA).year
    return list(range(present - YEARS_BACK, present + YEARS_AHEAD + 1))


def _year(request: Request) -> int:
    """Raises NotFound."""
    year: int = request.path_params["year"]
    if year not in _years(request):
        raise NotFound(f"这里不能看 {year} 年的工作日历。")
    return year


async def _page(
    request: Request, *, form: Form[LocalDayForm] | None = None, faults: list[str] | None = None
) -> Response:
    """With a form or faults: of what could not be taken."""
    visitor = await require_role(request, *READERS)
    year = _year(request)
    known, days = await days_of_year(year)
    found = CalendarPage(
        year=year,
        years=_years(request),
        known=known,
        days=days,
        may_plan=visitor.role in WRITERS,
        form=form or Form(),
        faults=(faults or [])[:MOST_FAULTS],
    )
    status = 422 if form or faults else 200
    return await render(request, "schedules/working_calendar.html", found, status=status)


routes = [
    Route(PLACE, present),
    Route(PLACE + "/{year:int}", page),
    Route(PLACE + "/{year:int}/announcement", take_announcement, methods=["POST"]),
    Route(PLACE + "/{year:int}/days", set_day, methods=["POST"]),
    Route(PLACE + "/{year:int}/days/{day}/remove", remove_day, methods=["POST"]),
]
desk_places = [DeskPlace(PLACE, "clock", "工作日历", READERS, "plan")]
