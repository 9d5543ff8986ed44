"""The asking address, for what is written into the audit log while a request is answered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from core.audit.origin import asked_from


class AuditOrigin:
    """ASGI middleware, behind what reads X-Forwarded-For of trusted proxies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        with asked_from(client[0] if client else ""):
            await self._app(scope, receive, send)
