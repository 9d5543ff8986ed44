"""BANDWIDTH and AVERAGE-BANDWIDTH of a rendition, measured as its segments close (rfc8216bis §4.4.6.2)."""

from collections import deque

from streaming.segments import TICKS_PER_SECOND

SHORTEST_WINDOW = 2 * TICKS_PER_SECOND
"""Peaks are taken over whole segments that last at least half a TARGETDURATION of 4 s together."""


class BitRate:
    """Bits per second of all segments so far: average, and peak over neighbouring segments."""

    def __init__(self) -> None:
        self.peak = 0
        self._bytes = 0
        self._ticks = 0
        self._recent: deque[tuple[int, int]] = deque()
        self._recent_bytes = 0
        self._recent_ticks = 0

    @property
    def average(self) -> int:
        return _rate(self._bytes, self._ticks)

    def add(self, size: int, duration: int) -> None:
        """A segment of `size` bytes and `duration` ticks; one without duration says nothing."""
        if duration <= 0:
            return
        self._bytes += size
        self._ticks += duration
        self._recent.append((size, duration))
        self._recent_bytes += size
        self._recent_ticks += duration
        while self._recent_ticks - self._recent[0][1] >= SHORTEST_WINDOW:
            dropped_size, dropped_ticks = self._recent.popleft()
            self._recent_bytes -= dropped_size
            self._recent_ticks -= dropped_ticks
        if self._recent_ticks >= SHORTEST_WINDOW or not self.peak:
            self.peak = max(self.peak, _rate(self._recent_bytes, self._recent_ticks))

    def interrupt(self) -> None:
        """A gap: segments on its two sides are no neighbours."""
        self._recent.clear()
        self._recent_bytes = self._recent_ticks = 0


def _rate(size: int, ticks: int) -> int:
    return -(-size * 8 * TICKS_PER_SECOND // ticks) if ticks else 0
