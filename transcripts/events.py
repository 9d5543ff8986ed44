"""What has happened to a lecture's subtitles."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DraftReady:
    """Recognition is done, or subtitles were brought in by a person: there is something to correct."""

    broadcast_id: UUID
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SubtitlesPublished:
    broadcast_id: UUID
    number: str
    version: int
    at: datetime
