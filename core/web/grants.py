"""What the browser may do by a one-time link it opened: a random token in a cookie of its own, a row behind it."""

from starlette.requests import Request
from starlette.responses import Response

from core.errors import Forbidden
from core.grants import LinkGrant, LinkPurpose
from core.web.kit import kit_of

COOKIE = "wkt_grant"
_KEY = "grant"


async def current_grant(request: Request) -> LinkGrant | None:
    """None for a browser that opened no link, or whose link is over. Looked up at most once a request."""
    state = request.scope.setdefault("state", {})
    if _KEY not in state:
        token = request.cookies.get(COOKIE)
        kit = kit_of(request)
        state[_KEY] = None  # when looking fails, the page that says so is shown as to a stranger
        state[_KEY] = await kit.grants(token, now=kit.clock.now()) if token else None
    grant: LinkGrant | None = state[_KEY]
    return grant


async def require_grant(request: Request, purpose: LinkPurpose, subject: str) -> LinkGrant:
    """Raises Forbidden unless this browser opened a link for just this purpose and lecture."""
    grant = await current_grant(request)
    if grant is None or not grant.allows(purpose, subject):
        raise Forbidden("请从收到的链接进入这个页面。链接过期或用过了，请联系州司法局重新发一个。")
    return grant


def remember_grant(request: Request, response: Response, token: str) -> None:
    """Hand the token to the browser until it is closed; the row says when the grant is over."""
    kit = kit_of(request)
    response.set_cookie(
        COOKIE, token, path=kit.cookie_path, secure=kit.is_https, httponly=True, samesite="lax"
    )
