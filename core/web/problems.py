"""Errors of the JSON interface: problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
) -> JSONResponse:
    """type is left at its default about:blank, so title is the status's own phrase (RFC 9457 §4.2.1)."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    no_store = {"cache-control": "no-store", **(headers or {})}
    return JSONResponse(body, status_code=status, headers=no_store, media_type=MEDIA_TYPE)
