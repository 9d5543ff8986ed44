"""What a beacon may claim: media time comes with server time, and nobody plays faster than players do. Pure."""

from dataclasses import dataclass
from datetime import datetime

SPEED = 2.2
"""Media seconds a second: players go up to twice as fast, and clocks are no clockwork."""


@dataclass(slots=True)
class Credit:
    """Of one visit id: how many ms of media it may still claim, as of a moment of server time."""

    ms: float
    at: datetime

    @classmethod
    def opened(cls, now: datetime, allowance_seconds: float) -> "Credit":
        """allowance_seconds: of media that may have been played before the server first heard of it, offline."""
        return cls(allowance_seconds * 1000, now)

    def spend(self, claimed_ms: int, now: datetime, allowance_seconds: float) -> bool:
        """Take a claim off; False, and nothing changed, when it cannot be.

        Credit grows with the time since the last beacon, and what one gap may have left over is bounded by itself:
        never more than the gap at full speed and the allowance.
        """
        grown = max(0.0, (now - self.at).total_seconds()) * SPEED * 1000
        available = min(self.ms, allowance_seconds * 1000) + grown
        if claimed_ms > available:
            return False
        self.ms = available - claimed_ms
        self.at = max(self.at, now)
        return True
