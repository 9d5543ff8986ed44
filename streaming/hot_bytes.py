"""The newest segments and parts of a rendition, in memory, by file name."""

from collections import deque

from streaming.playlist import SEGMENTS_WITH_PARTS

_SEGMENTS_KEPT_IN_PARTS = SEGMENTS_WITH_PARTS + 1
"""One more than is listed: a player may ask for a part that has just left the playlist."""


class HotBytes:
    """Keeps the last `limit` closed segments, and beyond them those that are not on the disk yet."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes: dict[str, bytes] = {}
        self._closed: deque[tuple[int, int]] = deque()  # number and parts of each closed segment
        self._unsaved: set[int] = set()
        self._open: list[bytes] = []

    def get(self, name: str) -> bytes | None:
        """`12.m4s` is segment 12, `12.3.m4s` its fourth part."""
        return self._bytes.get(name)

    def add_part(self, msn: int, data: bytes) -> None:
        self._bytes[f"{msn}.{len(self._open)}.m4s"] = data
        self._open.append(data)

    def close(self, msn: int, *, saved: bool) -> None:
        """The parts added since the last call are segment `msn`; not saved: kept until `saved` is told."""
        parts, self._open = self._open, []
        if not parts:
            return
        self._bytes[f"{msn}.m4s"] = b"".join(parts)
        self._closed.append((msn, len(parts)))
        if not saved:
            self._unsaved.add(msn)
        if len(self._closed) > _SEGMENTS_KEPT_IN_PARTS:
            self._drop_parts(*self._closed[-1 - _SEGMENTS_KEPT_IN_PARTS])
        self._evict()

    def saved(self, msn: int) -> None:
        self._unsaved.discard(msn)
        self._evict()

    def clear(self) -> None:
        self._bytes.clear()
        self._closed.clear()
        self._unsaved.clear()

    def _evict(self) -> None:
        while len(self._closed) > self._limit and self._closed[0][0] not in self._unsaved:
            msn, parts = self._closed.popleft()
            self._bytes.pop(f"{msn}.m4s", None)
            self._drop_parts(msn, parts)

    def _drop_parts(self, msn: int, parts: int) -> None:
        for index in range(parts):
            self._bytes.pop(f"{msn}.{index}.m4s", None)
