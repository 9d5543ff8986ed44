"""Cues as a text one can read: joined to paragraphs where the speaker pauses or a chapter begins. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from transcripts.cues.cue import Cue

PAUSE_MS = 1500
"""A silence that begins a paragraph, once the one before has some length."""
ENOUGH_CHARACTERS = 60
MOST_CHARACTERS = 180


@dataclass(frozen=True, slots=True)
class Paragraph:
    """At least one cue."""

    cues: tuple[Cue, ...]

    @property
    def seconds(self) -> int:
        return self.cues[0].start_ms // 1000


def paragraphs(cues: Iterable[Cue], *, chapter_starts: Collection[int] = ()) -> list[Paragraph]:
    """chapter_starts: in ms. Cues without text are left out."""
    waiting = sorted(chapter_starts)
    found: list[Paragraph] = []
    current: list[Cue] = []
    length = 0
    for cue in cues:
        if not cue.text.strip():
            continue
        begins_chapter = bool(waiting) and cue.start_ms >= waiting[0]
        while waiting and cue.start_ms >= waiting[0]:
            waiting.pop(0)
        paused = bool(current) and cue.start_ms - current[-1].end_ms >= PAUSE_MS
        is_full = length + len(cue.text) > MOST_CHARACTERS
        if current and (begins_chapter or is_full or (paused and length >= ENOUGH_CHARACTERS)):
            found.append(Paragraph(tuple(current)))
            current, length = [], 0
        current.append(cue)
        length += len(cue.text)
    if current:
        found.append(Paragraph(tuple(current)))
    return found
