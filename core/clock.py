"""Time as a parameter: the one place that reads the machine's clocks, and one for tests that stands still."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""Every date a person reads or types is in this zone; everything stored is UTC."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an unknown moment; never goes back."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock moved by hand. Both of its times advance together."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)) -> None:
        self._now = now.astimezone(UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float = 0, *, minutes: float = 0) -> None:
        step = timedelta(seconds=seconds, minutes=minutes)
        if step < timedelta(0):
            raise ValueError("a clock does not go back")
        self._now += step
        self._monotonic += step.total_seconds()
