"""A bound on what a request may carry, in bytes and in time: forms are small, and come at once.

A page that takes files widens the bound of its own request, after it has found out who is asking.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEY = "body_bound"


@dataclass(slots=True)
class BodyBound:
    """deadline: by the clock of the event loop, in seconds."""

    most_bytes: int
    deadline: float


def widen_body(connection: HTTPConnection, *, most_bytes: int, seconds: float) -> None:
    """Let this request carry more, and take so long from now on; called before its body is read."""
    bound = connection.scope.get("state", {}).get(_KEY)
    if bound is not None:
        bound.most_bytes = max(bound.most_bytes, most_bytes)
        bound.deadline = max(bound.deadline, asyncio.get_running_loop().time() + seconds)


class BodyLimit:
    """ASGI middleware inside the application, whose error answers tell the person: 413, 408."""

    def __init__(self, app: ASGIApp, *, most_bytes: int, seconds: float) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = Headers(scope=scope).get("content-length", "0")
        announced = int(header) if header.isdecimal() else 0
        received = 0
        is_whole = False
        bound = BodyBound(self._most_bytes, asyncio.get_running_loop().time() + self._seconds)
        scope.setdefault("state", {})[_KEY] = bound

        async def receive_within_limits() -> Message:
            nonlocal received, is_whole
            if is_whole:  # what is waited for now is the client's leaving
                return await receive()
            if announced > bound.most_bytes:
                raise HTTPException(413)
            try:
                async with asyncio.timeout_at(bound.deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            received += len(message.get("body", b""))
            if received > bound.most_bytes:
                raise HTTPException(413)
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_within_limits, send)
