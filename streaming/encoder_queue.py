"""Pictures waiting for the encoder. What it cannot keep up with is left out here.

Pure: time is the media's own, which runs as the wall clock does.
"""

from collections import deque
from dataclasses import dataclass

from streaming.samples import VideoSample

OVERLOAD_TIMES = 3
OVERLOAD_WITHIN_MS = 30_000
"""Falling behind this often within this time is an overload: fewer rungs are needed."""
STANDSTILL_MS = 5_000
"""A gap that goes on counts as falling behind once more after each of these."""


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How much may wait: seconds of media, bytes."""

    seconds: float = 2.0
    bytes: int = 8 * 1024 * 1024


class EncoderQueue:
    """First in, first out. Begins with a keyframe; after a gap goes on with one.

    left_out: pictures of the gap that is open, or 0. overloaded: set for good when it cannot keep up.
    """

    def __init__(self, limits: QueueLimits) -> None:
        self._limits = limits
        self._pictures: deque[VideoSample] = deque()
        self._steps: deque[int] = (
            deque()
        )  # ms from the picture offered before each: a gap is no waiting media
        self._ms = 0
        self._bytes = 0
        self._last_dts_ms: int | None = None
        self._waits_for_keyframe = True
        self._fell_behind: deque[int] = deque(maxlen=OVERLOAD_TIMES)
        self.left_out = 0
        self.overloaded = False

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def waiting_ms(self) -> int:
        """From the first to the last waiting picture, gaps left out."""
        return self._ms - self._steps[0] if self._steps else 0

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    def offer(self, picture: VideoSample) -> int:
        """Queue a picture or leave it out. Gives the number of pictures left out by a gap that ends here."""
        step = 0 if self._last_dts_ms is None else max(picture.dts_ms - self._last_dts_ms, 0)
        self._last_dts_ms = picture.dts_ms
        if self._waits_for_keyframe:
            if not picture.keyframe or (self.left_out and not self._within(0.5)):
                self._leave_out(picture)
                return 0
            ended, self.left_out = self.left_out, 0
            self._waits_for_keyframe = False
            self._append(picture, step)
            return ended
        self._append(picture, step)
        if not self._within(1.0):
            self._fall_behind(picture.dts_ms)
        return 0

    def take(self) -> VideoSample | None:
        if not self._pictures:
            return None
        picture = self._pictures.popleft()
        self._ms -= self._steps.popleft()
        self._bytes -= len(picture.data)
        return picture

    def clear(self) -> None:
        self._pictures.clear()
        self._steps.clear()
        self._ms = self._bytes = 0

    def _append(self, picture: VideoSample, step: int) -> None:
        self._pictures.append(picture)
        self._steps.append(step)
        self._ms += step
        self._bytes += len(picture.data)

    def _within(self, share: float) -> bool:
        limits = self._limits
        return self.waiting_ms <= limits.seconds * 1000 * share and self._bytes <= limits.bytes * share

    def _leave_out(self, picture: VideoSample) -> None:
        if not self.left_out:
            return  # before the first keyframe nothing can be decoded, so nothing is missing
        self.left_out += 1
        if picture.dts_ms - self._fell_behind[-1] >= STANDSTILL_MS:
            self._note_falling_behind(picture.dts_ms)

    def _fall_behind(self, now_ms: int) -> None:
        """Take back the group that is not complete; if it is all there is, leave out its rest only."""
        keyframes = [index for index, waiting in enumerate(self._pictures) if waiting.keyframe and index]
        keep = keyframes[-1] if keyframes else len(self._pictures) - 1
        while len(self._pictures) > keep:
            self._bytes -= len(self._pictures.pop().data)
            self._ms -= self._steps.pop()
            self.left_out += 1
        self._waits_for_keyframe = True
        self._note_falling_behind(now_ms)

    def _note_falling_behind(self, now_ms: int) -> None:
        self._fell_behind.append(now_ms)
        if len(self._fell_behind) == OVERLOAD_TIMES and now_ms - self._fell_behind[0] <= OVERLOAD_WITHIN_MS:
            self.overloaded = True
