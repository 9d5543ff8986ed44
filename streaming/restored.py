"""What a lecture has from before, as it is listed: read from its journal."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from streaming.entries import PartEntry, SegmentEntry
from streaming.lecture_index import LectureIndex, SegmentRecord, init_path
from streaming.playlist import SEGMENTS_WITH_PARTS
from streaming.segments import Init


@dataclass(frozen=True, slots=True)
class Restored:
    """Entries by the name of their rendition."""

    index: LectureIndex
    inits: Mapping[str, Init]
    entries: Mapping[str, list[SegmentEntry]]

    @classmethod
    def read(cls, index: LectureIndex) -> "Restored":
        """Reads files: not on the event loop."""
        entries = {
            name: [
                _entry(record, with_parts=place >= len(rendition.segments) - SEGMENTS_WITH_PARTS)
                for place, record in enumerate(rendition.segments)
            ]
            for name, rendition in index.renditions.items()
        }
        return cls(index, _read_inits(index), entries)


def _entry(record: SegmentRecord, *, with_parts: bool) -> SegmentEntry:
    parts = [
        PartEntry(part.start, part.duration, part.offset, part.length, part.independent)
        for part in (record.parts if with_parts else ())
    ]
    return SegmentEntry(
        msn=record.msn,
        epoch=record.epoch,
        start=record.start,
        init_id=record.init_id,
        discontinuity=record.discontinuity,
        program_date_time=record.program_date_time,
        publication=record.publication,
        gap=record.gap,
        end=record.end,
        size=record.size,
        independent=bool(record.parts) and record.parts[0].independent,
        parts=parts,
        part_ends=array("I", [part.offset + part.length for part in record.parts]),
    )


def _read_inits(index: LectureIndex) -> dict[str, Init]:
    """Those whose file is there; without it the segments that name it cannot be played, others can."""
    inits = {}
    for record in index.inits.values():
        path = init_path(index.folder, record.id)
        if path.exists():
            inits[record.id] = Init(
                id=record.id,
                data=path.read_bytes(),
                codecs=record.codecs,
                width=record.width,
                height=record.height,
                frame_rate=record.frame_rate,
            )
    return inits
