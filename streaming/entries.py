"""What a rendition remembers of its segments and parts once their bytes are announced."""

from array import array
from dataclasses import dataclass, field

from streaming.segments import SegmentHead


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A part as it is listed. start and duration in ticks; offset and size in bytes of its segment."""

    start: int
    duration: int
    offset: int
    size: int
    independent: bool

    @property
    def end(self) -> int:
        return self.start + self.duration


@dataclass(slots=True)
class SegmentEntry:
    """A segment as it is listed; `end` is None while it is open. Times in ticks, sizes in bytes.

    `parts` is emptied when no playlist lists them any more; `part_ends` (byte offset behind each part) stays,
    so that a part can be cut out of its segment for as long as the lecture is served.
    """

    msn: int
    epoch: str
    start: int
    init_id: str
    discontinuity: bool
    program_date_time: float
    publication: int
    gap: bool
    end: int | None = None
    size: int = 0
    independent: bool = False
    parts: list[PartEntry] = field(default_factory=list)
    part_ends: "array[int]" = field(default_factory=lambda: array("I"))

    @classmethod
    def opened(cls, head: SegmentHead, epoch: str) -> "SegmentEntry":
        return cls(
            msn=head.msn,
            epoch=epoch,
            start=head.start,
            init_id=head.init_id,
            discontinuity=head.discontinuity,
            program_date_time=head.program_date_time,
            publication=head.publication,
            gap=head.gap,
        )

    @property
    def duration(self) -> int:
        """Ticks; of an open segment: of what it has so far."""
        if self.end is not None:
            return self.end - self.start
        return self.parts[-1].end - self.start if self.parts else 0

    @property
    def part_count(self) -> int:
        return len(self.part_ends)

    def add_part(self, start: int, duration: int, size: int, *, independent: bool) -> PartEntry:
        part = PartEntry(start, duration, self.size, size, independent)
        if not self.part_ends:
            self.independent = independent
        self.parts.append(part)
        self.size += size
        self.part_ends.append(self.size)
        return part

    def part_range(self, index: int) -> tuple[int, int] | None:
        """Byte range [from, to) of a part in its segment; None when there is no such part."""
        if not 0 <= index < len(self.part_ends):
            return None
        return (self.part_ends[index - 1] if index else 0), self.part_ends[index]

    def parts_fill_it(self) -> bool:
        """Whether the listed parts last as long as the segment (not so after a crash or shedding)."""
        return bool(self.parts) and (self.end is None or self.parts[-1].end == self.end)
