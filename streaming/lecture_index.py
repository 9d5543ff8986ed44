"""What a lecture's journal tells: the folder's layout, and the index read from it.

<data_dir>/lectures/<number>/journal.jsonl                one JSON object a line, only ever appended to
                             init-<id>.mp4                initialisation sections
                             <rendition>/<msn>-<epoch>.m4s  a segment: its parts one after the other
"""

from dataclasses import dataclass, field
from pathlib import Path

JOURNAL = "journal.jsonl"


def lecture_folder(data_dir: Path, number: str) -> Path:
    return data_dir / "lectures" / number


def init_path(folder: Path, init_id: str) -> Path:
    return folder / f"init-{init_id}.mp4"


def segment_path(folder: Path, rendition: str, msn: int, epoch: str) -> Path:
    return folder / rendition / f"{msn}-{epoch}.m4s"


@dataclass(slots=True)
class PartRecord:
    """offset and length in bytes of the segment's file; start and duration in ticks."""

    offset: int
    length: int
    start: int
    duration: int
    independent: bool
    sha256: str

    @property
    def end(self) -> int:
        return self.start + self.duration


@dataclass(slots=True)
class SegmentRecord:
    """A segment of one rendition. synced: its close was written after its bytes were on the disk.

    end is None only while loading; a segment without parts is a gap.
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
    synced: bool = False
    parts: list[PartRecord] = field(default_factory=list)

    @property
    def duration(self) -> int:
        return (self.end if self.end is not None else self.start) - self.start

    @property
    def size(self) -> int:
        return self.parts[-1].offset + self.parts[-1].length if self.parts else 0

    @property
    def media_end(self) -> int:
        """Ticks up to which it holds media."""
        return self.parts[-1].end if self.parts else self.start


@dataclass(slots=True)
class InitRecord:
    id: str
    codecs: str
    width: int | None
    height: int | None
    frame_rate: float | None
    sha256: str


@dataclass(slots=True)
class PublicationRecord:
    """One stay of an encoder. Times in Unix seconds; ended_at is None while it is on."""

    ordinal: int
    started_at: float
    encoder: str
    ended_at: float | None = None
    reason: str = ""


@dataclass(slots=True)
class LossRecord:
    """Media that was announced but given up before it reached the disk. duration in ticks."""

    rendition: str
    msn: int
    first_part: int
    parts: int
    size: int
    duration: int


@dataclass(slots=True)
class RenditionIndex:
    """Segments in order, without holes."""

    name: str
    shed: bool = False
    segments: list[SegmentRecord] = field(default_factory=list)

    @property
    def received(self) -> int:
        """Ticks of segments that hold media."""
        return sum(segment.duration for segment in self.segments if not segment.gap)


@dataclass(slots=True)
class LectureIndex:
    """damaged_lines: lines that could not be read; recovered: what had to be mended on loading, in words."""

    number: str
    folder: Path
    inits: dict[str, InitRecord] = field(default_factory=dict)
    renditions: dict[str, RenditionIndex] = field(default_factory=dict)
    publications: list[PublicationRecord] = field(default_factory=list)
    losses: list[LossRecord] = field(default_factory=list)
    damaged_lines: int = 0
    recovered: list[str] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Ticks up to which the lecture is listed."""
        return max((rendition.segments[-1].end or 0 for rendition in self._begun()), default=0)

    @property
    def next_msn(self) -> int:
        return max((rendition.segments[-1].msn + 1 for rendition in self._begun()), default=0)

    @property
    def last_publication(self) -> int:
        heads = (rendition.segments[-1].publication for rendition in self._begun())
        told = (publication.ordinal for publication in self.publications)
        return max((*heads, *told), default=0)

    def _begun(self) -> list[RenditionIndex]:
        return [rendition for rendition in self.renditions.values() if rendition.segments]
