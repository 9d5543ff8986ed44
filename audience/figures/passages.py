"""The retention curve: how many visits played each passage of a lecture, and which passages lost most. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audience.counting.spans import Span

PASSAGE_MS = 30_000
MARKED = 3
"""So many passages are named as those that lost people."""
LEAST_LOSS = 0.05
"""Of all visits; less is no loss worth a word."""


@dataclass(frozen=True, slots=True)
class Passage:
    """begins_ms: of media time. live, replay: visits that played some of it. lost: visits fewer than in the passage
    before; marked: one of those that lost most.
    """

    begins_ms: int
    live: int
    replay: int
    lost: int = 0
    marked: bool = False

    @property
    def visits(self) -> int:
        return self.live + self.replay


def played_by_passage(visits: Iterable[Sequence[Span]], passages: int) -> list[int]:
    """How many visits played any of each. A visit's spans do not overlap; what lies behind the last is left out."""
    counts = [0] * passages
    for spans in visits:
        played: set[int] = set()
        for start, end in spans:
            if end > start:
                played.update(range(start // PASSAGE_MS, min(passages, (end - 1) // PASSAGE_MS + 1)))
        for place in played:
            counts[place] += 1
    return counts


def retention_curve(
    live: Sequence[Sequence[Span]], replay: Sequence[Sequence[Span]], length_ms: int
) -> list[Passage]:
    """length_ms: of the lecture; 0 where nobody knows it: up to the last that was played."""
    last = length_ms or max((end for spans in (*live, *replay) for _, end in spans), default=0)
    passages = -(-last // PASSAGE_MS)
    counts = list(zip(played_by_passage(live, passages), played_by_passage(replay, passages), strict=True))
    sums = [sum(pair) for pair in counts]
    lost = [0, *(max(0, before - after) for before, after in pairwise(sums))][:passages]
    most = len(live) + len(replay)
    # The last passage is only part of one, and everybody leaves at the end.
    heavy = sorted(range(1, passages - 1), key=lambda place: (-lost[place], place))[:MARKED]
    marked = {place for place in heavy if most and lost[place] >= LEAST_LOSS * most}
    return [
        Passage(place * PASSAGE_MS, one, other, lost[place], place in marked)
        for place, (one, other) in enumerate(counts)
    ]
