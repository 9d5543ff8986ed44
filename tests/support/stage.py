"""A library over a temporary folder, with one lecture that can be fed by hand."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.clock import ManualClock
from core.secrets import AppSecrets
from core.settings import Settings
from schedules.states import AirState
from streaming.journal import JournalAlarm
from streaming.lecture_media import LectureMedia
from streaming.library import FactsUnavailable, LectureFacts, Library
from streaming.rendition import Rendition
from tests.support.feeder import Feeder, make_init

NUMBER = "2026-11-2"
SECRETS = AppSecrets(b"a secret of the house, long enough")


@dataclass
class Facts:
    """A `FactsSource` of one lecture; None: it does not exist."""

    facts: LectureFacts | None = field(default_factory=lambda: LectureFacts(1, AirState.ENDED))
    asked: int = 0
    is_down: bool = False

    async def __call__(self, number: str) -> LectureFacts | None:
        self.asked += 1
        if self.is_down:
            raise FactsUnavailable("the database sleeps")
        return self.facts if number == NUMBER else None


@dataclass
class Stage:
    library: Library
    media: LectureMedia
    feeder: Feeder
    facts: Facts
    alarms: list[JournalAlarm] = field(default_factory=list)

    @property
    def source(self) -> Rendition:
        return self.media.renditions["source"]

    async def end(self, air: AirState = AirState.ENDED) -> None:
        """The encoder has left and the lecture is over; its journal is on the disk."""
        self.media.set_air(air)
        self.facts.facts = LectureFacts(1, air)
        await self.media.aclose()


def stage_settings(folder: Path, **overrides: object) -> Settings:
    return Settings.model_validate({"data_dir": folder, **overrides})


@asynccontextmanager
async def live_stage(
    folder: Path,
    renditions: Sequence[str] = ("source", "480p"),
    *,
    clock: ManualClock | None = None,
    **overrides: object,
) -> AsyncIterator[Stage]:
    """A lecture on the air, its renditions configured and empty; closed at the end."""
    alarms: list[JournalAlarm] = []
    facts = Facts()
    settings = stage_settings(folder, **overrides)
    library = Library(settings, SECRETS, facts, clock or ManualClock(), alarm=alarms.append)
    media = await library.open_live(NUMBER, generation=1, air=AirState.LIVE)
    feeder = Feeder(media.cut_table(), {name: media.rendition(name) for name in renditions})
    feeder.now = media.end
    feeder.configure(make_init())
    try:
        yield Stage(library, media, feeder, facts, alarms)
    finally:
        await media.aclose()
