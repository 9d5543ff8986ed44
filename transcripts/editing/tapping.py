"""Text to tap along to: a script cut into lines as short as a cue, before it is known when they are spoken."""

import asyncio
import re
import unicodedata

from core.errors import Invalid
from core.settings import Settings
from transcripts.cues.cutting import cut
from transcripts.glossary.services import terms_by_frequency
from transcripts.speech.words import Word

SECONDS_A_LETTER = 0.25
"""Only the order of the letters is known: at an even pace the cutter looks at words and punctuation alone."""
PAUSE = 0.6
"""Behind a sentence's end, in seconds, so that the next one begins a line of its own."""
ENDS = "。！？；!?;"


async def lines_to_tap(text: str, settings: Settings) -> list[tuple[str, ...]]:
    """The lines of each cue, in order. Raises Invalid (field `text`) for none, or too many."""
    most = settings.subtitle_import_kib * 1024
    if len(text.encode(errors="replace")) > most:
        raise Invalid({"text": f"讲稿文字不能超过 {settings.subtitle_import_kib} KiB。"})
    terms = tuple(term.text for term in await terms_by_frequency())
    lines = await asyncio.to_thread(cut_lines, text, terms)
    if not lines:
        raise Invalid({"text": "请粘贴讲稿文字，或选一份材料里的讲稿。"})
    if len(lines) > settings.subtitle_most_cues:
        raise Invalid(
            {"text": f"讲稿太长：切出 {len(lines)} 条，一期最多 {settings.subtitle_most_cues} 条。"}
        )
    return lines


def cut_lines(text: str, terms: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The lines of each cue, a paragraph beginning a new one; none for a text without letters. Pure."""
    found: list[tuple[str, ...]] = []
    for paragraph in text.splitlines():
        words = _words(paragraph)
        if words:
            made = [each.cue for each in cut(words, terms=terms)]
            found += [cue.lines for cue in made if any(letter.isalnum() for letter in cue.text)]
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
