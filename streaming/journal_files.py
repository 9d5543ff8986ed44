"""The files of one lecture's journal, written so that every step can be taken again after an error.

Synchronous: `journal` runs it in a thread. Bytes go to fixed offsets, so a step that failed half-way is
simply repeated; the index line of a part follows its bytes; a segment's close follows the sync of its file.
"""

import contextlib
import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path

from streaming.journal_lines import Record, close_line, encode, epoch_line, init_line, open_line, part_line
from streaming.lecture_index import JOURNAL, init_path, segment_path
from streaming.segments import Init, Part, SegmentHead


class JournalLocked(Exception):
    """Another process writes this lecture."""


@dataclass(slots=True)
class _SegmentFile:
    """parts: of the bytes that are written but not synced yet, in order."""

    path: Path
    descriptor: int
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    sync_failed: bool = False


class JournalFiles:
    """Opens lazily: a disk that is full when the lecture begins is only a delay."""

    def __init__(self, folder: Path, number: str, epoch: str) -> None:
        self._folder = folder
        self._number = number
        self._epoch = epoch
        self._journal: int | None = None
        self._end = 0
        self._unsynced = bytearray()
        self._open: dict[tuple[str, int], _SegmentFile] = {}
        self._inits: set[str] = set()

    def lock(self) -> None:
        """Open the journal for this process alone. Raises OSError, JournalLocked."""
        if self._journal is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / JOURNAL, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise JournalLocked(f"another process writes lecture {self._number}") from None
        self._journal = descriptor
        self._end = os.fstat(descriptor).st_size

    def rewind_to_end(self) -> None:
        """The loading may have mended the file since it was locked."""
        if self._journal is not None:
            self._end = os.fstat(self._journal).st_size

    def begin(self, at: float) -> None:
        """What every process start writes first."""
        self.lock()
        self.line(epoch_line(self._number, self._epoch, at))
        self._sync_journal()
        for folder in (
            self._folder,
            self._folder.parent,
        ):  # where the journal and its folder have their names
            _sync_path(folder)

    def init(self, init: Init) -> None:
        """Once for each, though several renditions may use it."""
        if init.id in self._inits:
            return
        self.lock()
        path = init_path(self._folder, init.id)
        if not path.exists():
            # A crash must not leave half of it under its name.
            new = path.with_suffix(".new")
            new.write_bytes(init.data)
            _sync_path(new)
            new.replace(path)
            _sync_path(self._folder)
        self.line(init_line(init))
        self._inits.add(init.id)

    def open_segment(self, rendition: str, head: SegmentHead) -> None:
        self.line(open_line(rendition, head, self._epoch))

    def part(self, rendition: str, msn: int, part: Part) -> None:
        file = self._segment_file(rendition, msn)
        _write(file.descriptor, part.data, file.size)
        self.line(part_line(rendition, msn, file.size, part))
        file.parts.append(part.data)
        file.size += len(part.data)

    def close_segment(self, rendition: str, msn: int, end: int) -> tuple[int, int]:
        """Sync the segment, then the index. Gives the parts and bytes that are on the disk."""
        file = self._open.get((rendition, msn))
        parts, size = (len(file.parts), file.size) if file is not None else (0, 0)
        if file is not None:
            self._sync_segment(file)
        self.line(close_line(rendition, msn, end, parts, size))
        self._sync_journal()
        if file is not None:
            os.close(file.descriptor)
            del self._open[rendition, msn]
        return parts, size

    def line(self, record: Record) -> None:
        """Append one line to the journal."""
        self.lock()
        assert self._journal is not None
        data = encode(record)
        try:
            _write(self._journal, data, self._end)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._journal, self._end)
            raise
        self._end += len(data)
        self._unsynced += data

    def close(self) -> None:
        """Let every descriptor go; what is not written stays unwritten."""
        for file in self._open.values():
            os.close(file.descriptor)
        self._open.clear()
        if self._journal is not None:
            with contextlib.suppress(OSError):
                os.fdatasync(self._journal)
            os.close(self._journal)
            self._journal = None

    def _segment_file(self, rendition: str, msn: int) -> _SegmentFile:
        file = self._open.get((rendition, msn))
        if file is None:
            path = segment_path(self._folder, rendition, msn, self._epoch)
            if not path.parent.exists():
                path.parent.mkdir()
                _sync_path(self._folder)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
            file = self._open[rendition, msn] = _SegmentFile(path, descriptor)
        return file

    def _sync_segment(self, file: _SegmentFile) -> None:
        if file.sync_failed:
            # After a failed sync the kernel counts the lost pages as clean: write them once more.
            _write(file.descriptor, b"".join(file.parts), 0)
        file.sync_failed = True
        os.fdatasync(file.descriptor)
        _sync_path(file.path.parent)
        file.sync_failed = False

    def _sync_journal(self) -> None:
        assert self._journal is not None
        try:
            os.fdatasync(self._journal)
        except OSError:
            _write(self._journal, bytes(self._unsynced), self._end - len(self._unsynced))
            raise
        self._unsynced.clear()


def _write(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
