"""Answering with a page: render, redirect, and the sentence that is carried over."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.web.desk_nav import desk_of, stands_on_desk
from core.web.flash import COOKIE as FLASH_COOKIE
from core.web.flash import Flash, Kind
from core.web.kit import kit_of
from core.web.sessions import current_visitor

ELDER_COOKIE = "wkt_elder"


async def render(
    request: Request,
    template: str,
    context: object = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A whole page. context: a dataclass (its fields become the template's names) or a mapping.

    Pages differ by visitor and are never stored by caches on the way.
    """
    kit = kit_of(request)
    flash = kit.flashes.decode(request.cookies.get(FLASH_COOKIE))
    visitor = await current_visitor(request)
    now = kit.clock.now()
    desk = []
    if visitor is not None and stands_on_desk(kit.templates, template):
        desk = await desk_of(request).groups(visitor, request.url.path, now)
    html = kit.templates.get_template(template).render(
        visitor=visitor,
        desk=desk,
        flash=flash,
        elder=request.cookies.get(ELDER_COOKIE) == "1",
        here=request.url.path,
        here_with_query=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        request_id=request.scope.get("state", {}).get("request_id", ""),
        now=now,
        **_names(context),
    )
    response = HTMLResponse(
        html, status_code=status, headers={"cache-control": "no-store", **(headers or {})}
    )
    if flash is not None:
        response.delete_cookie(FLASH_COOKIE, path=kit.cookie_path)
    return response


async def render_part(request: Request, template: str, context: object = None) -> HTMLResponse:
    """A part of a page, fetched by the page it belongs to."""
    html = kit_of(request).templates.get_template(template).render(**_names(context))
    return HTMLResponse(html, headers={"cache-control": "no-store"})


def redirect(request: Request, path: str) -> RedirectResponse:
    """After a state change: the browser asks for path (one of our own) anew."""
    return RedirectResponse(kit_of(request).url(path), status_code=303)


def say(request: Request, response: Response, kind: Kind, text: str) -> None:
    """Show a sentence on the next page."""
    kit = kit_of(request)
    response.set_cookie(
        FLASH_COOKIE,
        kit.flashes.encode(Flash(kind, text)),
        path=kit.cookie_path,
        secure=kit.is_https,
        httponly=True,
        samesite="lax",
    )


def page_number(text: str) -> int:
    """Which page of a list an address asks for, from 1; what is no number means the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else 1


def _names(context: object) -> Mapping[str, Any]:
    if context is None:
        return {}
    if isinstance(context, Mapping):
        return context
    if not dataclasses.is_dataclass(context):
        raise TypeError("a page's context is a dataclass or a mapping")
    return {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
