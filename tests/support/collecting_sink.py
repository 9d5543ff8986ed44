"""A RenditionSink that keeps what a packager hands on, for tests of the packager itself."""

from dataclasses import dataclass, field

from streaming.segments import Init, Part, SegmentHead


@dataclass
class CollectedSegment:
    head: SegmentHead
    parts: list[Part] = field(default_factory=list)
    end: int | None = None


class CollectingSink:
    """segments in the order in which they were opened."""

    def __init__(self) -> None:
        self.inits: list[Init] = []
        self.segments: list[CollectedSegment] = []

    def add_init(self, init: Init) -> None:
        self.inits.append(init)

    def open_segment(self, head: SegmentHead) -> None:
        assert not self.segments or self.segments[-1].end is not None, "the segment before is still open"
        self.segments.append(CollectedSegment(head))

    def add_part(self, part: Part) -> None:
        assert self.segments[-1].end is None
        self.segments[-1].parts.append(part)

    def close_segment(self, end: int) -> None:
        assert self.segments[-1].end is None
        self.segments[-1].end = end

    @property
    def parts(self) -> list[Part]:
        return [part for segment in self.segments for part in segment.parts]
