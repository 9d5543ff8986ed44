"""The bounds within which a stranger may use the RTMP port."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RtmpLimits:
    """Sizes in bytes, times in seconds, counts of open connections."""

    max_message_bytes: int = 10 * 1024 * 1024
    max_chunk_streams: int = 32
    max_connections: int = 200
    max_connections_per_address: int = 20
    handshake_timeout_seconds: float = 10.0
    idle_timeout_seconds: float = 30.0
