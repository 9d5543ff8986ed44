"""What a request meets first: media is answered by a bare ASGI callable, everything else by the site.

No middleware, no routing table and no access log stand before a part or a playlist (DESIGN §5).
"""

from starlette.types import ASGIApp, Receive, Scope, Send

MEDIA_PATHS = ("/live/", "/replay/", "/media/")


class Front:
    """media: None where this process serves no media; prefix: of the public address, "" at the root of a host.

    Both addresses are served, with the prefix and without: a proxy may strip it or not.
    """

    def __init__(self, media: ASGIApp | None, site: ASGIApp, *, prefix: str = "") -> None:
        self._media = media
        self._site = site
        self._prefix = prefix
        self._prefixed_paths = tuple(prefix + path for path in MEDIA_PATHS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._media is None or scope["type"] != "http":
            await self._site(scope, receive, send)
        elif scope["path"].startswith(MEDIA_PATHS):
            await self._media(scope, receive, send)
        elif self._prefix and scope["path"].startswith(self._prefixed_paths):
            await self._media({**scope, "path": scope["path"].removeprefix(self._prefix)}, receive, send)
        else:
            await self._site(scope, receive, send)
