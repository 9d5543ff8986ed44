"""Taking over a list of units: upload, look at what would change, then confirm."""

import asyncio
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from accounts.unit_changes import digest_of
from accounts.unit_imports import (
    Preview,
    RosterFaults,
    apply_import,
    draft_import,
    limits_of,
    preview_import,
)
from accounts.unit_rows import read_day
from accounts.units import today_of
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.forms import Form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.uploads import read_upload
from core.workbooks import RowFault, WorkbookRefused, read_table

SHOWN_FAULTS = 200


@dataclass(frozen=True, slots=True)
class UploadPage:
    """faults: what is wrong row by row; more: how many are not shown."""

    form: Form[BaseModel]
    faults: list[RowFault]
    more: int
    today: date
    most_kib: int
    most_rows: int


@dataclass(frozen=True, slots=True)
class PreviewPage:
    preview: Preview
    digest: str


async def show_upload(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    return await _upload_page(request, Form())


async def upload(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    kit = kit_of(request)
    limits = limits_of(kit.settings)
    file, values = await read_upload(request, "file", most_bytes=limits.bytes)
    form: Form[BaseModel] = Form(values)
    since = read_day(form.value("since").strip())
    if since is None:
        form.errors["since"] = "请填写新名称从哪天起使用，例如 2027-01-01。"
    if not file.data:
        form.errors["file"] = "请选择填好的名册文件（.xlsx）。"
    if form.errors or since is None:
        return await _upload_page(request, form)
    try:
        table = await asyncio.to_thread(read_table, file.name, file.data, limits)
        draft = await draft_import(
            table,
            file_name=file.name,
            since=since,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except WorkbookRefused as refused:
        form.errors["file"] = refused.message
        return await _upload_page(request, form)
    except RosterFaults as wrong:
        form.take(wrong)
        return await _upload_page(request, form, wrong.faults)
    except Invalid as invalid:
        form.take(invalid)
        return await _upload_page(request, form)
    return redirect(request, f"/desk/unit-imports/{draft.id}")


async def show_preview(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    kit = kit_of(request)
    try:
        preview = await preview_import(
            request.path_params["id"], by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings
        )
    except Conflict as over:
        return _back(request, over)
    digest = digest_of(preview.changes, preview.draft.names_since)
    return await render(request, "accounts/unit_preview.html", PreviewPage(preview, digest))


async def confirm(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    kit = kit_of(request)
    async with request.form(max_fields=5, max_files=0) as submitted:
        digest = str(submitted.get("digest", ""))
    draft_id = request.path_params["id"]
    by, now = actor_of(visitor), kit.clock.now()
    try:
        changed = await apply_import(draft_id, digest, by=by, now=now, settings=kit.settings)
    except Conflict as conflict:
        # Done already or too old: to the list; changed meanwhile: to what it would change now.
        response = redirect(request, f"/desk/unit-imports/{draft_id}")
        say(request, response, "attention", conflict.message)
        return response
    response = redirect(request, "/desk/units")
    say(request, response, "done", f"名册已导入，{changed} 个单位有新增或改动。")
    return response


async def _upload_page(
    request: Request, form: Form[BaseModel], faults: list[RowFault] | None = None
) -> Response:
    kit = kit_of(request)
    page = UploadPage(
        form=form,
        faults=(faults or [])[:SHOWN_FAULTS],
        more=max(0, len(faults or []) - SHOWN_FAULTS),
        today=today_of(kit.clock.now()),
        most_kib=kit.settings.roster_file_kib,
        most_rows=kit.settings.roster_rows,
    )
    return await render(request, "accounts/unit_import.html", page, status=422 if form.errors else 200)


def _back(request: Request, over: Conflict) -> Response:
    response = redirect(request, "/desk/units")
    say(request, response, "attention", over.message)
    return response


routes = [
    Route("/desk/unit-imports", show_upload, methods=["GET"]),
    Route("/desk/unit-imports", upload, methods=["POST"]),
    Route("/desk/unit-imports/{id:uuid}", show_preview, methods=["GET"]),
    Route("/desk/unit-imports/{id:uuid}", confirm, methods=["POST"]),
]
