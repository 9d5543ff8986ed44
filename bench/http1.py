"""A bare HTTP/1.1 keep-alive client: cheap enough for 500 viewers in one process, and its clock is ours.

Only what media servers send: a status line, headers, a body with Content-Length. Anything else is an error.
"""

import asyncio
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit


class HttpError(Exception):
    """The answer is not one this client can read, or the connection went away."""


@dataclass(frozen=True, slots=True)
class Response:
    """status, lower-case headers, body, and when its last byte came (monotonic, seconds)."""

    status: int
    headers: dict[str, str]
    body: bytes
    completed_at: float

    @property
    def text(self) -> str:
        return self.body.decode()


class _Exchange(asyncio.Protocol):
    """The bytes of one connection; at most one request is on its way."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._missing = -1
        self._status = 0
        self._headers: dict[str, str] = {}
        self._answer: asyncio.Future[Response] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio.Transport by behaviour only.
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._fail(HttpError(f"connection closed: {exc or 'by the server'}"))

    def ask(self, request: bytes) -> "asyncio.Future[Response]":
        if self.transport is None:
            raise HttpError("connection is closed")
        self._chunks, self._missing = [], -1
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        if self._missing < 0:
            received = b"".join(self._chunks)
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            try:
                self._read_head(received[:end].decode("latin-1"))
            except HttpError as error:
                self._fail(error)
                return
            body = received[end + 4 :]
            self._chunks = [body]
            self._missing -= len(body)
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._finish()

    def _read_head(self, head: str) -> None:
        status_line, *lines = head.split("\r\n")
        self._status = int(status_line.split(" ", 2)[1])
        self._headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }
        if self._status == 304 or self._status == 204:
            self._missing = 0
        elif "content-length" in self._headers:
            self._missing = int(self._headers["content-length"])
        else:
            raise HttpError(f"answer {self._status} without Content-Length")

    def _finish(self) -> None:
        answer, self._answer = self._answer, None
        if answer is None or answer.done():
            return
        answer.set_result(Response(self._status, self._headers, b"".join(self._chunks), monotonic()))
        if self._headers.get("connection", "").lower() == "close" and self.transport:
            self.transport.close()

    def _fail(self, error: HttpError) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)


class Client:
    """One connection to one origin, opened when needed and again after a loss. Not for concurrent use.

    cookie: what every request carries, as `name=value`.
    """

    def __init__(self, url: str, *, cookie: str = "") -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host, self._port = parts.hostname, parts.port or 80
        self._cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self._exchange: _Exchange | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._exchange is not None and self._exchange.transport is not None:
            self._exchange.transport.close()
        self._exchange = None

    async def get(self, url: str, *, patience: float = 10.0) -> Response:
        """GET an absolute URL of this origin. Raises HttpError, TimeoutError or OSError; then reconnects."""
        return await self._send("GET", url, "", b"", patience)

    async def post_json(self, url: str, body: bytes, *, patience: float = 10.0) -> Response:
        """POST to an absolute URL of this origin. Raises as get does."""
        head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return await self._send("POST", url, head, body, patience)

    async def _send(self, method: str, url: str, head: str, body: bytes, patience: float) -> Response:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        first = f"{method} {target} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{self._cookie}{head}\r\n"
        try:
            async with asyncio.timeout(patience):
                if self._exchange is None or self._exchange.transport is None:
                    loop = asyncio.get_running_loop()
                    _, self._exchange = await loop.create_connection(_Exchange, self._host, self._port)
                return await self._exchange.ask(first.encode() + body)
        except BaseException:
            self.close()
            raise
