"""Words to cues by dynamic programming on the cost of their breaks.

Held whatever the words are: order, no overlap, lines of at most 16 characters, at most two of them, at most 7 s.
Wanted, the first most: articles of law and numbers with units unbroken, terms unbroken, 5/6 s, 9 characters a
second, breaks where the speaker pauses, a clause ends or a word does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from transcripts.cues.costs import NEW_CUE, SECOND_LINE, TOO_FAST, TOO_SHORT, UNEVEN, Costs, costs_of
from transcripts.cues.cue import Cue
from transcripts.cues.glyphs import Glyph, glyphs_of
from transcripts.cues.measure import (
    FASTEST,
    LINGER_MS,
    LONGEST_MS,
    MOST_WIDTH,
    SHORTEST_MS,
    SMALLEST_GAP_MS,
    reading_width,
    width,
)
from transcripts.speech.words import Word

LONGEST, SHORTEST, LINGER = LONGEST_MS / 1000, SHORTEST_MS / 1000, LINGER_MS / 1000
ROUNDING = 1e-6
OFFERED_WITHIN = 3.0
"""Seconds: a word that takes longer may be broken inside."""


@dataclass(frozen=True, slots=True)
class CutCue:
    """words: what it was made of, in order; a word that is broken stands in two cues, each with its part of it."""

    cue: Cue
    words: tuple[Word, ...]


def cut(words: Sequence[Word], *, terms: Collection[str] = ()) -> list[CutCue]:
    """The cues of these words. terms: what is not to be broken, where it can be helped.

    Words that stand out of order, overlap or have no usable times are laid out as best they can (glyphs); none is
    lost but punctuation at the ends of lines. About 2 s for an hour of speech: not on the event loop.
    """
    heard, glyphs = glyphs_of(words)
    if not glyphs:
        return []
    costs = costs_of(glyphs, terms, widest=MOST_WIDTH, longest=OFFERED_WITHIN)
    pieces = _best_pieces(glyphs, costs)
    return _timed(glyphs, heard, pieces)


Piece = tuple[int, int, int]
"""Glyphs from the first number to before the last; the second line begins at the middle one, 0 for none."""


def _best_pieces(glyphs: Sequence[Glyph], costs: Costs) -> list[Piece]:
    places = costs.places
    wide, joined, read = _widths(glyphs)
    going_on, pauses = list(accumulate(costs.on)), list(accumulate(costs.pause))
    starts = [glyph.start for glyph in glyphs] + [inf]
    ends = [glyph.end for glyph in glyphs]
    lines, cues, on = costs.line, costs.cue, costs.on
    least = [0.0] + [inf] * (len(places) - 1)
    back = [(0, 0)] * len(places)
    for last in range(1, len(places)):
        end = places[last]
        said, following = ends[end - 1], starts[end]
        best, chosen = inf, (0, 0)
        for first in range(last - 1, -1, -1):
            start = places[first]
            across = wide[end] - wide[start] + joined[end - 1] - joined[start]
            if across > 2 * MOST_WIDTH or said - starts[start] > LONGEST:
                break
            cost = least[first] + NEW_CUE + pauses[end - 1] - pauses[start]
            cost += going_on[end - 1] - going_on[start]
            begins = starts[start]
            shown = min(following, max(said + LINGER, begins + SHORTEST)) - begins
            if shown < SHORTEST - ROUNDING:
                cost += TOO_SHORT * (2 - shown / SHORTEST)
            speed = (read[end] - read[start]) / shown
            if speed > FASTEST:
                cost += TOO_FAST * speed / FASTEST
            if cost >= best:
                continue
            if across <= MOST_WIDTH:
                best, chosen = cost, (first, 0)
                continue
            cost += SECOND_LINE
            for middle in range(last - 1, first, -1):
                place = places[middle]
                below = wide[end] - wide[place] + joined[end - 1] - joined[place]
                if below > MOST_WIDTH:
                    break
                above = wide[place] - wide[start] + joined[place - 1] - joined[start]
                if above > MOST_WIDTH:
                    continue
                total = cost + lines[place] - on[place] / 2 + UNEVEN * abs(above - below)
                if total < best:
                    best, chosen = total, (first, place)
        least[last], back[last] = best + cues[end], chosen
    pieces: list[Piece] = []
    last = len(places) - 1
    while last:
        first, middle = back[last]
        pieces.append((places[first], middle, places[last]))
        last = first
    return pieces[::-1]


def _widths(glyphs: Sequence[Glyph]) -> tuple[list[float], list[float], list[float]]:
    """Sums up to each place: of the glyphs' widths, of the joiners' before it, of what is read."""
    wide = [0.0, *accumulate(width(glyph.text) for glyph in glyphs)]
    joined = [0.0, *accumulate(width(glyph.joiner) for glyph in glyphs)]
    read = [0.0, *accumulate(reading_width(glyph.text + glyph.joiner) for glyph in glyphs)]
    return wide, joined, read


def _timed(glyphs: Sequence[Glyph], heard: Sequence[Word], pieces: Sequence[Piece]) -> list[CutCue]:
    starts = [round(glyphs[first].start * 1000) for first, _, _ in pieces]
    made = []
    for number, (first, middle, end) in enumerate(pieces):
        following = starts[number + 1] if number + 1 < len(pieces) else None
        shown_until = _end(starts[number], round(glyphs[end - 1].end * 1000), following)
        halves = (glyphs[first:middle], glyphs[middle:end]) if middle else (glyphs[first:end],)
        lines = tuple(_line(half) for half in halves)
        made.append(CutCue(Cue(starts[number], shown_until, lines), _words(glyphs[first:end], heard)))
    return made


def _end(start: int, said: int, following: int | None) -> int:
    """Half a second after the last word, or 5/6 s after the first where that is later; never into the next cue."""
    end = min(max(said + LINGER_MS, start + SHORTEST_MS), start + LONGEST_MS)
    if following is None:
        return end
    if end < following < end + SMALLEST_GAP_MS:
        with_gap = following - SMALLEST_GAP_MS
        end = with_gap if with_gap >= max(said, start + SHORTEST_MS) else following
    return min(end, following, start + LONGEST_MS)


def _line(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text + glyph.joiner for glyph in glyphs[:-1]) + glyphs[-1].text


def _words(glyphs: Sequence[Glyph], heard: Sequence[Word]) -> tuple[Word, ...]:
    """The words of these glyphs; a broken word's times are those of its part."""
    parts: list[tuple[int, str, float, float]] = []
    for glyph in glyphs:
        step = (glyph.end - glyph.start) / len(glyph.text)
        at = glyph.start
        for word, text in glyph.words:
            until = at + step * len(text)
            if parts and parts[-1][0] == word:
                parts[-1] = (word, parts[-1][1] + text, parts[-1][2], until)
            else:
                parts.append((word, text, at, until))
            at = until
    return tuple(Word(text, start, end, heard[word].prob) for word, text, start, end in parts)
