"""Looking into a lecture's files: is everything there that the journal tells of? Not for the event loop."""

import hashlib
from pathlib import Path

from streaming.lecture_index import LectureIndex, SegmentRecord, init_path, segment_path
from vod.receipt import FileFinding, FileState, Findings


def verify_files(index: LectureIndex) -> Findings:
    """Read every segment and init section. Raises OSError when the disk cannot be read."""
    return Findings(
        segments={
            (name, segment.msn): verify_segment(
                segment_path(index.folder, name, segment.msn, segment.epoch), segment
            )
            for name, rendition in index.renditions.items()
            for segment in rendition.segments
            if not segment.gap
        },
        bad_inits=frozenset(
            init.id
            for init in index.inits.values()
            if _sha256(init_path(index.folder, init.id)) != init.sha256
        ),
    )


def verify_segment(path: Path, segment: SegmentRecord) -> FileFinding:
    """Compare a segment's file with the parts that were received, one by one."""
    view = memoryview(path.read_bytes())
    sha256 = hashlib.sha256(view[: segment.size]).hexdigest()
    for part in segment.parts:
        if hashlib.sha256(view[part.offset : part.offset + part.length]).hexdigest() != part.sha256:
            return FileFinding(FileState.CHANGED, sha256)
    return FileFinding(FileState.WHOLE, sha256)


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
