"""Delivery directives and what a blocking request has to wait for (rfc8216bis §6.2.5). Pure."""

from dataclasses import dataclass
from enum import Enum

_LONGEST_NUMBER = 12


class BadDirective(Exception):
    """The query asks for something that cannot be; answered 400."""


@dataclass(frozen=True, slots=True)
class Directives:
    """`_HLS_msn`, `_HLS_part` and `_HLS_skip` of a playlist request."""

    msn: int | None = None
    part: int | None = None
    skip: bool = False


NO_DIRECTIVES = Directives()


class Readiness(Enum):
    READY = "ready"
    WAIT = "wait"
    TOO_FAR = "too far"  # asked for something too far ahead: 400 for a playlist
    NEVER = "never"  # will not come: 404


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a rendition stands: the number of its open or next segment, and the parts that one has so far."""

    next_msn: int
    open_parts: int


def parse_directives(query: bytes) -> Directives:
    """Other parameters are ignored. Raises BadDirective."""
    if b"_HLS_" not in query:
        return NO_DIRECTIVES
    values: dict[bytes, bytes] = {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        values[name] = value
    msn = _number(values.get(b"_HLS_msn"))
    part = _number(values.get(b"_HLS_part"))
    if part is not None and msn is None:
        raise BadDirective("_HLS_part without _HLS_msn")
    return Directives(msn, part, values.get(b"_HLS_skip") in (b"YES", b"v2"))


def _number(value: bytes | None) -> int | None:
    if value is None:
        return None
    if not value.isdigit() or len(value) > _LONGEST_NUMBER:
        raise BadDirective("not a whole number")
    return int(value)


def playlist_readiness(
    msn: int, part: int | None, edge: Edge, parts_of_msn: int | None, advance_part_limit: int
) -> Readiness:
    """Whether a playlist holds what `_HLS_msn` and `_HLS_part` ask for.

    parts_of_msn: parts of the closed segment `msn`, None when there is no such closed segment. A part behind
    a segment's last is part 0 of the next segment.
    """
    if msn > edge.next_msn + 1:
        return Readiness.TOO_FAR
    if msn < edge.next_msn:
        if part is None or parts_of_msn is None or part < parts_of_msn or msn + 1 < edge.next_msn:
            return Readiness.READY
        return Readiness.READY if edge.open_parts else Readiness.WAIT
    listed = edge.open_parts if msn == edge.next_msn else 0
    if part is None:
        return Readiness.WAIT
    if part >= listed + advance_part_limit:
        return Readiness.TOO_FAR
    return Readiness.READY if part < listed else Readiness.WAIT
