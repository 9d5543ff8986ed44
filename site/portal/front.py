"""What a request meets first: media is answered by a bare ASGI callable, everything else by the site.

No middleware, no routing table and no access log stand before a part or a playlist (DESIGN §5).
"""

from starlette.types import ASGIApp, Receive, Scope, Send

MEDIA_PATHS = ("/live/", "/replay/", "/media/")


class Front:
    """media: None where this process serves no media."""

    def __init__(self, media: ASGIApp | None, site: ASGIApp) -> None:
        self._media = media
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._media is not None and scope["type"] == "http" and scope["path"].startswith(MEDIA_PATHS):
            await self._media(scope, receive, send)
        else:
            await self._site(scope, receive, send)
