"""What has happened on the air."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BroadcastEnded:
    """A lecture has ended for good; its journal is complete."""

    broadcast_id: UUID
    number: str
    ended_at: datetime
