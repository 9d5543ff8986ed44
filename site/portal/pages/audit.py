"""操作日志: who did what, for the auditor and the administrator; with filters in the address, and as CSV."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.audit import record
from core.audit.models import AuditEntry
from core.audit.queries import Asked, count_entries, entries
from core.clock import CHINA
from core.database import transaction
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import page_number, render
from portal.audit_csv import audit_csv
from portal.audit_words import ACTIONS, GROUPS, KINDS, Change, action_words, changes_of, subject_words

READERS = (Role.AUDITOR, Role.ADMINISTRATOR)
FILTERS = ("who", "what", "about", "from", "to")
LONGEST = 60


class Filters(BaseModel):
    """What the address may ask; read by hand, since `from` is no name of Python's."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    number: int
    at: datetime
    who: str
    kind: str
    unit: str
    origin: str
    action: str
    subject: str
    changes: list[Change]
    hash: str


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """key: `broadcast.`, all of the group."""

    key: str
    label: str
    actions: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AuditPage:
    form: Form[Filters]
    groups: list[ActionGroup]
    lines: list[AuditLine]
    total: int
    page: int
    pages: int
    query: str
    """The filters as the address carries them, with a leading `&` unless there are none."""
    most: int


async def audit(request: Request) -> Response:
    await require_role(request, *READERS)
    form, asked = _filters(request)
    settings = kit_of(request).settings
    total = 0 if form.errors else await count_entries(asked)
    pages = max(1, -(-total // settings.audit_page_rows))
    page = min(page_number(request.query_params.get("page", "")), pages)
    rows: list[AuditEntry] = []
    if total:
        offset = (page - 1) * settings.audit_page_rows
        rows = await entries(asked, offset=offset, limit=settings.audit_page_rows)
    return await render(
        request,
        "portal/audit.html",
        AuditPage(
            form=form,
            groups=_action_groups(),
            lines=[_line(each) for each in rows],
            total=total,
            page=page,
            pages=pages,
            query="".join(f"&{part}" for part in urlencode(form.values).split("&") if part),
            most=settings.audit_export_rows,
        ),
        status=422 if form.errors else 200,
    )


async def export(request: Request) -> Response:
    """What the filters of the address leave, the latest first; that it was taken away is an entry of its own."""
    visitor = await require_role(request, *READERS)
    form, asked = _filters(request)
    if form.errors:
        return await audit(request)
    kit = kit_of(request)
    now = kit.clock.now()
    rows = await entries(asked, limit=kit.settings.audit_export_rows)
    async with transaction():
        filters = {name: value for name, value in asdict(asked).items() if value}
        taken = {"filters": filters, "rows": len(rows)}
        await record("audit.exported", by=actor_of(visitor), subject="audit", now=now, after=taken)
    body = await asyncio.to_thread(audit_csv, rows)
    name = f"audit-{now.astimezone(CHINA):%Y%m%d-%H%M}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type="text/csv", headers=headers)


def _filters(request: Request) -> tuple[Form[Filters], Asked]:
    """The filters as typed, what is wrong with them, and what they ask for."""
    given = request.query_params
    typed = {name: "".join(filter(str.isprintable, given.get(name, ""))).strip() for name in FILTERS}
    values = {name: text[:LONGEST] for name, text in typed.items() if text}
    form: Form[Filters] = Form(values)
    since, until = _day(form, "from"), _day(form, "to")
    if since and until and until < since:
        form.errors["to"] = "结束日期早于开始日期，请改正。"
    return form, Asked(
        who=values.get("who", ""),
        action=values.get("what", ""),
        subject=values.get("about", ""),
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _day(form: Form[Filters], name: str) -> date | None:
    text = form.values.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2999:
        form.errors[name] = "日期要写成 2026-11-24 这样。"
        return None
    return day


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=CHINA) if day else None


def _action_groups() -> list[ActionGroup]:
    def of(group: str, actions: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(key, label) for key, label in actions.items() if key.startswith(f"{group}.")]

    return [ActionGroup(f"{key}.", label, of(key, ACTIONS)) for key, label in GROUPS.items()]


def _line(entry: AuditEntry) -> AuditLine:
    return AuditLine(
        number=entry.number,
        at=entry.at,
        who=entry.actor_name,
        kind=KINDS[entry.actor_kind],
        unit=entry.unit_code,
        origin=entry.origin,
        action=action_words(entry.action),
        subject=subject_words(entry.subject),
        changes=changes_of(entry),
        hash=entry.hash,
    )


desk_places = [DeskPlace("/desk/audit", "scroll-text", "操作日志", READERS, "house")]

routes = [
    Route("/desk/audit", audit, methods=["GET"]),
    Route("/desk/audit/export", export, methods=["POST"]),
]
