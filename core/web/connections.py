"""Bounds on one HTTP connection, for the time when no proxy stands in front: uvicorn waits for ever by itself.

A stranger who only opens connections, sends a request byte by byte or never reads an answer must not take the
open files that the lecture on the air is written with.
"""

import asyncio
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """connections: open at once; head_seconds, head_bytes: for a request's line and headers to come, counted from
    its first byte (of the first request: from the connection); unread_seconds: without a byte of an answer read.
    """

    connections: int
    head_seconds: float = 15.0
    head_bytes: int = 64 * 1024
    unread_seconds: float = 60.0


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol within `limits`; see `bounded`."""

    limits: HttpLimits
    _head_due: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_body = False
    _read_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            log.warning("http.too_many_connections", open=self.limits.connections)
            transport.abort()
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        self._stop_watching_the_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # A head that came in one piece costs no timer.
        if self._head_due is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        # The rest of a body whose request was answered before is no head: it only has to end in time.
        self._head_bytes += 0 if self._in_body else len(data)
        if self._head_due is not None and self._head_bytes > self.limits.head_bytes:
            self._close("http.head_too_large")

    def on_headers_complete(self) -> None:
        self._head_came()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_the_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._stop_watching_the_reader()
        super().resume_writing()

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_due = self.loop.call_later(self.limits.head_seconds, self._close, "http.head_too_slow")

    def _head_came(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _watch_the_reader(self, unread: int) -> None:
        self._read_due = self.loop.call_later(self.limits.unread_seconds, self._look_at_the_reader, unread)

    def _look_at_the_reader(self, unread_before: int) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread < unread_before:
            self._watch_the_reader(unread)
        else:
            self._close("http.answer_not_read")

    def _stop_watching_the_reader(self) -> None:
        if self._read_due is not None:
            self._read_due.cancel()
            self._read_due = None

    def _close(self, why: str) -> None:
        log.debug(why)
        self._head_came()
        self._stop_watching_the_reader()
        self.transport.abort()


def bounded(limits: HttpLimits) -> type[BoundedHttp]:
    """The protocol class for `uvicorn.Config(http=…)`."""
    return type("BoundedHttp", (BoundedHttp,), {"limits": limits})
