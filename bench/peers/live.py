"""A peer that takes RTMP and lists plain HLS."""

from dataclasses import dataclass

from bench.process import Child


@dataclass(frozen=True, slots=True)
class LivePeer:
    """Where to push and what to play; `child` is the root of the process tree that does the work."""

    name: str
    publish_url: str
    playlist_url: str
    child: Child
