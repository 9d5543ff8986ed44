"""What of a window is said for sure. Pure.

Where a window ends in the middle of speech, its last words may be half heard: they wait for the next one, which
begins with them. So does the beginning of a phrase that the blocklist does not let through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from transcripts.speech.filters import BLOCKED, LOOP, SAME_NEIGHBOURS, Held, Sifted
from transcripts.speech.words import Segment, Word

UNSURE = 0.4
"""Seconds before the end of a window that is no pause."""
LEAST = 1.0
"""Seconds that every window brings it forward: what stays unsure for longer is taken as it is."""
SHORTEST_BEGINNING = 2
"""Characters of a blocked phrase that are held back: one alone is in every other sentence."""


@dataclass(frozen=True, slots=True)
class Settled:
    """until: seconds from the window's start up to which it is done."""

    segments: list[Segment]
    until: float


def settle(segments: Sequence[Segment], seconds: float, *, is_whole: bool, phrases: Sequence[str]) -> Settled:
    """seconds: length of the window. phrases: without spaces."""
    if is_whole:
        return Settled(list(segments), seconds)
    words = [word for segment in segments for word in segment.words]
    kept = sum(word.end <= seconds - UNSURE for word in words)
    kept -= _in_beginnings(words[:kept], phrases)
    all_said = max((word.end for word in words), default=seconds - UNSURE)
    until = words[kept].start if kept < len(words) else all_said
    if until < min(LEAST, seconds):
        return Settled(list(segments), seconds)
    return Settled(_first(segments, kept), min(until, seconds))


def _in_beginnings(words: Sequence[Word], phrases: Sequence[str]) -> int:
    """How many of the last words may be the beginning of a phrase."""
    text = "".join(bare(word.text) for word in words)
    longest = 0
    for phrase in phrases:
        for length in range(len(phrase) - 1, SHORTEST_BEGINNING - 1, -1):
            if length > longest and text.endswith(phrase[:length]):
                longest = length
    left = list(accumulate(len(bare(word.text)) for word in reversed(words)))
    return 0 if not longest else next(count for count, length in enumerate(left, 1) if length >= longest)


def _first(segments: Sequence[Segment], kept: int) -> list[Segment]:
    """The segments with the first so many words alone."""
    made = []
    for segment in segments:
        words = segment.words[:kept]
        kept -= len(words)
        if words and len(words) == len(segment.words):
            made.append(segment)
        elif words:
            text = "".join(word.text for word in words)
            made.append(replace(segment, text=text, end=words[-1].end, words=words))
    return made


class Memory:
    """What was said in the windows before: what shows only over their borders. phrases: without spaces."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        self._tail = ""
        self._last: list[str] = []

    def look(self, sifted: Sifted) -> Sifted:
        """The same, without what completes a blocked phrase and without what is said again and again."""
        kept: list[Segment] = []
        held = list(sifted.held)
        for segment in sifted.kept:
            reason = self._suspicion(bare(segment.text))
            if reason:
                held.append(Held(segment.start, segment.end, segment.text, reason))
            else:
                kept.append(segment)
        return Sifted(kept, held)

    def _suspicion(self, text: str) -> str:
        before, self._tail = self._tail, (self._tail + text)[-self._longest :]
        self._last = [*self._last[1 - SAME_NEIGHBOURS :], text]
        joined = before + text
        if any(phrase in joined and phrase not in before for phrase in self._phrases):
            return BLOCKED
        if len(self._last) == SAME_NEIGHBOURS and len(set(self._last)) == 1:
            return LOOP
        return ""

    @property
    def _longest(self) -> int:
        return max((len(phrase) for phrase in self._phrases), default=1)


def bare(text: str) -> str:
    return "".join(text.split())
