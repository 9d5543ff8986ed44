"""Reading a journal, and mending it after a crash.

What a killed process leaves behind: half a line at the end, a segment that was never closed, bytes without
their line or (after a power cut) lines without their bytes. Everything that was complete stays; the rest is
dropped, and all renditions are brought to one end, so that the lecture can go on from there. Mending twice
changes nothing.
"""

import hashlib
import os
from pathlib import Path

from streaming.journal_lines import (
    Record,
    close_line,
    encode,
    lost_line,
    open_line,
    publication_end_line,
    read_lines,
)
from streaming.lecture_index import (
    JOURNAL,
    LectureIndex,
    LossRecord,
    PartRecord,
    RenditionIndex,
    SegmentRecord,
    segment_path,
)
from streaming.segments import TICKS_PER_SECOND, SegmentHead


def load_journal(folder: Path, *, repair: bool = False) -> LectureIndex:
    """The lecture as its files tell it; nothing is written without `repair`, for its one writer alone.

    A folder without a journal is an empty lecture. Raises OSError. Takes some 0.1 s for an hour of lecture:
    run it in a thread.
    """
    path = folder / JOURNAL
    data = path.read_bytes() if path.exists() else b""
    index = LectureIndex(folder.name, folder)
    good = read_lines(data, index)
    additions: list[Record] = []
    if good < len(data):
        index.recovered.append(f"{len(data) - good} bytes of an unfinished line")
    for rendition in index.renditions.values():
        _check_files(index, rendition, additions)
    _close_open_segments(index, additions)
    _fill_holes(index, additions)
    _end_publications(index, additions)
    if repair and (good < len(data) or additions):
        _append(index, good, additions)
    return index


def _check_files(index: LectureIndex, rendition: RenditionIndex, additions: list[Record]) -> None:
    """Drop parts whose bytes are not there or, in segments that were not synced, are not theirs."""
    sizes = _sizes(index.folder / rendition.name)
    for segment in rendition.segments:
        if not segment.parts:
            continue
        path = segment_path(index.folder, rendition.name, segment.msn, segment.epoch)
        there = sizes.get(path.name, 0)
        if not segment.synced:
            good = _good_parts(path, segment.parts)
        elif segment.size > there:
            good = sum(part.offset + part.length <= there for part in segment.parts)
        else:
            continue
        if good < len(segment.parts):
            index.recovered.append(f"{rendition.name} segment {segment.msn}: {good} parts are whole")
            loss = _drop(rendition.name, segment, good)
            if loss in index.losses:  # told by an earlier mending, which could not close the empty segment
                continue
            index.losses.append(loss)
            if not segment.synced:  # its close, written from what is left, will tell nothing of it
                additions.append(lost_line(loss))


def _drop(rendition: str, segment: SegmentRecord, good: int) -> LossRecord:
    dropped = segment.parts[good:]
    del segment.parts[good:]
    segment.gap = not segment.parts
    return LossRecord(
        rendition=rendition,
        msn=segment.msn,
        first_part=good,
        parts=len(dropped),
        size=sum(part.length for part in dropped),
        duration=sum(part.duration for part in dropped),
    )


def _sizes(folder: Path) -> dict[str, int]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries}
    except FileNotFoundError:
        return {}


def _good_parts(path: Path, parts: list[PartRecord]) -> int:
    data = path.read_bytes() if path.exists() else b""
    for count, part in enumerate(parts):
        found = data[part.offset : part.offset + part.length]
        if len(found) < part.length or hashlib.sha256(found).hexdigest() != part.sha256:
            return count
    return len(parts)


def _close_open_segments(index: LectureIndex, additions: list[Record]) -> None:
    """Close what was never closed: where the lecture cuts next, or at the end of what any rendition has."""
    starts = {
        segment.msn: segment.start
        for rendition in index.renditions.values()
        for segment in rendition.segments
    }
    ends = [
        segment.end if segment.end is not None else segment.media_end
        for rendition in index.renditions.values()
        for segment in rendition.segments[-1:]
    ]
    last_end = max(ends, default=0)
    for rendition in index.renditions.values():
        for segment in [segment for segment in rendition.segments if segment.end is None]:
            end = starts.get(segment.msn + 1, last_end)
            if end <= segment.start:
                rendition.segments.remove(segment)  # it was opened and nothing came
                continue
            segment.end = end
            segment.gap = not segment.parts
            additions.append(_closed(rendition.name, segment))
            index.recovered.append(f"{rendition.name} segment {segment.msn} closed short")


def _fill_holes(index: LectureIndex, additions: list[Record]) -> None:
    """List as gaps what a rendition lacks: between its segments, and up to the end unless it was shed."""
    cuts: dict[int, SegmentRecord] = {}
    for rendition in index.renditions.values():
        for segment in rendition.segments:
            if segment.msn not in cuts or cuts[segment.msn].gap:
                cuts[segment.msn] = segment
    last = max(cuts, default=-1)
    for rendition in index.renditions.values():
        if not rendition.segments:
            continue
        have = {segment.msn: segment for segment in rendition.segments}
        end = rendition.segments[-1].msn if rendition.shed else last
        whole = [have[rendition.segments[0].msn]]
        for msn in range(whole[0].msn + 1, end + 1):
            segment = have.get(msn) or _gap(msn, whole[-1], cuts.get(msn), cuts.get(msn + 1))
            if msn not in have and segment.msn > rendition.segments[-1].msn:
                additions += [_opened(rendition.name, segment), _closed(rendition.name, segment)]
                index.recovered.append(f"{rendition.name} segment {msn} is missing")
            whole.append(segment)
        rendition.segments = whole


def _gap(
    msn: int, before: SegmentRecord, other: SegmentRecord | None, after: SegmentRecord | None
) -> SegmentRecord:
    """A gap for a number that another rendition has or, its lines being lost everywhere, up to the next."""
    start = before.end or before.start
    end = start
    if other is not None:
        end = other.end or start
    elif after is not None:
        end = after.start
    date = before.program_date_time + before.duration / TICKS_PER_SECOND
    return SegmentRecord(
        msn=msn,
        epoch=other.epoch if other is not None else before.epoch,
        start=start,
        init_id=before.init_id,
        discontinuity=other.discontinuity if other is not None else False,
        program_date_time=other.program_date_time if other is not None else date,
        publication=other.publication if other is not None else before.publication,
        gap=True,
        end=end,
        synced=True,
    )


def _end_publications(index: LectureIndex, additions: list[Record]) -> None:
    """A publication that the process did not live to see the end of ends with its last segment."""
    for publication in index.publications:
        if publication.ended_at is not None:
            continue
        theirs = [
            segment.program_date_time + segment.duration / TICKS_PER_SECOND
            for rendition in index.renditions.values()
            for segment in rendition.segments
            if segment.publication == publication.ordinal
        ]
        publication.ended_at = max(theirs, default=publication.started_at)
        publication.reason = "the server stopped"
        additions.append(publication_end_line(publication.ordinal, publication.ended_at, publication.reason))


def _opened(rendition: str, gap: SegmentRecord) -> Record:
    head = SegmentHead(
        msn=gap.msn,
        start=gap.start,
        init_id=gap.init_id,
        discontinuity=gap.discontinuity,
        program_date_time=gap.program_date_time,
        publication=gap.publication,
        gap=True,
    )
    return open_line(rendition, head, gap.epoch)


def _closed(rendition: str, segment: SegmentRecord) -> Record:
    return close_line(rendition, segment.msn, segment.end or segment.start, len(segment.parts), segment.size)


def _append(index: LectureIndex, good: int, additions: list[Record]) -> None:
    """Cut the unfinished line off and write down what was mended, the bytes it speaks of first."""
    for record in additions:
        if record["type"] == "close":
            segment = _find(index, record["rendition"], record["msn"])
            if segment.parts:
                _sync(segment_path(index.folder, record["rendition"], segment.msn, segment.epoch))
            segment.synced = True
    with (index.folder / JOURNAL).open("r+b") as file:
        file.truncate(good)
        file.seek(good)
        file.write(b"".join(encode(record) for record in additions))
        file.flush()
        os.fdatasync(file.fileno())


def _find(index: LectureIndex, rendition: str, msn: int) -> SegmentRecord:
    return next(segment for segment in index.renditions[rendition].segments if segment.msn == msn)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
