"""One way of writing for a text and for what is looked for in it: width, case, punctuation, numbers of articles.

Every character stands for itself (NFKC of it alone), so that a place in the normal text has one in the original.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from transcripts.cues.numerals import DIGITS, PLACES, number_of

_NUMERAL = "[" + "".join(DIGITS) + "".join(PLACES) + "]"
_COUNT = rf"(?:{_NUMERAL}{{1,12}}|\d{{1,4}})"
_ARTICLE = re.compile(rf"第 *({_COUNT}) *([条款项章节编号期届次])(?: *之 *({_COUNT}))?")
_BARE_ARTICLE = re.compile(rf"^({_NUMERAL}{{1,12}})(?=[条款项章节])")


class _Folding(dict[int, str]):
    """For str.translate: what a character is in the normal text, worked out when it is met first."""

    def __missing__(self, point: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(point)).lower()
        plain = "".join(letter if letter.isalnum() else " " for letter in folded)
        self[point] = plain
        return plain


_FOLDING = _Folding()
_FOLDING_LINES = _Folding({ord("\n"): "\n"})


def normalise(text: str) -> str:
    """Letters and digits in lower case and half width; all else is a space. 第十一条之一 is 第11条之1."""
    return _ARTICLE.sub(_in_digits, text.translate(_FOLDING))


def normalise_each(texts: Iterable[str]) -> list[str]:
    """normalise of each of them, in a third of the time where they are many and short."""
    kept = [text.replace("\n", " ") for text in texts]
    if not kept:
        return []
    lines = "\n".join(kept)
    return _ARTICLE.sub(_in_digits, lines.translate(_FOLDING_LINES)).split("\n")


def normalise_query(text: str) -> str:
    """The same of what a person typed; 十一条 without its 第 is looked for as 11条."""
    normal = normalise(text).strip()
    return _BARE_ARTICLE.sub(_bare_in_digits, normal)


def _bare_in_digits(found: re.Match[str]) -> str:
    number = number_of(found[1])
    return found[1] if number is None else str(number)


def _in_digits(found: re.Match[str]) -> str:
    """As it was where the numerals make no number."""
    number = number_of(found[1])
    if number is None:
        return found[0]
    branch = number_of(found[3]) if found[3] else None
    rest = f"之{branch}" if branch is not None else found[0][found.end(2) - found.start() :]
    return f"第{number}{found[2]}{rest}"


@dataclass(frozen=True, slots=True)
class Aligned:
    """The normal text, and for each of its characters the place of the original one (and one for the end)."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the normal one from start until end (> start) was made of."""
        return self.places[start], self.places[end - 1] + 1


def align(text: str) -> Aligned:
    """normalise(text) with its places. Slower: for the few passages that are shown."""
    folded = text.translate(_FOLDING)
    if len(folded) == len(text):  # as nearly always: no character becomes less than one
        places = list(range(len(text)))
    else:
        places = [place for place, letter in enumerate(text) for _ in _FOLDING[ord(letter)]]
    return _replace(_ARTICLE, _in_digits, folded, places)


def _replace(
    pattern: re.Pattern[str], write: Callable[[re.Match[str]], str], text: str, places: list[int]
) -> Aligned:
    """As pattern.sub, with the places: each replaced span keeps its first and its last one."""
    out: list[str] = []
    kept: list[int] = []
    done = 0
    for found in pattern.finditer(text):
        out.append(text[done : found.start()])
        kept += places[done : found.start()]
        written = write(found)
        out.append(written)
        first, last, count = found.start(), found.end() - 1, len(written)
        kept += [places[first + (last - first) * each // max(count - 1, 1)] for each in range(count)]
        done = found.end()
    out.append(text[done:])
    kept += places[done:]
    return Aligned("".join(out), tuple(kept))
