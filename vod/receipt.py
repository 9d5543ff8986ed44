"""The receipt of a lecture: what should have come, what came, what of it is kept, and what is wrong. Pure.

Made from the journal's index and from what was found in the files. Everything is counted in seconds of
lecture time, of segments that hold media; a lecture has a moment when any of its renditions has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from streaming.lecture_index import LectureIndex, RenditionIndex, SegmentRecord
from streaming.segments import TICKS_PER_SECOND

VERSION = 1
SHORTFALL_SECONDS = 2.0
"""Less media than time on the air by this much, and by …"""
SHORTFALL_SHARE = 0.01
"""… this share of it is a problem: the network or the encoder has swallowed some."""


class FileState(StrEnum):
    WHOLE = "whole"
    CHANGED = "changed"
    """Its bytes are not the ones that were received."""


class ProblemKind(StrEnum):
    NOTHING_RECEIVED = "nothing received"
    SHORTFALL = "shortfall"
    """A publication brought less media than it lasted."""
    GAP = "gap"
    """A moment that no rendition has."""
    INCOMPLETE_RENDITION = "incomplete rendition"
    """A rendition lacks moments that another one has; it may have been shed."""
    LOST = "lost"
    """Received, but it never reached the disk or is no longer there."""
    BAD_FILE = "bad file"
    BAD_INIT = "bad init"
    DAMAGED_JOURNAL = "damaged journal"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What is in a segment's file, and the SHA-256 of the bytes that belong to it."""

    state: FileState
    sha256: str


@dataclass(frozen=True, slots=True)
class Findings:
    """By rendition and media sequence number; and the ids of init sections that are missing or changed."""

    segments: Mapping[tuple[str, int], FileFinding]
    bad_inits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    kind: ProblemKind
    detail: str
    rendition: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SegmentReceipt:
    """start and seconds in lecture time; a gap has neither size nor hash."""

    msn: int
    epoch: str
    start: float
    seconds: float
    gap: bool
    size: int
    sha256: str | None
    state: FileState | None


@dataclass(frozen=True, slots=True)
class GapReceipt:
    """Segments [first_msn, last_msn] without media."""

    first_msn: int
    last_msn: int
    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class RenditionReceipt:
    name: str
    shed: bool
    received_seconds: float
    gaps: list[GapReceipt]
    segments: list[SegmentReceipt]


@dataclass(frozen=True, slots=True)
class PublicationReceipt:
    """expected: how long it was on the air by the clock; received: the media that came in that time."""

    ordinal: int
    encoder: str
    started_at: float
    ended_at: float
    reason: str
    expected_seconds: float
    received_seconds: float


@dataclass(frozen=True, slots=True)
class Receipt:
    number: str
    expected_seconds: float
    received_seconds: float
    publications: list[PublicationReceipt]
    renditions: list[RenditionReceipt]
    problems: list[Problem]

    @property
    def is_clean(self) -> bool:
        return not self.problems

    def to_json(self, written_at: datetime) -> dict[str, Any]:
        return {
            "version": VERSION,
            "written_at": written_at.isoformat(),
            **asdict(self),
            "is_clean": self.is_clean,
        }


def make_receipt(index: LectureIndex, findings: Findings) -> Receipt:
    """Of a lecture whose journal is closed."""
    publications = _publications(index)
    renditions = [_rendition(rendition, findings) for rendition in index.renditions.values()]
    received = sum(_seconds(segment.duration) for segment in _moments(index).values() if not segment.gap)
    return Receipt(
        number=index.number,
        expected_seconds=round(sum(one.expected_seconds for one in publications), 3),
        received_seconds=round(received, 3),
        publications=publications,
        renditions=renditions,
        problems=list(_problems(index, findings, publications)),
    )


def _seconds(ticks: int) -> float:
    return round(ticks / TICKS_PER_SECOND, 5)


def _moments(index: LectureIndex) -> dict[int, SegmentRecord]:
    """For each number a segment with media, from whichever rendition has one; a gap where none has."""
    moments: dict[int, SegmentRecord] = {}
    for rendition in index.renditions.values():
        for segment in rendition.segments:
            if segment.msn not in moments or moments[segment.msn].gap:
                moments[segment.msn] = segment
    return dict(sorted(moments.items()))


def _publications(index: LectureIndex) -> list[PublicationReceipt]:
    moments = _moments(index).values()
    made = []
    for publication in index.publications:
        theirs = [one for one in moments if one.publication == publication.ordinal and not one.gap]
        ended_at = publication.ended_at if publication.ended_at is not None else publication.started_at
        made.append(
            PublicationReceipt(
                ordinal=publication.ordinal,
                encoder=publication.encoder,
                started_at=publication.started_at,
                ended_at=ended_at,
                reason=publication.reason,
                expected_seconds=round(ended_at - publication.started_at, 3),
                received_seconds=round(sum(_seconds(one.duration) for one in theirs), 3),
            )
        )
    return made


def _rendition(rendition: RenditionIndex, findings: Findings) -> RenditionReceipt:
    segments = []
    for segment in rendition.segments:
        finding = findings.segments.get((rendition.name, segment.msn)) if not segment.gap else None
        segments.append(
            SegmentReceipt(
                msn=segment.msn,
                epoch=segment.epoch,
                start=_seconds(segment.start),
                seconds=_seconds(segment.duration),
                gap=segment.gap,
                size=segment.size,
                sha256=finding.sha256 if finding is not None else None,
                state=finding.state if finding is not None else None,
            )
        )
    return RenditionReceipt(
        name=rendition.name,
        shed=rendition.shed,
        received_seconds=round(_seconds(rendition.received), 3),
        gaps=_gaps(rendition.segments),
        segments=segments,
    )


def _gaps(segments: Iterable[SegmentRecord]) -> list[GapReceipt]:
    """Neighbouring gaps as one."""
    gaps = []
    for is_gap, group in groupby(segments, key=lambda segment: segment.gap):
        if is_gap:
            run = list(group)
            total = sum(segment.duration for segment in run)
            gaps.append(GapReceipt(run[0].msn, run[-1].msn, _seconds(run[0].start), _seconds(total)))
    return gaps


def _problems(
    index: LectureIndex, findings: Findings, publications: Iterable[PublicationReceipt]
) -> Iterable[Problem]:
    moments = _moments(index)
    if all(segment.gap for segment in moments.values()):
        yield Problem(ProblemKind.NOTHING_RECEIVED, "there is no media")
        return
    for one in publications:
        lacking = one.expected_seconds - one.received_seconds
        if lacking > max(SHORTFALL_SECONDS, one.expected_seconds * SHORTFALL_SHARE):
            detail = f"publication {one.ordinal}: {one.received_seconds} of {one.expected_seconds} s came"
            yield Problem(ProblemKind.SHORTFALL, detail, seconds=round(lacking, 3))
    for gap in _gaps(moments.values()):
        detail = f"segments {gap.first_msn} to {gap.last_msn}, from {gap.start} s on"
        yield Problem(ProblemKind.GAP, detail, seconds=gap.seconds)
    yield from _incomplete(index, moments)
    for loss in index.losses:
        detail = f"segment {loss.msn} from part {loss.first_part} on: {loss.parts} parts, {loss.size} bytes"
        yield Problem(ProblemKind.LOST, detail, loss.rendition, _seconds(loss.duration))
    for (rendition, msn), finding in findings.segments.items():
        if finding.state is not FileState.WHOLE:
            yield Problem(ProblemKind.BAD_FILE, f"segment {msn} is {finding.state.value}", rendition)
    for init_id in sorted(findings.bad_inits):
        yield Problem(ProblemKind.BAD_INIT, f"init section {init_id} is missing or changed")
    if index.damaged_lines:
        yield Problem(ProblemKind.DAMAGED_JOURNAL, f"{index.damaged_lines} lines cannot be read")


def _incomplete(index: LectureIndex, moments: Mapping[int, SegmentRecord]) -> Iterable[Problem]:
    for rendition in index.renditions.values():
        has = {segment.msn for segment in rendition.segments if not segment.gap}
        lacking = [one for msn, one in moments.items() if not one.gap and msn not in has]
        if lacking:
            seconds = _seconds(sum(segment.duration for segment in lacking))
            detail = f"{len(lacking)} segments" + (", it was shed" if rendition.shed else "")
            yield Problem(ProblemKind.INCOMPLETE_RENDITION, detail, rendition.name, seconds)
