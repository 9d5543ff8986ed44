"""A small journal of a lecture that was, written by the real writer; what its parts hold is not media."""

from pathlib import Path

from streaming.journal import open_journal
from streaming.lecture_index import lecture_folder
from streaming.segments import TICKS_PER_SECOND, Init, Part, SegmentHead

SEGMENT_SECONDS = 2


async def write_journal(data_dir: Path, number: str, *, segments: int = 2) -> Path:
    """One publication of so many segments in the rendition `source`, closed. Returns the lecture's folder."""
    folder = lecture_folder(data_dir, number)
    journal, _ = await open_journal(folder, number, "e1", at=0, queue_bytes=1 << 20, alarm=print)
    journal.publication_began(1, at=0, encoder="OBS")
    journal.init_added("source", Init("i", b"init", "avc1.64001f", 640, 360, 25.0))
    for msn in range(segments):
        start = msn * SEGMENT_SECONDS * TICKS_PER_SECOND
        end = start + SEGMENT_SECONDS * TICKS_PER_SECOND
        journal.segment_opened("source", SegmentHead(msn, start, "i", False, 0.0, 1))
        journal.part_added("source", msn, Part(0, start, end - start, True, b"media"))
        journal.segment_closed("source", msn, end)
    journal.publication_ended(1, at=segments * SEGMENT_SECONDS, reason="gone")
    await journal.aclose()
    return folder
