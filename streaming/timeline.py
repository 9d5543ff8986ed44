"""Lecture time: how a publisher's clock is laid onto the one time line of a lecture.

One `Timeline` serves one run of media without a break (a publication, or a piece of one between two jumps). Video
keeps the publisher's milliseconds, as ticks of 90 kHz. Audio is counted in samples of its own rate, so that the
23 or 24 ms steps of FLV time stamps never reach the decoder; it is set anew only when it is off by more than
`REANCHOR_MS`.
"""

from streaming.segments import TICKS_PER_SECOND

TICKS_PER_MS = TICKS_PER_SECOND // 1000
REANCHOR_MS = 30
JUMP_FORWARD_MS = 10_000
JUMP_BACK_MS = 1_000


def is_jump(previous_ms: int, now_ms: int) -> bool:
    """Whether a time stamp belongs to another clock than the one before it (DESIGN §10)."""
    step = now_ms - previous_ms
    return step > JUMP_FORWARD_MS or step < -JUMP_BACK_MS


class Timeline:
    """Carrier milliseconds → lecture ticks, for one run.

    base_ms is the carrier time that falls on `start` (ticks).
    """

    def __init__(self, start: int, base_ms: int) -> None:
        self.start = start
        self.base_ms = base_ms

    def ticks(self, carrier_ms: int) -> int:
        return self.start + (carrier_ms - self.base_ms) * TICKS_PER_MS


class AudioClock:
    """Counts AAC frames; positions are in samples of `rate` since lecture time 0.

    `place` says where a frame goes, or None when it must be left out: the count has run ahead of the publisher's
    own clock, and lecture time never goes back.
    """

    def __init__(self, rate: int, samples_per_frame: int, *, not_before: int) -> None:
        self.rate = rate
        self.samples_per_frame = samples_per_frame
        self._tolerance = rate * REANCHOR_MS // 1000
        self._floor = not_before
        self._next: int | None = None

    def place(self, ticks: int) -> int | None:
        wanted = (ticks * self.rate + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND
        position = self._next
        if position is None:
            position = max(wanted, self._floor)
        elif wanted - position > self._tolerance:
            position = wanted
        elif position - wanted > self._tolerance:
            return None
        self._next = position + self.samples_per_frame
        return position

    def to_ticks(self, position: int) -> int:
        return position * TICKS_PER_SECOND // self.rate

    @property
    def end(self) -> int | None:
        """Lecture ticks just behind the last frame placed, rounded up; None before the first."""
        return None if self._next is None else -(-self._next * TICKS_PER_SECOND // self.rate)
