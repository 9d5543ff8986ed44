"""The bounds within which a stranger may use the RTMP port."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RtmpLimits:
    """Sizes in bytes, times in seconds, counts of open connections.

    max_buffered_bytes: all messages of one connection that are not complete yet; unpublished_bytes: the same,
    and the largest message, as long as the gate has not let the connection publish. read_interval_seconds:
    what a publisher sends meanwhile is taken together; 0 takes it as it comes.
    """

    max_message_bytes: int = 10 * 1024 * 1024
    max_buffered_bytes: int = 20 * 1024 * 1024
    unpublished_bytes: int = 1024 * 1024
    max_chunk_streams: int = 32
    max_connections: int = 200
    max_connections_per_address: int = 20
    handshake_timeout_seconds: float = 10.0
    idle_timeout_seconds: float = 30.0
    read_interval_seconds: float = 0.0
