"""The journal of a lecture: what was announced, written down behind the announcement's back.

One writer per lecture, its files written by one task in threads. Calls only queue. When the disk does not
take what is queued, it is tried again for as long as memory lasts (`queue_bytes`), an alarm is raised, and
the lecture goes on. When memory runs out the oldest unwritten segment is given up and recorded as lost.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog
from aiofiles.os import wrap

from streaming.counters import JOURNAL_ALARMS, PARTS_WRITTEN
from streaming.journal_files import JournalFiles
from streaming.journal_lines import Record, lost_line, publication_end_line, publication_line, shed_line
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, LectureIndex, LossRecord
from streaming.segments import Init, Part, SegmentHead

log = structlog.get_logger()

BATCH = 32
"""Steps taken in one visit to a thread."""
RETRY_SECONDS = 0.5


class AlarmKind(StrEnum):
    FAILING = "failing"
    """The disk refuses; everything is still in memory."""
    LOST = "lost"
    """Memory ran out: media was given up."""
    RECOVERED = "recovered"
    """Everything queued is written again."""


@dataclass(frozen=True, slots=True)
class JournalAlarm:
    """For the person on duty. queued: bytes not on the disk."""

    number: str
    kind: AlarmKind
    detail: str
    queued: int


class JournalListener(Protocol):
    """Told, on the event loop, what became of each closed segment."""

    def segment_saved(self, rendition: str, msn: int) -> None: ...

    def segment_lost(self, rendition: str, msn: int, parts: int, size: int) -> None:
        """Only its first `parts` parts (`size` bytes) are on the disk."""


@dataclass(slots=True)
class _Step:
    """One thing to write. key and size are set for what belongs to a segment."""

    write: Callable[[], object]
    key: tuple[str, int] | None = None
    size: int = 0
    duration: int = 0
    part: int | None = None
    closes: bool = False


class JournalWriter:
    """Made by `open_journal`. To be called from the event loop; only flush and aclose wait."""

    def __init__(
        self,
        files: JournalFiles,
        number: str,
        *,
        queue_bytes: int,
        alarm: Callable[[JournalAlarm], None],
    ) -> None:
        self.listener: JournalListener | None = None
        self._files = files
        self._number = number
        self._queue_bytes = queue_bytes
        self._alarm = alarm
        self._steps: deque[_Step] = deque()
        self._queued = 0
        self._busy = False
        self._failing = False
        self._losses: dict[tuple[str, int], LossRecord] = {}
        self._segments_lost = 0
        self._wanted = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopped = False
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"journal {number}")

    @property
    def queued(self) -> int:
        """Bytes of media that are not on the disk yet."""
        return self._queued

    @property
    def is_failing(self) -> bool:
        return self._failing

    @property
    def segments_lost(self) -> int:
        """Segments of this process of which something was given up."""
        return self._segments_lost

    # -- what is written down

    def process_began(self, at: float) -> None:
        self._add(_Step(lambda: self._files.begin(at)))

    def publication_began(self, ordinal: int, *, at: float, encoder: str) -> None:
        """at: Unix seconds."""
        self._line(publication_line(ordinal, at, encoder))

    def publication_ended(self, ordinal: int, *, at: float, reason: str) -> None:
        self._line(publication_end_line(ordinal, at, reason))

    def init_added(self, rendition: str, init: Init) -> None:
        self._add(_Step(lambda: self._files.init(init)))

    def segment_opened(self, rendition: str, head: SegmentHead) -> None:
        self._add(_Step(lambda: self._files.open_segment(rendition, head)))

    def part_added(self, rendition: str, msn: int, part: Part) -> None:
        key = (rendition, msn)
        loss = self._losses.get(key)
        if loss is not None:
            _count(loss, len(part.data), part.duration)
            return
        step = _Step(
            lambda: self._files.part(rendition, msn, part), key, len(part.data), part.duration, part.index
        )
        self._make_room(len(part.data))
        if key in self._losses:  # making room has cost this very segment
            _count(self._losses[key], len(part.data), part.duration)
            return
        self._add(step)

    def segment_closed(self, rendition: str, msn: int, end: int) -> None:
        step = _Step(lambda: self._files.close_segment(rendition, msn, end), (rendition, msn), closes=True)
        self._add(step)

    def rendition_shed(self, rendition: str) -> None:
        self._line(shed_line(rendition))

    # -- its life

    async def flush(self) -> None:
        """Wait until everything queued so far is on the disk or given up."""
        await self._idle.wait()

    async def aclose(self, patience_seconds: float = 10.0) -> None:
        """Write what is left, for so long as the disk is given; give the rest up."""
        if self._stopped:
            return
        try:
            async with asyncio.timeout(patience_seconds):
                await self._idle.wait()
        except TimeoutError:
            self._raise_alarm(AlarmKind.LOST, "the journal was closed before the disk took everything")
        self._stopped = True
        self._task.cancel()
        await asyncio.wait([self._task])
        await wrap(self._files.close)()

    # -- inside

    def _line(self, record: Record) -> None:
        self._add(_Step(lambda: self._files.line(record)))

    def _add(self, step: _Step) -> None:
        if self._stopped:
            return
        self._queued += step.size
        self._steps.append(step)
        self._idle.clear()
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._steps:
                batch = [self._steps.popleft() for _ in range(min(BATCH, len(self._steps)))]
                await self._take(batch)
            self._idle.set()

    async def _take(self, batch: list[_Step]) -> None:
        """Take the steps in order; those from the first error on go back to the front of the queue."""
        results, error = await wrap(_write_all)(batch)
        for step, result in zip(batch, results, strict=False):
            self._queued -= step.size
            PARTS_WRITTEN.inc(step.part is not None)
            if step.closes:
                self._segment_is_written(step, result)
        if error is None:
            if self._failing and not self._steps:
                self._failing = False
                self._raise_alarm(AlarmKind.RECOVERED, "the disk takes the lecture again")
            return
        self._steps.extendleft(reversed(batch[len(results) :]))
        if not self._failing:
            self._failing = True
            self._raise_alarm(AlarmKind.FAILING, f"{type(error).__name__}: {error}")
        self._make_room(0)
        await asyncio.sleep(RETRY_SECONDS)

    def _segment_is_written(self, step: _Step, result: object) -> None:
        assert step.key is not None
        rendition, msn = step.key
        loss = self._losses.pop(step.key, None)
        if loss is None:
            if self.listener is not None:
                self.listener.segment_saved(rendition, msn)
            return
        assert isinstance(result, tuple)
        parts, size = result
        self._line(lost_line(loss))
        if self.listener is not None:
            self.listener.segment_lost(rendition, msn, parts, size)

    def _make_room(self, size: int) -> None:
        """Give up the oldest segments in the queue until `size` more bytes fit; what is written of them
        stays.
        """
        while self._queued + size > self._queue_bytes:
            oldest = next((step for step in self._steps if step.part is not None), None)
            if oldest is None or oldest.key is None or oldest.part is None:
                return
            self._give_up(oldest.key, oldest.part)

    def _give_up(self, key: tuple[str, int], first_part: int) -> None:
        # It may have been given up from a later part on, while these parts were on their way to the disk.
        self._segments_lost += key not in self._losses
        loss = self._losses.setdefault(key, LossRecord(*key, first_part, 0, 0, 0))
        loss.first_part = first_part
        kept: deque[_Step] = deque()
        for step in self._steps:
            if step.key == key and step.part is not None:
                _count(loss, step.size, step.duration)
                self._queued -= step.size
            else:
                kept.append(step)
        self._steps = kept
        self._raise_alarm(AlarmKind.LOST, f"{key[0]} segment {key[1]} from part {first_part} on")

    def _raise_alarm(self, kind: AlarmKind, detail: str) -> None:
        report = log.info if kind is AlarmKind.RECOVERED else log.error
        JOURNAL_ALARMS.labels(kind.value).inc()
        report(f"journal.{kind.value}", broadcast=self._number, detail=detail, queued=self._queued)
        self._alarm(JournalAlarm(self._number, kind, detail, self._queued))


def _count(loss: LossRecord, size: int, duration: int) -> None:
    loss.parts += 1
    loss.size += size
    loss.duration += duration


def _write_all(batch: list[_Step]) -> tuple[list[object], Exception | None]:
    results: list[object] = []
    for step in batch:
        try:
            results.append(step.write())
        except Exception as error:  # whatever it is: the lecture is not on the disk, and somebody must know
            return results, error
    return results, None


async def open_journal(
    folder: Path,
    number: str,
    epoch: str,
    *,
    at: float,
    queue_bytes: int,
    alarm: Callable[[JournalAlarm], None],
) -> tuple[JournalWriter, LectureIndex]:
    """Take up a lecture's journal, mended, for this process alone; at in Unix seconds.

    A new lecture is taken up even when the disk is full. Raises JournalLocked, and OSError when a journal
    that is there cannot be read.
    """
    files = JournalFiles(folder, number, epoch)
    index = await wrap(_take_up)(files, folder, number)
    writer = JournalWriter(files, number, queue_bytes=queue_bytes, alarm=alarm)
    writer.process_began(at)
    return writer, index


def _take_up(files: JournalFiles, folder: Path, number: str) -> LectureIndex:
    is_new = not (folder / JOURNAL).exists()
    try:
        files.lock()
        index = load_journal(folder, repair=True)
    except OSError:
        files.close()
        if not is_new:
            raise
        return LectureIndex(number, folder)
    files.rewind_to_end()
    return index
