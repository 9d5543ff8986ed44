"""Text to tap along to: a script cut into lines as short as a cue, before it is known when they are spoken. Pure."""

import re
import unicodedata

from transcripts.cues.cutting import cut
from transcripts.speech.words import Word

SECONDS_A_LETTER = 0.25
"""Only the order of the letters is known: at an even pace the cutter looks at words and punctuation alone."""
PAUSE = 0.6
"""Behind a sentence's end, in seconds, so that the next one begins a line of its own."""
ENDS = "。！？；!?;"


def lines_to_tap(text: str, terms: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The lines of each cue, in order; none for a text without letters."""
    found: list[tuple[str, ...]] = []
    for paragraph in text.splitlines():
        words = _words(paragraph)
        if words:
            found += [each.cue.lines for each in cut(words, terms=terms) if each.cue.text.strip()]
    return found


def _words(paragraph: str) -> list[Word]:
    words: list[Word] = []
    at = 0.0
    for text in re.findall(r"[A-Za-z0-9.%]+|\S", paragraph):
        if words and not any(unicodedata.category(letter)[0] in "LN" for letter in text):
            last = words[-1]
            words[-1] = Word(last.text + text, last.start, last.end)
            at += PAUSE if text in ENDS else 0
            continue
        length = SECONDS_A_LETTER * len(text)
        words.append(Word(text, at, at + length))
        at += length
    return words
