"""Distinct media time: spans of a lecture in whole milliseconds, kept sorted and apart. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""From and until, in ms of media time; until is not part of it."""


def union(*spans: Iterable[Span]) -> list[Span]:
    """The same media time without overlaps, in order; touching spans become one, empty ones none."""
    merged: list[Span] = []
    for start, end in sorted(span for some in spans for span in some):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def length(spans: Sequence[Span]) -> int:
    """Of spans that do not overlap, in ms."""
    return sum(end - start for start, end in spans)
