"""Journals without a library: written through, looked at, broken."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

from streaming.cuts import CutTable
from streaming.journal import JournalAlarm, JournalWriter, open_journal
from streaming.lecture_index import JOURNAL, LectureIndex, PartRecord, segment_path
from streaming.playlist import PlaylistShape
from streaming.rendition import MediaContext, Rendition
from streaming.waking import Waker
from tests.support.feeder import Feeder, make_init, part_bytes

NUMBER = "2026-11-2"
MIB = 1024 * 1024


class JournalStage:
    """Renditions of a new lecture, teed to a journal in `folder`."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.names = names or ("source", "480p")
        self.alarms: list[JournalAlarm] = []
        self.saved: list[tuple[str, int]] = []
        self.lost: list[tuple[str, int, int, int]] = []
        self.table = CutTable()

    async def open(self, epoch: str = "e1", *, queue_bytes: int = 64 * MIB) -> "JournalStage":
        self.journal, self.index = await open_journal(
            self.folder, NUMBER, epoch, at=1000.0, queue_bytes=queue_bytes, alarm=self.alarms.append
        )
        self.journal.listener = self
        context = MediaContext("", self.table, PlaylistShape(), Waker(), journal=self.journal)
        renditions = {name: Rendition(name, epoch, context, hot_segments=8) for name in self.names}
        self.feeder = Feeder(self.table, dict(renditions))
        self.feeder.configure(make_init())
        return self

    def segment_saved(self, rendition: str, msn: int) -> None:
        self.saved.append((rendition, msn))

    def segment_lost(self, rendition: str, msn: int, parts: int, size: int) -> None:
        self.lost.append((rendition, msn, parts, size))


def die(journal: JournalWriter) -> None:
    """The process is gone: nothing is written any more, its files are free."""
    journal._stopped = True
    journal._task.cancel()
    journal._files.close()


def copy_of(folder: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def all_parts(index: LectureIndex) -> dict[tuple[str, int, int], PartRecord]:
    return {
        (name, segment.msn, place): part
        for name, rendition in index.renditions.items()
        for segment in rendition.segments
        for place, part in enumerate(segment.parts)
    }


def assert_whole(index: LectureIndex, part_size: int = 1000) -> None:
    """Every part that the index lists is in its file; renditions have no holes and end together."""
    for (name, msn, place), part in all_parts(index).items():
        segment = next(one for one in index.renditions[name].segments if one.msn == msn)
        data = segment_path(index.folder, name, msn, segment.epoch).read_bytes()
        assert data[part.offset : part.offset + part.length] == part_bytes(name, msn, place, part_size)
    ends = set()
    for rendition in index.renditions.values():
        numbers = [segment.msn for segment in rendition.segments]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
        for segment in rendition.segments:
            assert segment.end is not None
            assert segment.end > segment.start
            assert segment.gap == (not segment.parts)
        for before, after in zip(rendition.segments, rendition.segments[1:], strict=False):
            assert before.end == after.start
        if numbers and not rendition.shed:
            ends.add((numbers[-1], rendition.segments[-1].end))
    assert len(ends) <= 1


class FullDisk:
    """Stands for `os.pwrite` or `os.fdatasync`; refuses while `refuses` says so."""

    def __init__(self, real: Callable[..., int | None], *, refuses: bool = True, number: int = errno.ENOSPC):
        self._real = real
        self._number = number
        self.refuses = refuses
        self.refused = 0

    def __call__(self, *arguments: object) -> int | None:
        if self.refuses:
            self.refused += 1
            raise OSError(self._number, "no")
        return self._real(*arguments)


def journal_size(folder: Path) -> int:
    return (folder / JOURNAL).stat().st_size
