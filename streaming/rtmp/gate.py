"""What the RTMP server asks of the house: may this publish, and who takes its media.

The server knows keys, lectures and leases only through these Protocols.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MessageKind(StrEnum):
    """The three kinds of RTMP message that carry a publisher's media (Adobe RTMP 1.0 §7.1)."""

    AUDIO = "audio"
    VIDEO = "video"
    DATA = "data"


class PublisherConnection(Protocol):
    """The connection behind a publication, as the gate and the sink may use it."""

    @property
    def peer(self) -> str:
        """`address:port` of the encoder, for logs and the bureau's page."""

    @property
    def last_media_at(self) -> float:
        """Monotonic seconds of the last media message; now, while media is held back by the sink."""

    async def close(self, code: str, description: str) -> None:
        """Tell the encoder why (`onStatus`, level error), flush, close, and wait for `sink.closed` to return.

        Called from the sink's own `media` or `closed` it returns at once. Calling it again waits too. The
        caller must not hold what the sink's `closed` waits for.
        """


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """One `publish` command, with app and key told apart however the client split its URL.

    app: application path without query; stream_name: the publish name without query; query: both queries
    joined with `&`, undecoded; key: the best candidate for the stream key; encoder: the client's flashVer.
    """

    app: str
    stream_name: str
    query: str
    key: str
    tc_url: str
    encoder: str
    peer: str
    connection: PublisherConnection


class PublishRefused(Exception):
    """Raised by a gate. code goes to the encoder (`NetStream.Publish.BadName` …), reason to the log.

    description is what the encoder's operator may be shown; it must not tell a stranger more than they know.
    """

    def __init__(self, code: str, reason: str, description: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.description = description or "The stream was refused"


class PublishSink(Protocol):
    """Takes the media of one publication. Calls never overlap."""

    async def media(self, kind: MessageKind, timestamp_ms: int, payload: bytes) -> None:
        """Take one message; while this is awaited the publisher's socket is not read.

        timestamp_ms is unwrapped: it goes on past 2^32 and may step back only as far as the encoder did.
        payload is the body of an audio or video message (FLV tag body), or AMF0 values for data.
        """

    async def closed(self, reason: str) -> None:
        """The publication is over, however it ended. Called exactly once, after the last `media`."""


class PublishGate(Protocol):
    async def publish(self, request: PublishRequest) -> PublishSink:
        """Let a publisher in. Raises PublishRefused before anything has been told to the encoder."""
