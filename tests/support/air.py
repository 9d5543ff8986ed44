"""A lecture without journal, database or encoder: enough for a publication to go on the air."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.clock import ManualClock
from streaming.cuts import CutTable
from streaming.flv import audio_payload, video_payload
from streaming.packager import Packager
from streaming.publication import OffTheAir, Publication
from streaming.rtmp.gate import MessageKind
from streaming.run import Run, RunOrigin
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample
from streaming.timeline import TICKS_PER_MS
from streaming.tracks import SourceTracks
from tests.support.collecting_sink import CollectingSink
from tests.support.decode import decode

PART_TARGET = 400 * TICKS_PER_MS
SEGMENT_TARGET = 2000 * TICKS_PER_MS


@dataclass
class SilentConnection:
    """A publisher's connection that only remembers how it was closed."""

    peer: str = "127.0.0.1:50000"
    last_media_at: float = 0.0
    closed_with: list[tuple[str, str]] = field(default_factory=list)

    async def close(self, code: str, description: str) -> None:
        self.closed_with.append((code, description))


class BareAir:
    """An `Air` that collects what the packagers of its runs hand on."""

    def __init__(self) -> None:
        self.table = CutTable()
        self.sinks: dict[str, CollectingSink] = {}
        self.runs: list[Run] = []
        self.left: list[str] = []
        self.takes_publications = True
        self._packagers: dict[str, Packager] = {}
        self._end = 0

    def output(self, name: str) -> Packager:
        if name not in self._packagers:
            self.sinks[name] = CollectingSink()
            self._packagers[name] = Packager(
                self.table,
                self.sinks[name],
                lambda time: self.runs[-1].program_date_time(time),
                part_target=PART_TARGET,
            )
        return self._packagers[name]

    async def go_on_air(self, publication: Publication, tracks: SourceTracks) -> Run:
        if not self.takes_publications:
            raise OffTheAir
        if self.runs:
            self._end = await self.runs[-1].finish()
        origin = RunOrigin(publication.ordinal, self._end, bool(self.runs), 0.0)
        self.runs.append(Run(self.table, self.output, tracks, origin, segment_target=SEGMENT_TARGET))
        return self.runs[-1]

    async def leave_air(self, publication: Publication, reason: str) -> None:
        self.left.append(reason)
        if self.runs:
            await self.runs[-1].finish()
        publication.run_ended()


def publication_on(air: BareAir, connection: SilentConnection | None = None) -> Publication:
    """A publication that may send as far ahead of the clock as it likes."""
    return Publication(
        air,
        ManualClock(),
        ordinal=1,
        connection=connection or SilentConnection(),
        encoder="test",
        key_version=1,
        ahead_seconds=1e9,
    )


def messages(units: Iterable[MediaUnit]) -> Iterator[tuple[MessageKind, int, bytes]]:
    """Kind, time in ms and payload of the RTMP messages for units; a configuration has the time of the sample
    before it.
    """
    codec = VideoCodec.H264
    now = 0
    for unit in units:
        match unit:
            case VideoConfig():
                codec = unit.codec
            case VideoSample():
                now = unit.dts_ms
            case AudioSample():
                now = unit.pts_ms
        if isinstance(unit, AudioConfig | AudioSample):
            yield MessageKind.AUDIO, now, audio_payload(unit)
        else:
            yield MessageKind.VIDEO, now, video_payload(unit, codec)


async def push(publication: Publication, units: Iterable[MediaUnit]) -> None:
    for kind, now, payload in messages(units):
        await publication.media(kind, now, payload)


def decoded(sink: CollectingSink) -> dict[str, list[float]]:
    """Presentation times (s) of everything a real decoder makes of a rendition with one init section."""
    assert len({init.id for init in sink.inits}) == 1
    return decode(sink.inits[0].data + b"".join(part.data for part in sink.parts))
