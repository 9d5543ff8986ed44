"""The session of a request, looked up at most once, and its cookie."""

from starlette.requests import Request
from starlette.responses import Response

from core.web.identity import OpenSession, Visitor
from core.web.kit import kit_of

COOKIE = "wkt_session"
_KEY = "session"


async def current_session(request: Request) -> OpenSession | None:
    """None for an anonymous visitor."""
    state = request.scope.setdefault("state", {})
    if _KEY not in state:
        token = request.cookies.get(COOKIE)
        kit = kit_of(request)
        state[_KEY] = None  # when looking fails, the page that says so is shown as to a stranger
        state[_KEY] = await kit.sessions(token, kit.clock.now()) if token else None
    session: OpenSession | None = state[_KEY]
    return session


async def current_visitor(request: Request) -> Visitor | None:
    session = await current_session(request)
    return None if session is None else session.visitor


def remember_session(request: Request, response: Response, token: str) -> None:
    """Hand the token to the browser until it is closed; the row says when the session is over."""
    kit = kit_of(request)
    response.set_cookie(
        COOKIE, token, path=kit.cookie_path, secure=kit.is_https, httponly=True, samesite="lax"
    )


def forget_session(request: Request, response: Response) -> None:
    kit = kit_of(request)
    response.delete_cookie(COOKIE, path=kit.cookie_path, secure=kit.is_https, httponly=True, samesite="lax")
