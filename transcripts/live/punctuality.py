"""Whether captions keep up with the picture, or have been too late for too long. Pure."""

from collections import deque
from statistics import median

KEPT = 20
RECENT = 10.0
"""Seconds for which a late caption counts: nothing is late while nobody speaks."""


class Punctuality:
    """most: seconds that they may be late; patience: for how many seconds on end they may be later than that."""

    def __init__(self, *, most: float, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._late_since: float | None = None
        self._delays: deque[float] = deque(maxlen=KEPT)
        self._shown_at = 0.0

    def shown(self, now: float, delay: float) -> None:
        """A caption is shown so many seconds after it was said. now: of a clock that only goes forward."""
        self._delays.append(delay)
        self._shown_at = now

    def is_lost(self, now: float, behind: float) -> bool:
        """behind: seconds of sound that wait to be recognised."""
        newest = self._delays[-1] if self._delays and now - self._shown_at <= RECENT else 0.0
        if max(behind, newest) <= self._most:
            self._late_since = None
            return False
        if self._late_since is None:
            self._late_since = now
        return now - self._late_since > self._patience

    @property
    def delay(self) -> float | None:
        """The median of late; None before the first caption."""
        return median(self._delays) if self._delays else None
