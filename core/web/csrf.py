"""Protection of state changes against other sites, by the headers browsers set themselves: no form tokens.

`Sec-Fetch-Site` says where a request comes from (Fetch Metadata, W3C); browsers before 2023 send `Origin`
with every POST. A request with neither does not come from a page and carries no stolen cookie.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def comes_from_elsewhere(method: str, headers: Headers, own_host: str) -> bool:
    """Whether another site's page sent this state change. own_host: as in public_url, with the port."""
    if method in SAFE_METHODS:
        return False
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc.lower() not in (headers.get("host", "").lower(), own_host.lower())


class CsrfGuard:
    """ASGI middleware; refuse answers a request that comes from elsewhere."""

    def __init__(self, app: ASGIApp, *, own_host: str, refuse: ASGIApp) -> None:
        self._app = app
        self._own_host = own_host
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and comes_from_elsewhere(
            scope["method"], Headers(scope=scope), self._own_host
        ):
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)
