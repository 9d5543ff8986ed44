"""What has happened to a lecture's plan."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schedules.states import AirState


@dataclass(frozen=True, slots=True)
class BroadcastStateChanged:
    broadcast_id: UUID
    number: str
    before: AirState
    after: AirState
    at: datetime
