"""The conversation with one publisher, without I/O: bytes in, events and answers out.

Adobe RTMP 1.0 §7.2 with the commands encoders add to it (releaseStream, FCPublish, _checkbw …). What an
encoder may wait for is always answered; nothing it may leave out is needed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from streaming.rtmp.address import Address, publish_address
from streaming.rtmp.amf import decode
from streaming.rtmp.amf_values import UNDEFINED, AmfValue
from streaming.rtmp.chunks import ChunkReader, ChunkWriter
from streaming.rtmp.errors import ProtocolError
from streaming.rtmp.gate import MessageKind
from streaming.rtmp.handshake import Handshake
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import (
    TIMESTAMP_MASK,
    Message,
    MessageType,
    UserControl,
    acknowledgement,
    command,
    control_value,
    on_status,
    ping_response,
    set_peer_bandwidth,
    split_aggregate,
    stream_begin,
    window_ack_size,
)
from streaming.rtmp.timestamps import Unwrapper

WINDOW = 2_500_000
"""Bytes after which each side acknowledges; what FMS and every server since send."""
OUR_CHUNK_SIZE = 4096
MAX_STREAMS = 8
MAX_TEXT = 256
"""Characters of a client's name for itself that are kept."""

_MEDIA_KINDS: dict[int, MessageKind] = {
    MessageType.AUDIO: MessageKind.AUDIO,
    MessageType.VIDEO: MessageKind.VIDEO,
    MessageType.DATA_AMF0: MessageKind.DATA,
}


@dataclass(frozen=True, slots=True)
class PublishAsked:
    """A `publish` command. Answer with `accept` or `refuse` before taking the next event."""

    address: Address
    tc_url: str
    encoder: str


@dataclass(slots=True)
class Media:
    """timestamp_ms is unwrapped (`timestamps.Unwrapper`)."""

    kind: MessageKind
    timestamp_ms: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class PublishEnded:
    """The publisher said that it is done; the connection may publish again."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotServed:
    """The client was told that it cannot have what it asked for. must_leave: close the connection."""

    reason: str
    must_leave: bool


Event = PublishAsked | Media | PublishEnded | NotServed


class Session:
    """One connection's state. After each event, and after each `feed`, send what `take_output` gives."""

    def __init__(self, limits: RtmpLimits) -> None:
        self._limits = limits
        self._handshake = Handshake()
        self._reader = ChunkReader(
            max_message_bytes=min(limits.max_message_bytes, limits.unpublished_bytes),
            max_buffered_bytes=min(limits.max_buffered_bytes, limits.unpublished_bytes),
            max_chunk_streams=limits.max_chunk_streams,
        )
        self._writer = ChunkWriter()
        self._output = bytearray()
        self._received = 0
        self._acknowledged = 0
        self._ack_window = WINDOW
        self._told_window = WINDOW
        self._app: str | None = None
        self._tc_url = ""
        self._encoder = ""
        self._streams = 0
        self._asked_stream = 0
        self._publishing: int | None = None
        self._clock = Unwrapper()
        self._commands: dict[str, Callable[[Message, list[AmfValue]], Event | None]] = {
            "connect": self._connect,
            "createStream": self._create_stream,
            "publish": self._publish,
            "play": self._play,
            "play2": self._play,
            "FCPublish": self._fc_publish,
            "FCUnpublish": self._fc_unpublish,
            "closeStream": self._close_stream,
            "deleteStream": self._delete_stream,
            "getStreamLength": self._get_stream_length,
        }

    @property
    def is_handshaken(self) -> bool:
        return self._handshake.is_done

    @property
    def is_publishing(self) -> bool:
        return self._publishing is not None

    @property
    def is_between_messages(self) -> bool:
        """Whether nothing of a next message has come yet."""
        return self._reader.is_between_messages

    def take_output(self) -> bytes:
        if not self._output:
            return b""
        out = bytes(self._output)
        self._output.clear()
        return out

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take bytes in; the state is that of the last event taken. Exhaust it before feeding more.

        Raises ProtocolError.
        """
        self._received += len(data)
        if not self._handshake.is_done:
            self._output += self._handshake.feed(data)
            if not self._handshake.is_done:
                return
            data, self._handshake.rest = self._handshake.rest, b""
        for message in self._reader.feed(data):
            yield from self._take(message)
        if self._received - self._acknowledged >= self._ack_window:
            self._acknowledged = self._received
            self._send(acknowledgement(self._received))

    # -- what the server decides

    def accept(self) -> None:
        """Let the publisher that asked go on the air."""
        self._publishing = self._asked_stream
        self._clock = Unwrapper()
        self._reader.max_message_bytes = self._limits.max_message_bytes
        self._reader.max_buffered_bytes = self._limits.max_buffered_bytes
        self._send(stream_begin(self._publishing))
        self._send(on_status(self._publishing, "status", "NetStream.Publish.Start", "Publishing"))

    def refuse(self, code: str, description: str) -> None:
        """Tell the publisher that asked, before any Publish.Start (OBS else reconnects for ever)."""
        self._send(on_status(self._asked_stream, "error", code, description))

    def end(self, code: str, description: str) -> None:
        """Tell the client why its connection is about to be closed."""
        self._send(on_status(self._publishing or 0, "error", code, description))
        self._publishing = None

    # -- messages

    def _send(self, message: Message) -> None:
        self._output += self._writer.write(message)

    def _take(self, message: Message) -> Iterator[Event]:
        kind = _MEDIA_KINDS.get(message.type_id)
        if kind is not None:
            if self._is_published(message):
                yield self._media(kind, message, message.payload)
            return
        match message.type_id:
            case MessageType.DATA_AMF3:
                if self._is_published(message):
                    yield self._media(MessageKind.DATA, message, _without_amf3_marker(message.payload))
            case MessageType.AGGREGATE:
                for part in split_aggregate(message):
                    if part.type_id != MessageType.AGGREGATE:
                        yield from self._take(part)
            case MessageType.COMMAND_AMF0:
                yield from self._command(message, message.payload)
            case MessageType.COMMAND_AMF3:
                yield from self._command(message, _without_amf3_marker(message.payload))
            case MessageType.USER_CONTROL:
                self._user_control(message.payload)
            case MessageType.WINDOW_ACK_SIZE:
                self._ack_window = control_value(message) or WINDOW
            case MessageType.SET_PEER_BANDWIDTH:
                self._peer_bandwidth(control_value(message))

    def _is_published(self, message: Message) -> bool:
        # Some hardware encoders send media on stream 0.
        return self._publishing is not None and message.stream_id in (self._publishing, 0)

    def _media(self, kind: MessageKind, message: Message, payload: bytes) -> Media:
        return Media(kind, self._clock.unwrap(message.timestamp), payload)

    def _user_control(self, payload: bytes) -> None:
        if int.from_bytes(payload[:2]) == UserControl.PING_REQUEST and len(payload) >= 6:
            self._send(ping_response(payload[2:6]))

    def _peer_bandwidth(self, window: int) -> None:
        """The answer §5.4.5 asks for when our window would be another one."""
        if 0 < window <= TIMESTAMP_MASK and window != self._told_window:
            self._told_window = window
            self._send(window_ack_size(window))

    # -- commands

    def _command(self, message: Message, body: bytes) -> Iterator[Event]:
        values = decode(body)
        name = values[0] if values else None
        if not isinstance(name, str):
            raise ProtocolError("a command without a name")
        if self._app is None and name != "connect":
            raise ProtocolError(f"the command {printable(name, 40)} before connect")
        handler = self._commands.get(name, self._answer)
        event = handler(message, values)
        if event is not None:
            yield event

    def _answer(self, _message: Message, values: list[AmfValue]) -> None:
        """releaseStream, _checkbw and anything else: an encoder that waits for an answer may go on."""
        if values[0] not in ("_result", "_error", "onStatus"):
            self._result(values, UNDEFINED)

    def _result(self, values: list[AmfValue], result: AmfValue) -> None:
        transaction = _number(values, 1)
        if transaction:  # transaction 0 asks for no answer (§7.2.1.1)
            self._send(command("_result", transaction, None, result))

    def _connect(self, _message: Message, values: list[AmfValue]) -> None:
        given = values[2] if len(values) > 2 else None
        options = given if isinstance(given, dict) else {}
        self._app = _text(options.get("app"))
        self._tc_url = _text(options.get("tcUrl"))
        self._encoder = printable(_text(options.get("flashVer")), MAX_TEXT)
        self._send(window_ack_size(WINDOW))
        self._send(set_peer_bandwidth(WINDOW))
        self._output += self._writer.set_chunk_size(OUR_CHUNK_SIZE)
        server: dict[str, AmfValue] = {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31.0, "mode": 1.0}
        if "fourCcList" in options:  # enhanced RTMP: what the client may send beyond H.264
            server["fourCcList"] = ["hvc1"]
        info: dict[str, AmfValue] = {
            "level": "status",
            "code": "NetConnection.Connect.Success",
            "description": "Connection succeeded.",
            "objectEncoding": 3.0 if options.get("objectEncoding") == 3 else 0.0,
        }
        self._send(command("_result", _number(values, 1) or 1.0, server, info))

    def _create_stream(self, _message: Message, values: list[AmfValue]) -> None:
        if self._streams >= MAX_STREAMS:
            raise ProtocolError(f"more than {MAX_STREAMS} streams on one connection")
        self._streams += 1
        self._result(values, float(self._streams))

    def _get_stream_length(self, _message: Message, values: list[AmfValue]) -> None:
        self._result(values, 0.0)

    def _fc_publish(self, _message: Message, values: list[AmfValue]) -> None:
        """Livestream Studio and some hardware encoders wait for onFCPublish with their own transaction.

        Its code is not Publish.Start: the key has not been looked at yet.
        """
        self._result(values, UNDEFINED)
        info: dict[str, AmfValue] = {"level": "status", "code": "NetStream.FCPublish.Success"}
        self._send(command("onFCPublish", _number(values, 1), None, info))

    def _publish(self, message: Message, values: list[AmfValue]) -> Event | None:
        stream_name = _text(values[3]) if len(values) > 3 else ""
        if self._publishing is not None:
            self._send(
                on_status(message.stream_id, "error", "NetStream.Publish.BadName", "Publishing already")
            )
            return NotServed("a second publish on one connection", must_leave=False)
        self._asked_stream = message.stream_id
        address = publish_address(self._app or "", self._tc_url, stream_name)
        return PublishAsked(address, self._tc_url, self._encoder)

    def _play(self, message: Message, _values: list[AmfValue]) -> Event | None:
        self._send(
            on_status(message.stream_id, "error", "NetStream.Play.Failed", "Only publishing is served here")
        )
        return NotServed("a player: only publishing is served on this port", must_leave=True)

    def _fc_unpublish(self, _message: Message, values: list[AmfValue]) -> Event | None:
        self._result(values, UNDEFINED)
        info: dict[str, AmfValue] = {"level": "status", "code": "NetStream.Unpublish.Success"}
        self._send(command("onFCUnpublish", 0.0, None, info))
        return self._unpublished("FCUnpublish")

    def _close_stream(self, message: Message, _values: list[AmfValue]) -> Event | None:
        if message.stream_id in (self._publishing, 0):
            return self._unpublished("closeStream")
        return None

    def _delete_stream(self, _message: Message, values: list[AmfValue]) -> Event | None:
        if len(values) < 4 or values[3] == self._publishing:
            return self._unpublished("deleteStream")
        return None

    def _unpublished(self, by: str) -> Event | None:
        if self._publishing is None:
            return None
        self._send(on_status(self._publishing, "status", "NetStream.Unpublish.Success", "Unpublished"))
        self._publishing = None
        return PublishEnded(f"the encoder ended it ({by})")


def printable(text: str, limit: int) -> str:
    """A stranger's text as it may stand in a log line: one line, no control characters, bounded."""
    return "".join(character if character.isprintable() else "?" for character in text[:limit])


def _text(value: AmfValue) -> str:
    return value if isinstance(value, str) else ""


def _number(values: list[AmfValue], index: int) -> float:
    value = values[index] if index < len(values) else None
    return float(value) if isinstance(value, int | float) else 0.0


def _without_amf3_marker(payload: bytes) -> bytes:
    """Message types 15 and 17 put a 0 before AMF0 values, which switch to AMF3 each by itself."""
    return payload[1:] if payload[:1] == b"\0" else payload
