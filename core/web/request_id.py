"""One id per request: on every log line written for it, and in the answer, for a person to quote."""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.logs import bind

HEADER = "x-request-id"
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


class RequestId:
    """ASGI middleware; an id given by the proxy in front is kept when it looks like one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with bind(request=request_id):
            await self._app(scope, receive, send_with_id)
