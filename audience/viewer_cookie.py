"""The browser's random cookie: with it, opening a page again is the same visit. It names nobody."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from core.web.kit import kit_of

COOKIE = "wkt_viewer"
LONGEST = 64


def viewer_cookie(request: Request) -> str:
    """Empty for a browser that has none."""
    return request.cookies.get(COOKIE, "")[:LONGEST]


def give_viewer_cookie(request: Request, response: Response) -> Response:
    """On pages with a player; whoever has one keeps it."""
    kit = kit_of(request)
    if not viewer_cookie(request):
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(16),
            max_age=kit.settings.viewer_cookie_days * 24 * 3600,
            path=kit.prefix or "/",
            secure=kit.is_https,
            httponly=True,
            samesite="lax",
        )
    return response
