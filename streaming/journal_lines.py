"""The lines of a journal: how each is written, and how each is read into a `LectureIndex`.

One JSON object a line, told apart by "type". Times are ticks unless they are called at or date (Unix
seconds). A line that was written twice, because a step was repeated after an error, counts once.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from streaming.lecture_index import (
    InitRecord,
    LectureIndex,
    LossRecord,
    PartRecord,
    PublicationRecord,
    RenditionIndex,
    SegmentRecord,
)
from streaming.segments import Init, Part, SegmentHead

Record = dict[str, Any]
VERSION = 1


def encode(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# -- writing


def epoch_line(number: str, epoch: str, at: float) -> Record:
    """What every process start writes first."""
    return {"type": "epoch", "version": VERSION, "number": number, "epoch": epoch, "at": at}


def publication_line(ordinal: int, at: float, encoder: str) -> Record:
    return {"type": "publication", "ordinal": ordinal, "at": at, "encoder": encoder}


def publication_end_line(ordinal: int, at: float, reason: str) -> Record:
    return {"type": "publication_end", "ordinal": ordinal, "at": at, "reason": reason}


def init_line(init: Init) -> Record:
    return {
        "type": "init",
        "id": init.id,
        "codecs": init.codecs,
        "width": init.width,
        "height": init.height,
        "frame_rate": init.frame_rate,
        "sha256": hashlib.sha256(init.data).hexdigest(),
    }


def open_line(rendition: str, head: SegmentHead, epoch: str) -> Record:
    return {
        "type": "open",
        "rendition": rendition,
        "msn": head.msn,
        "epoch": epoch,
        "start": head.start,
        "init": head.init_id,
        "discontinuity": head.discontinuity,
        "program_date_time": head.program_date_time,
        "publication": head.publication,
        "gap": head.gap,
    }


def part_line(rendition: str, msn: int, offset: int, part: Part) -> Record:
    return {
        "type": "part",
        "rendition": rendition,
        "msn": msn,
        "part": part.index,
        "offset": offset,
        "length": len(part.data),
        "start": part.start,
        "duration": part.duration,
        "independent": part.independent,
        "sha256": hashlib.sha256(part.data).hexdigest(),
    }


def close_line(rendition: str, msn: int, end: int, parts: int, size: int) -> Record:
    """The first `parts` parts, `size` bytes, are on the disk for good."""
    return {"type": "close", "rendition": rendition, "msn": msn, "end": end, "parts": parts, "size": size}


def shed_line(rendition: str) -> Record:
    return {"type": "shed", "rendition": rendition}


def lost_line(loss: LossRecord) -> Record:
    return {
        "type": "lost",
        "rendition": loss.rendition,
        "msn": loss.msn,
        "first_part": loss.first_part,
        "parts": loss.parts,
        "size": loss.size,
        "duration": loss.duration,
    }


# -- reading


def read_lines(data: bytes, index: LectureIndex) -> int:
    """Read what can be read; gives the length up to the last good line."""
    good = position = 0
    while (newline := data.find(b"\n", position)) >= 0:
        try:
            record = json.loads(data[position:newline])
            _READERS[record["type"]](index, record)
        except (ValueError, KeyError, TypeError):
            index.damaged_lines += 1
        else:
            good = newline + 1
        position = newline + 1
    # Damage behind the last good line is cut off, and was a crash rather than damage.
    index.damaged_lines -= data.count(b"\n", good)
    return good


def _rendition(index: LectureIndex, record: Record) -> RenditionIndex:
    return index.renditions.setdefault(record["rendition"], RenditionIndex(record["rendition"]))


def _segment(index: LectureIndex, record: Record) -> SegmentRecord:
    rendition = index.renditions[record["rendition"]]
    for segment in reversed(rendition.segments):
        if segment.msn == record["msn"]:
            return segment
    raise KeyError(record["msn"])


def _epoch(index: LectureIndex, record: Record) -> None:
    index.number = record["number"]


def _publication(index: LectureIndex, record: Record) -> None:
    index.publications.append(PublicationRecord(record["ordinal"], record["at"], record["encoder"]))


def _publication_end(index: LectureIndex, record: Record) -> None:
    for publication in index.publications:
        if publication.ordinal == record["ordinal"]:
            publication.ended_at, publication.reason = record["at"], record["reason"]


def _init(index: LectureIndex, record: Record) -> None:
    index.inits[record["id"]] = InitRecord(
        id=record["id"],
        codecs=record["codecs"],
        width=record["width"],
        height=record["height"],
        frame_rate=record["frame_rate"],
        sha256=record["sha256"],
    )


def _open(index: LectureIndex, record: Record) -> None:
    segments = _rendition(index, record).segments
    segment = SegmentRecord(
        msn=record["msn"],
        epoch=record["epoch"],
        start=record["start"],
        init_id=record["init"],
        discontinuity=record["discontinuity"],
        program_date_time=record["program_date_time"],
        publication=record["publication"],
        gap=record["gap"],
    )
    # A number that was opened and left empty by a killed process is opened again by the next one.
    while segments and segments[-1].msn >= segment.msn:
        segments.pop()
    segments.append(segment)


def _part(index: LectureIndex, record: Record) -> None:
    segment = _segment(index, record)
    # A part whose line was written twice (a retry) counts once; one behind a lost line has no place.
    if record["offset"] == segment.size and segment.end is None:
        segment.parts.append(
            PartRecord(
                offset=record["offset"],
                length=record["length"],
                start=record["start"],
                duration=record["duration"],
                independent=record["independent"],
                sha256=record["sha256"],
            )
        )


def _close(index: LectureIndex, record: Record) -> None:
    segment = _segment(index, record)
    segment.end, segment.synced = record["end"], True
    del segment.parts[record["parts"] :]
    segment.gap = not segment.parts


def _shed(index: LectureIndex, record: Record) -> None:
    _rendition(index, record).shed = True


def _lost(index: LectureIndex, record: Record) -> None:
    fields = ("rendition", "msn", "first_part", "parts", "size", "duration")
    index.losses.append(LossRecord(*(record[name] for name in fields)))


_READERS: dict[str, Callable[[LectureIndex, Record], None]] = {
    "epoch": _epoch,
    "publication": _publication,
    "publication_end": _publication_end,
    "init": _init,
    "open": _open,
    "part": _part,
    "close": _close,
    "shed": _shed,
    "lost": _lost,
}
