"""Which words of the approved script stand beside what was recognised, by edit distance over their characters.

Long texts are first pinned together where both have the same rare run of characters; between the pins the distance
is worked out row by row (Wagner and Fischer), in halves where a table would be too large (Hirschberg).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

RUN = 8
"""Characters of a run that pins two texts together."""
LARGEST_TABLE = 25_000_000
"""Bytes."""
MOST_CELLS = 250_000_000
"""Of a stretch without a pin, some seconds' work; where two texts have so little in common nothing is offered."""
ALIKE_ENOUGH = 0.5
"""From where on a passage is worth offering."""
OPENING, CLOSING = "《〈“‘（【「『", "》〉”’）】」』？！"
TAIL = 4
"""Letters of the script that nobody was heard to say are put to the piece before them, up to this many."""
DIAGONAL, UP, LEFT = 0, 1, 2

Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Passage:
    """script[start:end] is text, what the script says where a piece was heard; "" where it says nothing of the kind.

    alike: 1 where every letter is the same, 0 where none is.
    """

    text: str
    alike: float
    start: int = 0
    end: int = 0


def align(script: str, pieces: Sequence[str]) -> list[Passage]:
    """A passage for each piece: of cues or words, as recognised, in the order of the speech.

    Punctuation, spaces, width and case do not count. 4,000 characters take about 0.2 s: not on the event loop.
    """
    wanted, places = _letters(script)
    heard: list[str] = []
    starts = [0]
    for piece in pieces:
        heard += _letters(piece)[0]
        starts.append(len(heard))
    partners = _partners(heard, wanted)
    passages = []
    for number, piece_start in enumerate(starts[:-1]):
        piece_end = starts[number + 1]
        mine = [place for place in partners[piece_start:piece_end] if place >= 0]
        if not mine:
            passages.append(Passage("", 0.0))
            continue
        first, last = mine[0], mine[-1]
        following = next(
            (place for place in partners[piece_end : piece_end + 200] if place >= 0), len(wanted)
        )
        last = _with_tail(places, last, following)
        same = sum(
            partners[place] >= 0 and heard[place] == wanted[partners[place]]
            for place in range(piece_start, piece_end)
        )
        alike = same / max(piece_end - piece_start, last - first + 1)
        start, end = _with_marks(script, places[first], places[last] + 1)
        passages.append(Passage(script[start:end], alike, start, end))
    return passages


def _letters(text: str) -> tuple[list[str], list[int]]:
    """What counts of a text, and where each stands in it."""
    letters, places = [], []
    for place, letter in enumerate(text):
        if letter.isalnum():
            letters.append(normalize("NFKC", letter).lower())
            places.append(place)
    return letters, places


def _with_tail(places: Sequence[int], last: int, following: int) -> int:
    """The letter up to which a piece's passage goes: a few that were missed, but not past a comma or stop."""
    end = last
    while end + 1 < following and places[end + 1] == places[end] + 1:
        end += 1
    return end if end - last <= TAIL else last


def _with_marks(script: str, start: int, end: int) -> tuple[int, int]:
    while start and script[start - 1] in OPENING:
        start -= 1
    while end < len(script) and script[end] in CLOSING:
        end += 1
    return start, end


def _partners(heard: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """For each letter heard the place of its letter in the script, the same or another one; -1 for none."""
    partners = [-1] * len(heard)
    codes: dict[str, int] = {}
    mine, theirs = (
        np.array([codes.setdefault(letter, len(codes)) for letter in letters], dtype=np.int32)
        for letters in (heard, wanted)
    )
    done_heard = done_wanted = 0
    for heard_at, wanted_at, length in (*_pins(heard, wanted), (len(heard), len(wanted), 0)):
        for first, second in _pairs(mine[done_heard:heard_at], theirs[done_wanted:wanted_at]):
            partners[done_heard + first] = done_wanted + second
        for offset in range(length):
            partners[heard_at + offset] = wanted_at + offset
        done_heard, done_wanted = heard_at + length, wanted_at + length
    return partners


def _pins(heard: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int, int]]:
    """(place, place, length) of runs that are once in each text and in the same order in both, not overlapping."""
    ours, theirs = _runs_once(heard), _runs_once(wanted)
    both = sorted((place, theirs[run]) for run, place in ours.items() if run in theirs)
    pins: list[tuple[int, int, int]] = []
    for first, second in _rising(both):
        if not pins or (first >= pins[-1][0] + RUN and second >= pins[-1][1] + RUN):
            pins.append((first, second, RUN))
    return pins


def _runs_once(letters: Sequence[str]) -> dict[str, int]:
    runs = ["".join(letters[at : at + RUN]) for at in range(len(letters) - RUN + 1)]
    counts = Counter(runs)
    return {run: place for place, run in enumerate(runs) if counts[run] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers rise, by patience sorting."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        before.append(tops[place - 1] if place else -1)
        if place == len(ends):
            ends.append(second)
            tops.append(number)
        else:
            ends[place], tops[place] = second, number
    chosen = []
    number = tops[-1] if tops else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]


def _pairs(mine: Codes, theirs: Codes) -> Iterator[tuple[int, int]]:
    """Places that are one over the other in the shortest way from mine to theirs."""
    if not len(mine) or not len(theirs) or len(mine) * len(theirs) > MOST_CELLS:
        return
    if len(mine) * len(theirs) <= LARGEST_TABLE or len(mine) == 1:
        yield from _traced(mine, theirs)
        return
    half = len(mine) // 2
    forwards = _last_row(mine[:half], theirs)
    backwards = _last_row(mine[half:][::-1], theirs[::-1])[::-1]
    cut = int(np.argmin(forwards + backwards))
    yield from _pairs(mine[:half], theirs[:cut])
    for first, second in _pairs(mine[half:], theirs[cut:]):
        yield half + first, cut + second


def _last_row(mine: Codes, theirs: Codes) -> Codes:
    """Distances of all of mine to each beginning of theirs."""
    places = np.arange(len(theirs) + 1, dtype=np.int32)
    row = places
    for letter in mine:
        row = _next_row(row, letter, theirs, places)
    return row


def _next_row(row: Codes, letter: np.int32, theirs: Codes, places: Codes) -> Codes:
    best = row + 1
    np.minimum(best[1:], row[:-1] + (theirs != letter), out=best[1:])
    # A letter more of theirs costs one: the least of what lies before, less its place, plus this one.
    return np.minimum.accumulate(best - places) + places


def _traced(mine: Codes, theirs: Codes) -> list[tuple[int, int]]:
    places = np.arange(len(theirs) + 1, dtype=np.int32)
    row = places
    ways = np.full((len(mine) + 1, len(theirs) + 1), LEFT, dtype=np.uint8)
    for number, letter in enumerate(mine, start=1):
        following = _next_row(row, letter, theirs, places)
        ways[number, following == row + 1] = UP
        diagonal = following[1:] == row[:-1] + (theirs != letter)
        ways[number, 1:][diagonal] = DIAGONAL
        row = following
    pairs = []
    first, second = len(mine), len(theirs)
    while first and second:
        way = ways[first, second]
        if way == DIAGONAL:
            first, second = first - 1, second - 1
            pairs.append((first, second))
        elif way == UP:
            first -= 1
        else:
            second -= 1
    return pairs[::-1]
