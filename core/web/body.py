"""A bound on what a request may carry, in bytes and in time: forms are small, and come at once."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
        announced = Headers(scope=scope).get("content-length", "0")
        received = int(announced) if announced.isdecimal() else 0
        if received <= self._most_bytes:
            received = 0
        deadline = asyncio.get_running_loop().time() + self._seconds
        is_whole = False

        async def receive_within_limits() -> Message:
            nonlocal received, is_whole
            if is_whole:  # what is waited for now is the client's leaving
                return await receive()
            if received > self._most_bytes:
                raise HTTPException(413)
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            received += len(message.get("body", b""))
            if received > self._most_bytes:
                raise HTTPException(413)
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_within_limits, send)
