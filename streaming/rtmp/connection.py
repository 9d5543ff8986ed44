"""One TCP connection on the RTMP port: the session, the gate's answer, the sink's pace, the time limits."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import structlog

from core.clock import Clock
from streaming.counters import PUBLISHES_REFUSED
from streaming.keys import shortened
from streaming.rtmp.errors import ProtocolError
from streaming.rtmp.gate import PublishGate, PublishRefused, PublishRequest, PublishSink
from streaming.rtmp.handshake import NotRtmp
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.session import Event, Media, NotServed, PublishAsked, PublishEnded, Session, printable

log = structlog.get_logger()

READ_AHEAD = 64 * 1024
"""Unread bytes from which the socket is not read on."""
SLICE = 16 * 1024
"""Bytes parsed in one go: other connections and the viewers have their turn in between."""
STRANGERS_SLICE = 2 * 1024
"""The same before the gate has let the peer in: a message may be as short as one byte (5 µs each)."""
MAX_UNREAD_ANSWERS = 256 * 1024
"""Bytes of answers that a peer may leave unread."""
LINGER_SECONDS = 1.0
"""How long a peer that was told to go may take to read it and hang up."""
CLOSE_GRACE_SECONDS = 5.0
"""How long the gate or the sink may still take over its current call when the connection is to be closed."""

FAILED = "NetStream.Publish.Failed"
_HUNG_UP = "the encoder hung up"
_HTTP_ANSWER = (
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    "这是推流（RTMP）端口，不是网页。请把这个地址填进推流软件；看直播请打开网站的地址。\r\n"
).encode()


class RtmpConnection(asyncio.Protocol):
    """A `PublisherConnection`. One task reads, asks the gate and feeds the sink; only it touches the session.

    admit is asked when the connection is made, and says why not, if not; forget is called when all is over.
    """

    def __init__(
        self,
        gate: PublishGate,
        limits: RtmpLimits,
        clock: Clock,
        *,
        admit: "Callable[[RtmpConnection], str | None]",
        forget: "Callable[[RtmpConnection], None]",
    ) -> None:
        self.peer = ""
        self.address = ""
        self._gate = gate
        self._limits = limits
        self._clock = clock
        self._admit = admit
        self._forget = forget
        self._session = Session(limits)
        self._sink: PublishSink | None = None
        self._last_media_at = clock.monotonic()
        # What the transport's callbacks leave for the task.
        self._inbox: deque[bytes] = deque()
        self._inbox_bytes = 0
        self._is_paused = False
        self._is_discarding = False
        self._end_of_input: str | None = None
        self._wake: asyncio.Future[None] | None = None
        self._lost = asyncio.Event()
        # Why the connection is to be closed, and what the peer is told (code, description).
        self._stop_reason: str | None = None
        self._farewell: tuple[str, str] | None = None
        self._has_last_words = False
        # The time limits are the loop's, not the injected clock's: they guard sockets.
        self._active_at = 0.0
        self._is_busy = False  # inside a call of the gate or the sink
        self._watchdog: asyncio.TimerHandle | None = None
        self._interruption: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None

    @property
    def last_media_at(self) -> float:
        # A publisher that we do not read is not silent.
        return self._clock.monotonic() if self._is_busy else self._last_media_at

    async def close(self, code: str, description: str) -> None:
        """See `PublisherConnection.close`."""
        self._stop(f"closed: {description}", (code, description))
        if asyncio.current_task() is not self._task:
            await asyncio.wait([self._task])

    # -- callbacks of the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none by its class
        self._loop = asyncio.get_running_loop()
        self.address, port = transport.get_extra_info("peername")[:2]
        self.peer = f"[{self.address}]:{port}" if ":" in self.address else f"{self.address}:{port}"
        refusal = self._admit(self)
        if refusal is not None:
            log.warning("rtmp.refused", peer=self.peer, reason=refusal)
            self._is_discarding = True
            self._transport.abort()
            return
        self._active_at = self._loop.time()
        self._watch()
        self._task = self._loop.create_task(self._run(), name=f"rtmp {self.peer}")

    def data_received(self, data: bytes) -> None:
        if self._is_discarding:
            return
        self._inbox.append(data)
        self._inbox_bytes += len(data)
        if self._inbox_bytes > READ_AHEAD:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake_up()

    def _rest_from_reading(self) -> None:
        """Being woken costs more than what a message needs: several are taken together."""
        self._transport.pause_reading()
        self._rest = self._loop.call_later(self._limits.read_interval_seconds, self._read_on)

    def _read_on(self) -> None:
        if not self._is_paused and not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._end_of_input = f"the connection was lost ({error})" if error else _HUNG_UP
        self._lost.set()
        self._wake_up()

    def _wake_up(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    # -- being stopped

    def _stop(self, reason: str, farewell: tuple[str, str] | None = None) -> None:
        if self._stop_reason is not None:
            return
        self._stop_reason = reason
        self._farewell = farewell
        self._interruption = self._loop.call_later(CLOSE_GRACE_SECONDS, self._interrupt)
        self._wake_up()

    def _interrupt(self) -> None:
        if self._is_busy:
            self._task.cancel()

    def _watch(self) -> None:
        """Stop a peer that does not shake hands, or sends no media: not published yet, or not any more."""
        now = self._loop.time()
        handshake, idle = self._limits.handshake_timeout_seconds, self._limits.idle_timeout_seconds
        if not self._session.is_handshaken:
            due, reason = self._active_at + handshake, f"no handshake within {handshake:g} s"
        else:
            due = (now if self._is_busy else self._active_at) + idle
            reason = f"no media for {idle:g} s" if self._sink else f"nothing published within {idle:g} s"
        if due > now:
            self._watchdog = self._loop.call_at(min(due, now + idle), self._watch)
            return
        log.warning("rtmp.timed_out", peer=self.peer, reason=reason)
        self._stop(reason)

    # -- the task

    async def _run(self) -> None:
        reason = "the server failed"
        try:
            reason = await self._serve()
        except NotRtmp as error:
            reason = str(error)
            log.warning("rtmp.refused", peer=self.peer, reason=reason)
            if error.is_http:
                self._transport.write(_HTTP_ANSWER)
                self._has_last_words = True
        except ProtocolError as error:
            reason = f"protocol error: {error}"
            log.warning("rtmp.protocol_error", peer=self.peer, reason=str(error))
        except asyncio.CancelledError:
            reason = self._stop_reason or "cancelled"
        except Exception:
            log.exception("rtmp.failed", peer=self.peer)
        finally:
            await self._finish(reason)

    async def _serve(self) -> str:
        """Until it is over; the reason why."""
        while True:
            data = await self._receive()
            if data is None:
                return self._stop_reason or self._end_of_input or _HUNG_UP
            start = 0
            while start < len(data):
                if start:
                    await asyncio.sleep(0)
                end = start + (SLICE if self._sink is not None else STRANGERS_SLICE)
                for event in self._session.feed(data[start:end]):
                    self._flush()
                    await self._handle(event)
                    if self._stop_reason is not None:
                        return self._stop_reason
                self._flush()
                start = end
            if self._may_rest(len(data)):
                self._rest_from_reading()

    def _may_rest(self, received: int) -> bool:
        """Not in the midst of a message, nor with a publisher that has a lot to say at once."""
        return (
            received < SLICE
            and self._sink is not None
            and self._limits.read_interval_seconds > 0
            and not self._inbox
            and not self._transport.is_closing()
            and self._session.is_between_messages
        )

    async def _receive(self) -> bytes | None:
        """The next bytes; None when there are no more, or when the connection is to be closed.

        What was received before the connection broke is still handed out: it belongs to the lecture.
        """
        while not self._inbox:
            if self._end_of_input is not None or self._stop_reason is not None:
                return None
            if self._is_paused and not self._transport.is_closing():
                self._is_paused = False
                self._transport.resume_reading()
            self._wake = self._loop.create_future()
            await self._wake
        if self._stop_reason is not None:
            return None
        data = self._inbox.popleft()
        self._inbox_bytes -= len(data)
        return data

    def _flush(self) -> None:
        answers = self._session.take_output()
        if answers and not self._transport.is_closing():
            self._transport.write(answers)
            if self._transport.get_write_buffer_size() > MAX_UNREAD_ANSWERS:
                raise ProtocolError("the peer does not read what it is answered")

    async def _handle(self, event: Event) -> None:
        match event:
            case Media():
                await self._hand_on(event)
            case PublishAsked():
                await self._ask_gate(event)
            case PublishEnded(reason):
                await self._close_sink(reason)
            case NotServed(reason, must_leave):
                log.warning("rtmp.refused", peer=self.peer, reason=reason)
                if must_leave:
                    self._leave(reason)

    async def _hand_on(self, media: Media) -> None:
        if self._sink is None:
            return
        self._is_busy = True
        try:
            await self._sink.media(media.kind, media.timestamp_ms, media.payload)
        finally:
            self._is_busy = False
            self._last_media_at = self._clock.monotonic()
            self._active_at = self._loop.time()

    async def _ask_gate(self, asked: PublishAsked) -> None:
        address = asked.address
        key = printable(shortened(address.key), 24)
        request = PublishRequest(
            app=address.app,
            stream_name=address.stream_name,
            query=address.query,
            key=address.key,
            tc_url=asked.tc_url,
            encoder=asked.encoder,
            peer=self.peer,
            connection=self,
        )
        self._is_busy = True
        try:
            self._sink = await self._gate.publish(request)
        except PublishRefused as refused:
            PUBLISHES_REFUSED.labels(refused.code).inc()
            log.warning(
                "rtmp.refused",
                peer=self.peer,
                key=key,
                encoder=asked.encoder,
                code=refused.code,
                reason=refused.reason,
            )
            self._session.refuse(refused.code, refused.description)
            self._leave(refused.reason)
        except Exception:
            log.exception("rtmp.gate_failed", peer=self.peer, key=key)
            self._session.refuse(FAILED, "The server cannot take the stream now")
            self._leave("the gate failed")
        else:
            if self._stop_reason is None:
                self._session.accept()
                log.info("rtmp.publishing", peer=self.peer, key=key, encoder=asked.encoder)
        finally:
            self._is_busy = False
            self._last_media_at = self._clock.monotonic()
            self._active_at = self._loop.time()
        self._flush()

    def _leave(self, reason: str) -> None:
        """End the connection once what the session has said is read."""
        self._has_last_words = True
        self._stop(reason)

    async def _close_sink(self, reason: str) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            log.info("rtmp.closed", peer=self.peer, reason=reason)
            await sink.closed(reason)

    async def _finish(self, reason: str) -> None:
        for timer in (self._watchdog, self._interruption, self._rest):
            if timer is not None:
                timer.cancel()
        if self._farewell is not None and self._session.is_handshaken and not self._has_last_words:
            self._session.end(*self._farewell)
            self._has_last_words = True
        try:
            await self._close_sink(reason)
        except Exception:
            log.exception("rtmp.sink_failed", peer=self.peer)
        finally:
            await self._hang_up()
            self._forget(self)

    async def _hang_up(self) -> None:
        """Let a peer read its last words before the socket goes: unread input turns a close into a reset."""
        self._is_discarding = True
        if self._has_last_words and not self._transport.is_closing():
            if answers := self._session.take_output():
                self._transport.write(answers)
            with suppress(OSError):  # the peer has gone meanwhile
                self._transport.write_eof()
            self._transport.resume_reading()
            try:
                async with asyncio.timeout(LINGER_SECONDS):
                    await self._lost.wait()
            except TimeoutError:
                log.debug("rtmp.lingered", peer=self.peer)
        self._transport.abort()
        await self._lost.wait()
