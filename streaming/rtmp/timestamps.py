"""RTMP's 32-bit millisecond clock made a line that goes on."""

from streaming.rtmp.messages import TIMESTAMP_MASK

_HALF = 1 << 31


class Unwrapper:
    """Turns timestamps modulo 2^32 (49.7 days) into plain integers.

    Each is taken as the nearest to the one before it, so that a step back of an encoder stays a step back.
    """

    def __init__(self) -> None:
        self._last: int | None = None

    def unwrap(self, timestamp: int) -> int:
        last = self._last
        if last is None:
            self._last = timestamp
            return timestamp
        step = (timestamp - last) & TIMESTAMP_MASK
        if step >= _HALF:
            step -= TIMESTAMP_MASK + 1
        self._last = last + step
        return self._last
