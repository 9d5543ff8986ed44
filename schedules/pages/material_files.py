"""/materials/<number>/<id>: a file that was handed in, for the unit, the bureau, and who opened a link for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from accounts.models import Role
from core.errors import Forbidden
from core.web.grants import current_grant
from core.web.guards import require_login
from core.web.sessions import current_visitor
from schedules.models import Broadcast, Material
from schedules.pages.access import READERS
from schedules.pages.safe import store_of
from schedules.queries import by_number
from schedules.turns.materials import find_material, read_material

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"
)
"""A file is shown and runs nothing; object-src is for the browser's own viewer of PDFs."""


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """size: for people. preview: how it can be shown in the page."""

    id: UUID
    path: str
    name: str
    label: str
    size: str
    preview: Literal["picture", "pdf", ""]
    uploaded_by: str
    uploaded_at: datetime
    is_frozen: bool
    sha256: str


def material_lines(number: str, materials: list[Material]) -> list[MaterialLine]:
    return [_line(number, each) for each in materials]


def _line(number: str, row: Material) -> MaterialLine:
    preview: Literal["picture", "pdf", ""] = ""
    if row.is_previewable:
        preview = "pdf" if row.media_type == "application/pdf" else "picture"
    return MaterialLine(
        id=row.id,
        path=f"/materials/{number}/{row.id}",
        name=row.name,
        label=row.label,
        size=readable_size(row.size),
        preview=preview,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        is_frozen=row.frozen_at is not None,
        sha256=row.sha256,
    )


def readable_size(count: int) -> str:
    """12 KB, 3.4 MB; count in bytes."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"


async def _require_reader(request: Request, lecture: Broadcast) -> None:
    """Raises LoginRequired or Forbidden. A link lets its holder read the files of its lecture, logged in or not."""
    grant = await current_grant(request)
    if grant is not None and grant.subject == lecture.number and grant.unit_code == lecture.unit_id:
        return
    visitor = await current_visitor(request) or await require_login(request)
    own = visitor.role == Role.LIAISON and visitor.unit_code == lecture.unit_id
    if not own and visitor.role not in READERS:
        raise Forbidden("这些材料只有本单位和州司法局可以看。")


async def material(request: Request) -> Response:
    lecture = await by_number(request.path_params["number"])
    await _require_reader(request, lecture)
    found = await find_material(lecture.number, request.path_params["id"])
    shown = "inline" if found.is_previewable else "attachment"
    headers = {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(found.name, safe='')}",
        "content-length": str(found.size),
        "cache-control": "private, no-store",
        "content-security-policy": POLICY,
    }
    return StreamingResponse(
        read_material(found, store_of(request)), media_type=found.media_type, headers=headers
    )


routes = [Route("/materials/{number}/{id:uuid}", material)]
