"""RTMP messages (Adobe RTMP 1.0 §5.4, §7.1): their types, the ones a server sends, aggregates taken apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from streaming.rtmp.amf import encode
from streaming.rtmp.amf_values import AmfValue
from streaming.rtmp.errors import ProtocolError

TIMESTAMP_MASK = 0xFFFFFFFF
CONTROL_CHUNK_STREAM = 2
COMMAND_CHUNK_STREAM = 3
STATUS_CHUNK_STREAM = 5


class MessageType(IntEnum):
    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_ACK_SIZE = 5
    SET_PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA_AMF0 = 18
    COMMAND_AMF0 = 20
    AGGREGATE = 22


class UserControl(IntEnum):
    STREAM_BEGIN = 0
    PING_REQUEST = 6
    PING_RESPONSE = 7


@dataclass(slots=True)
class Message:
    """type_id is a MessageType or anything else a peer sends; timestamp is milliseconds modulo 2^32."""

    type_id: int
    payload: bytes
    timestamp: int = 0
    stream_id: int = 0
    chunk_stream: int = COMMAND_CHUNK_STREAM


def control_value(message: Message) -> int:
    """The 32-bit value a protocol control message begins with. Raises ProtocolError."""
    if len(message.payload) < 4:
        raise ProtocolError(f"a control message of type {message.type_id} has {len(message.payload)} bytes")
    return int.from_bytes(message.payload[:4])


def set_chunk_size(size: int) -> Message:
    return _control(MessageType.SET_CHUNK_SIZE, size.to_bytes(4))


def acknowledgement(received: int) -> Message:
    """received: all bytes since the connection began; the field wraps."""
    return _control(MessageType.ACKNOWLEDGEMENT, (received & TIMESTAMP_MASK).to_bytes(4))


def window_ack_size(size: int) -> Message:
    return _control(MessageType.WINDOW_ACK_SIZE, size.to_bytes(4))


def set_peer_bandwidth(size: int) -> Message:
    dynamic = 2  # the limit type every server sends (§5.4.5)
    return _control(MessageType.SET_PEER_BANDWIDTH, size.to_bytes(4) + bytes((dynamic,)))


def stream_begin(stream_id: int) -> Message:
    return _control(MessageType.USER_CONTROL, UserControl.STREAM_BEGIN.to_bytes(2) + stream_id.to_bytes(4))


def ping_response(sent: bytes) -> Message:
    """sent: the four bytes of the request, which the peer measures its round trip by."""
    return _control(MessageType.USER_CONTROL, UserControl.PING_RESPONSE.to_bytes(2) + sent)


def _control(type_id: MessageType, payload: bytes) -> Message:
    return Message(type_id, payload, chunk_stream=CONTROL_CHUNK_STREAM)


def command(name: str, transaction: float, *values: AmfValue) -> Message:
    """A command on the connection itself. values begin with the command object."""
    return Message(MessageType.COMMAND_AMF0, encode(name, transaction, *values))


def on_status(stream_id: int, level: str, code: str, description: str) -> Message:
    """The state of a stream (§7.2.2); transaction 0, nothing is asked back."""
    info: dict[str, AmfValue] = {"level": level, "code": code, "description": description}
    body = encode("onStatus", 0.0, None, info)
    return Message(MessageType.COMMAND_AMF0, body, stream_id=stream_id, chunk_stream=STATUS_CHUNK_STREAM)


_SUB_HEADER = 11
_BACK_POINTER = 4


def split_aggregate(message: Message) -> Iterator[Message]:
    """The messages in an aggregate (§7.1.6), times moved so that the first has the aggregate's own.

    Raises ProtocolError where the parts do not fit the whole; what came before it has been handed out.
    """
    body = message.payload
    position = 0
    first: int | None = None
    while position < len(body):
        head = body[position : position + _SUB_HEADER]
        length = int.from_bytes(head[1:4])
        position += _SUB_HEADER
        if len(head) < _SUB_HEADER or position + length > len(body):
            raise ProtocolError(f"an aggregate of {len(body)} bytes ends inside one of its messages")
        # As in an FLV tag, the fourth byte of the time is the highest.
        timestamp = int.from_bytes(head[4:7]) | head[7] << 24
        first = timestamp if first is None else first
        yield Message(
            head[0],
            body[position : position + length],
            (message.timestamp + timestamp - first) & TIMESTAMP_MASK,
            message.stream_id,
            message.chunk_stream,
        )
        position += length + _BACK_POINTER
