"""When a viewer's picture would stop: a player some parts behind, as arithmetic on arrival times."""

from dataclasses import dataclass


@dataclass(slots=True)
class Playhead:
    """Plays in real time once `parts_behind` parts are here; stands still while it has nothing to play.

    Times and durations are seconds; arrivals are told in order.
    """

    parts_behind: int = 3
    parts: int = 0
    stalls: int = 0
    stalled_seconds: float = 0.0
    _waiting_media: float = 0.0
    # Wall-clock time at which what has arrived so far will have been played.
    _runs_dry_at: float | None = None

    def received(self, now: float, duration: float) -> None:
        """A part of `duration` seconds is here, complete."""
        self.parts += 1
        if self._runs_dry_at is None:
            self._waiting_media += duration
            if self.parts >= self.parts_behind:
                self._runs_dry_at = now + self._waiting_media
            return
        if now > self._runs_dry_at:
            self.stalls += 1
            self.stalled_seconds += now - self._runs_dry_at
            self._runs_dry_at = now
        self._runs_dry_at += duration

    def finish(self, now: float) -> None:
        """The run is over: a picture that stands still at this moment is a stall too."""
        if self._runs_dry_at is not None and now > self._runs_dry_at:
            self.stalls += 1
            self.stalled_seconds += now - self._runs_dry_at
            self._runs_dry_at = None
