"""A client that calls an ASGI application itself: what was sent, and the moment the client leaves."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Scope


@dataclass
class Answer:
    """status is 0 when the application answered nothing. Header names in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Exchange:
    """One request under way."""

    task: "asyncio.Task[None]"
    answer: Answer
    _left: asyncio.Event

    def leave(self) -> None:
        self._left.set()

    async def finish(self, seconds: float = 10.0) -> Answer:
        await asyncio.wait_for(asyncio.shield(self.task), seconds)
        return self.answer


def begin(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    root_path: str = "",
) -> Exchange:
    """Send a request; target is a path with an optional query."""
    path, _, query = target.partition("?")
    left = asyncio.Event()
    asked = 0
    answer = Answer()
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": root_path + path,
        "root_path": root_path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        if asked == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            assert len(answer.headers) == len(message["headers"]), "a header twice"
        else:
            answer.body += message["body"]

    async def run() -> None:
        await app(scope, receive, send)

    return Exchange(asyncio.create_task(run()), answer, left)


async def fetch(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    root_path: str = "",
) -> Answer:
    return await begin(app, target, method=method, headers=headers, root_path=root_path).finish()
