"""A lecture on the air without a database or a port: a real journal, a clock moved by hand, encoders by hand."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from core.clock import Clock, ManualClock
from core.secrets import AppSecrets
from core.settings import Settings
from schedules.states import AirState
from streaming.entries import SegmentEntry
from streaming.lecture import LectureName, LiveLecture
from streaming.library import LectureFacts, Library
from streaming.origin import Origin
from streaming.publication import Publication
from streaming.rtmp.gate import PublishRequest
from streaming.rungs import EncodingCapacity, RungControl
from streaming.samples import MediaUnit
from tests.support.air import SilentConnection, push
from tests.support.recording import Recording, read_recording

NUMBER = "2026-11-2"
SECRETS = AppSecrets(b"a secret of the house, long enough")


@dataclass
class Told:
    """A `LectureObserver` that remembers."""

    states: list[AirState] = field(default_factory=list)
    began: list[int] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)

    def state_changed(self, lecture: LiveLecture, state: AirState, at: datetime) -> None:
        self.states.append(state)

    def publication_began(self, lecture: LiveLecture, publication: Publication, at: datetime) -> None:
        self.began.append(publication.ordinal)

    def publication_ended(
        self, lecture: LiveLecture, publication: Publication, reason: str, at: datetime
    ) -> None:
        self.ended.append((publication.ordinal, reason))


class HandConnection(SilentConnection):
    """Closed, it closes its publication once, as the RTMP server does."""

    def __init__(self, peer: str, clock: Clock) -> None:
        super().__init__(peer, clock.monotonic())
        self.publication: Publication | None = None
        self.is_over = False

    async def close(self, code: str, description: str) -> None:
        await super().close(code, description)
        await self.hang_up(f"closed: {description}")

    async def hang_up(self, reason: str = "the encoder hung up") -> None:
        if not self.is_over and self.publication is not None:
            self.is_over = True
            await self.publication.closed(reason)


@dataclass
class Encoder:
    """One that was let in, at the other end of a connection."""

    publication: Publication
    connection: HandConnection
    clock: Clock

    async def send(self, units: Sequence[MediaUnit]) -> None:
        self.connection.last_media_at = self.clock.monotonic()
        await push(self.publication, units)

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.connection.closed_with]


@dataclass
class Hall:
    """A lecture and what was told of it."""

    library: Library
    lecture: LiveLecture
    told: Told
    clock: Clock

    def connect(self, peer: str = "10.0.0.1:50000") -> Encoder:
        """An encoder with the right key. Raises PublishRefused."""
        connection = HandConnection(peer, self.clock)
        request = PublishRequest("live", NUMBER, "", NUMBER, "", "OBS", peer, connection)
        publication = self.lecture.admit(request, self.lecture.key_version)
        connection.publication = publication
        return Encoder(publication, connection, self.clock)

    @property
    def source(self) -> list[SegmentEntry]:
        """Its closed segments."""
        return self.lecture.media.renditions["source"].closed

    @property
    def discontinuities(self) -> list[bool]:
        return [entry.discontinuity for entry in self.source]

    async def recording(self) -> Recording:
        """The replay; the lecture must be closed or have ended."""
        return await read_recording(Origin(self.library), NUMBER)


def hall_settings(folder: Path, **overrides: object) -> Settings:
    return Settings.model_validate({"data_dir": folder, "ahead_of_clock_seconds": 3600, **overrides})


@asynccontextmanager
async def hall(
    folder: Path, clock: Clock | None = None, *, state: AirState = AirState.SCHEDULED, **overrides: object
) -> AsyncIterator[Hall]:
    """The lecture of a folder, new or as its journal has it; without rungs. Overrides are settings."""
    clock = clock or ManualClock()
    settings = hall_settings(folder, **overrides)

    async def facts(number: str) -> LectureFacts:
        return LectureFacts(1, lecture.state)

    library = Library(settings, SECRETS, facts, clock)
    media = await library.open_live(NUMBER, generation=1, air=state)
    told = Told()
    lecture = LiveLecture(
        LectureName(UUID(int=7), NUMBER),
        media,
        RungControl(media, EncodingCapacity(None), settings, clock),
        told,
        settings=settings,
        clock=clock,
        key_version=1,
        state=state,
    )
    lecture.resume()
    try:
        yield Hall(library, lecture, told, clock)
    finally:
        await lecture.aclose()
