"""What is different between two lists of cues, and how many characters were changed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal
from unicodedata import normalize

from transcripts.cues.cue import Cue

Kind = Literal["same", "gone", "new"]
LONGEST_ALIGNED = 1200
"""Characters of a passage up to which it is compared letter by letter; a longer one is shown whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A passage of both lists that is not the same. Times from its first cue to its last, in ms of the lecture.

    pieces: its text, letter by letter. is_retimed: the words stayed, the times did not.
    """

    start_ms: int
    end_ms: int
    before: tuple[Cue, ...]
    after: tuple[Cue, ...]
    pieces: tuple[Piece, ...]
    is_retimed: bool


def differences(before: Sequence[Cue], after: Sequence[Cue]) -> list[Difference]:
    """In order. Cues are matched by their words, so that one more cue does not make all later ones different."""
    matcher = SequenceMatcher(
        None, [cue.lines for cue in before], [cue.lines for cue in after], autojunk=False
    )
    found: list[Difference] = []
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(before[first:last], after[begin:end], strict=True)
            found += [_difference((old,), (new,)) for old, new in pairs if old != new]
        else:
            found.append(_difference(tuple(before[first:last]), tuple(after[begin:end])))
    return found


def letter_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """From one text to the other, the fewest readable pieces."""
    if max(len(before), len(after)) > LONGEST_ALIGNED:
        kinds: tuple[tuple[Kind, str], ...] = (("gone", before), ("new", after))
        return tuple(Piece(kind, text) for kind, text in kinds if text)
    pieces: list[Piece] = []
    for tag, first, last, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", before[first:last]))
            continue
        if last > first:
            pieces.append(Piece("gone", before[first:last]))
        if end > begin:
            pieces.append(Piece("new", after[begin:end]))
    return tuple(pieces)


def edit_distance(before: str, after: str) -> int:
    """Letters to put in, take out or replace (Levenshtein), by bit vectors over the whole text.

    G. Myers, A fast bit-vector algorithm for approximate string matching, J. ACM 46 (1999), in the form of
    H. Hyyrö (2003) for the distance of two whole texts. Two hours of speech take some tenths of a second.
    """
    if not before or not after:
        return len(before) + len(after)
    places: dict[str, int] = {}
    for place, letter in enumerate(before):
        places[letter] = places.get(letter, 0) | 1 << place
    last = 1 << (len(before) - 1)
    full = (1 << len(before)) - 1
    plus, minus, distance = full, 0, len(before)
    for letter in after:
        here = places.get(letter, 0)
        across = (((here & plus) + plus) ^ plus) | here | minus
        up = minus | ~(across | plus) & full
        down = plus & across
        distance += bool(up & last) - bool(down & last)
        up = (up << 1 | 1) & full
        down = (down << 1) & full
        plus = down | ~(across | up) & full
        minus = up & across
    return distance


def letters_of(cues: Sequence[Cue]) -> str:
    """All that is said, as it is counted: letters and digits alone, whatever their width and case."""
    said = normalize("NFKC", "".join(line for cue in cues for line in cue.lines)).upper()
    return "".join(letter for letter in said if letter.isalnum())


def _difference(before: tuple[Cue, ...], after: tuple[Cue, ...]) -> Difference:
    both = before + after
    old, new = (" ".join(cue.text for cue in cues) for cues in (before, after))
    return Difference(
        start_ms=min(cue.start_ms for cue in both),
        end_ms=max(cue.end_ms for cue in both),
        before=before,
        after=after,
        pieces=letter_pieces(old, new),
        is_retimed=old == new,
    )
