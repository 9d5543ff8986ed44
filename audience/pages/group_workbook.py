"""集中收看 of many townships by one table: the template, and taking it in. All of it or nothing."""

import asyncio
from datetime import date

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from audience.group_rows import read_places
from audience.group_viewing import Viewing
from audience.group_workbook import MIME, places_workbook
from audience.pages.group_viewing import PATH, report, reportable, show
from core.settings import Settings
from core.web.downloads import download
from core.web.forms import check_form
from core.web.kit import kit_of
from core.web.uploads import read_upload
from core.workbooks import WorkbookLimits, WorkbookRefused, read_table
from schedules.pages.access import require_liaison

TEMPLATE_NAME = "集中收看情况表.xlsx"


class TableForm(BaseModel):
    watched_on: date = Field(title="收看日期")
    reason: str = Field("", title="更正的原因", max_length=200)
    seen: str = ""


def limits_of(settings: Settings) -> WorkbookLimits:
    return WorkbookLimits(
        bytes=settings.group_file_kib * 1024,
        unpacked_bytes=settings.workbook_unpacked_mib * 1024 * 1024,
        rows=settings.group_file_rows,
        columns=settings.roster_columns,
    )


async def template(request: Request) -> Response:
    await require_liaison(request)
    return download(await asyncio.to_thread(places_workbook), TEMPLATE_NAME, MIME)


async def upload(request: Request) -> Response:
    await require_liaison(request)
    lecture = await reportable(request)
    settings = kit_of(request).settings
    limits = limits_of(settings)
    file, values = await read_upload(request, "file", most_bytes=limits.bytes)
    form = check_form(values, TableForm)
    if not file.data:
        form.errors["file"] = "请选择填好的表格（.xlsx）。"
    if form.errors or form.data is None:
        return await show(request, lecture, form, status=422)
    try:
        table = await asyncio.to_thread(read_table, file.name, file.data, limits)
    except WorkbookRefused as refused:
        form.errors["file"] = refused.message
        return await show(request, lecture, form, status=422)
    rows, faults = read_places(
        table, most_sessions=settings.group_sessions_most, most_people=settings.group_people_most
    )
    if faults:
        form.errors["file"] = f"表格里有 {len(faults)} 处要改，一行也没有填报。"
        return await show(request, lecture, form, status=422, faults=faults)
    viewing = Viewing(
        sessions=sum(row.sessions for row in rows),
        people=sum(row.people for row in rows),
        watched_on=form.data.watched_on,
        place=rows[0].place if len(rows) == 1 else f"{rows[0].place}等 {len(rows)} 处",
        parts=tuple((row.place, row.sessions, row.people) for row in rows),
    )
    given = form.data
    return await report(request, lecture, viewing, form, reason=given.reason, seen=given.seen)


routes = [
    # Before the page of one lecture, whose number it is not.
    Route(PATH + "-template.xlsx", template),
    Route(PATH + "/{number}/table", upload, methods=["POST"]),
]
