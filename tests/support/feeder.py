"""A packager's output made of numbers: renditions fed along one cut table, bytes that tell their place."""

import hashlib
from dataclasses import dataclass

from streaming.cuts import CutTable
from streaming.segments import TICKS_PER_SECOND, Init, Part, RenditionSink, SegmentHead

PART = 36_000
"""Ticks of a part: 0.400 s."""
PARTS_PER_SEGMENT = 5
DATE = 1_795_000_000.0
"""Unix seconds of lecture time 0."""


def make_init(name: str = "a", *, codecs: str = "avc1.64001f,mp4a.40.2", height: int | None = 720) -> Init:
    width = None if height is None else height * 16 // 9
    return Init(name, f"init {name}".encode() * 8, codecs, width, height, 30.0 if height else None)


def part_bytes(rendition: str, msn: int, index: int, size: int = 1000) -> bytes:
    """Different for every part of every rendition, and as long as asked for."""
    seed = hashlib.sha256(f"{rendition}/{msn}/{index}".encode()).digest()
    return (seed * (size // len(seed) + 1))[:size]


@dataclass
class Feeder:
    """Feeds sinks the same segments. `open` cuts the table; each step goes to all sinks or to those named."""

    table: CutTable
    sinks: dict[str, RenditionSink]
    init_id: str = "a"
    publication: int = 1
    now: int = 0
    part_size: int = 1000

    def __post_init__(self) -> None:
        self._index: dict[str, int] = {}
        self._msn = 0

    def configure(self, init: Init) -> None:
        self.init_id = init.id
        for sink in self.sinks.values():
            sink.add_init(init)

    def open(self, *, discontinuity: bool = False, to: tuple[str, ...] | None = None) -> int:
        cut = self.table.cut(self.now, publication=self.publication, discontinuity=discontinuity)
        self._msn = cut.msn
        for name in to or tuple(self.sinks):
            self._index[name] = 0
            self.sinks[name].open_segment(self._head(cut.msn, discontinuity, gap=False))
        return cut.msn

    def part(
        self, *, to: tuple[str, ...] | None = None, duration: int = PART, independent: bool = True
    ) -> None:
        """The parts of one open segment start with an independent one."""
        for name in to or tuple(self.sinks):
            index = self._index[name]
            self.sinks[name].add_part(
                Part(
                    index=index,
                    start=self.now,
                    duration=duration,
                    independent=independent and index == 0,
                    data=part_bytes(name, self._msn, index, self.part_size),
                )
            )
            self._index[name] = index + 1
        self.now += duration

    def close(self, *, to: tuple[str, ...] | None = None) -> None:
        self.table.close(self.now)  # the table knows where a segment ends before any rendition does
        for name in to or tuple(self.sinks):
            self.sinks[name].close_segment(self.now)

    def segment(self, parts: int = PARTS_PER_SEGMENT, *, discontinuity: bool = False) -> int:
        """A whole segment in all sinks."""
        msn = self.open(discontinuity=discontinuity)
        for _ in range(parts):
            self.part()
        self.close()
        return msn

    def segments(self, count: int) -> None:
        for _ in range(count):
            self.segment()

    def _head(self, msn: int, discontinuity: bool, *, gap: bool) -> SegmentHead:
        return SegmentHead(
            msn=msn,
            start=self.now,
            init_id=self.init_id,
            discontinuity=discontinuity,
            program_date_time=DATE + self.now / TICKS_PER_SECOND,
            publication=self.publication,
            gap=gap,
        )
