"""What a person typed, as something to look for: words that must all be there, each in one of its ways to say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from transcripts.search.normal import normalise_query
from transcripts.search.tokens import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a word: as normal text, to mark it in what is shown, and as tokens, to look for it."""

    text: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Question:
    """words: each with its ways, the typed one first. was_cut: more was typed than is looked for."""

    words: tuple[tuple[Way, ...], ...]
    was_cut: bool = False


Synonyms = Mapping[str, Sequence[str]]
"""Normal text → what else it may be called, in normal text."""


def read_question(typed: str, synonyms: Synonyms, *, most_characters: int, most_words: int) -> Question:
    """Never fails: what is no letter and no digit is left out, what is too much is cut off."""
    kept = typed[:most_characters]
    words: list[tuple[Way, ...]] = []
    separated = _simplified(kept).split()
    for each in separated[:most_words]:
        normal = normalise_query(each)
        ways = [_way(text) for text in (normal, *synonyms.get(normal, ()))]
        found = tuple(way for way in ways if way is not None)
        if found and found not in words:
            words.append(found)
    return Question(tuple(words), was_cut=len(typed) > most_characters or len(separated) > most_words)


def _way(normal: str) -> Way | None:
    found = phrase(normal)
    return Way(normal, found) if found else None


def _simplified(text: str) -> str:
    """What was typed in traditional characters. The texts themselves are simplified."""
    return str(_converter().convert(text.replace("\0", " ")))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
