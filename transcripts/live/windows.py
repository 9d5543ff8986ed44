"""The sound of a lecture on the air, cut into what is recognised at once: at pauses, or where none comes for long.

Samples of 16 kHz since the lecture's beginning. Pure but for the detector it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from transcripts.speech.engine import SAMPLE_RATE, Pcm

STEP = SAMPLE_RATE * 4 // 5
"""So much new sound before it is looked at again."""
PAUSE = 0.25
"""Seconds behind the end of speech, as the detector pads it, that make a pause."""
KEPT = SAMPLE_RATE // 2
"""Of silence: speech that has just begun is not recognised by the detector yet."""
LONGEST = 20.0
"""Seconds that an engine is given at most, however much has come together."""
LONGEST_GAP = 10 * SAMPLE_RATE
"""What is missing is silence; beyond this, what lies before it is given up."""

Spans = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Window:
    """start and end: samples. spans: where somebody speaks, in seconds from start. is_whole: it ends in a pause."""

    start: int
    pcm: Pcm
    spans: Spans
    is_whole: bool

    @property
    def end(self) -> int:
        return self.start + len(self.pcm)

    @property
    def seconds(self) -> float:
        return len(self.pcm) / SAMPLE_RATE


class Windows:
    """most_seconds: of speech without a pause before it is recognised as far as it goes."""

    def __init__(self, spans_of: Callable[[Pcm], Spans], *, most_seconds: float) -> None:
        self._spans_of = spans_of
        self._most = most_seconds
        self._sound = np.zeros(0, np.float32)
        self._start = 0
        self._looked_at = 0

    @property
    def settled(self) -> int:
        """Everything before this sample is done with."""
        return self._start

    @property
    def end(self) -> int:
        return self._start + len(self._sound)

    def lay(self, at: int, sound: Pcm) -> None:
        """Sound from sample `at` on. What was there already is left out, what is missing is silence."""
        gap = at - self.end
        if gap > LONGEST_GAP or not len(self._sound):
            self._sound, self._start = np.zeros(0, np.float32), max(at, self._start)
            self._looked_at = self._start
            gap = at - self._start
        if gap < 0:
            sound, gap = sound[-gap:], 0
        self._sound = np.concatenate((self._sound, np.zeros(gap, np.float32), sound))

    def next(self) -> Window | None:
        """What is to be recognised now. Whoever takes it says with `done` how far that was done."""
        if self.end - self._looked_at < STEP:
            return None
        self._looked_at = self.end
        spans = self._spans_of(self._sound)
        if not spans:
            self.done(self.end - KEPT)
            self._looked_at = self.end
            return None
        cut = where_to_cut(spans, len(self._sound) / SAMPLE_RATE, most_seconds=self._most)
        if cut is None:
            return None
        end, is_whole = cut
        first, last = round(spans[0][0] * SAMPLE_RATE), round(end * SAMPLE_RATE)
        inside = [(start - spans[0][0], min(stop, end) - spans[0][0]) for start, stop in spans if start < end]
        return Window(self._start + first, self._sound[first:last], inside, is_whole)

    def done(self, until: int) -> None:
        """Let go of everything before that sample. What is left is looked at again at once."""
        until = min(max(until, self._start), self.end)
        self._sound = self._sound[until - self._start :]
        self._start = until
        self._looked_at = min(self._looked_at, self.end - STEP)


def where_to_cut(
    spans: Sequence[tuple[float, float]], length: float, *, most_seconds: float
) -> tuple[float, bool] | None:
    """Second at which the window ends, and whether that is a pause; None: it is too early. spans: not empty. Pure."""
    first, last = spans[0][0], spans[-1][1]
    if length - first > LONGEST:
        inner = [end for _, end in spans[:-1] if first < end <= first + LONGEST]
        return (inner[-1], True) if inner else (first + LONGEST, False)
    if length - last >= PAUSE:
        return last, True
    if length - first < most_seconds:
        return None
    if len(spans) > 1 and spans[-2][1] - first >= most_seconds / 2:
        return spans[-2][1], True
    return length, False
