"""What may be read about lectures on the air."""

from datetime import datetime
from uuid import UUID

from streaming.models import Publication


async def publications(broadcast_id: UUID) -> list[Publication]:
    """In the order in which the encoders came."""
    return await Publication.filter(broadcast_id=broadcast_id)


def expected_seconds(publications: list[Publication], now: datetime) -> float:
    """How much media the encoders' stays should have brought, by the wall clock."""
    return sum(
        ((publication.ended_at or now) - publication.started_at).total_seconds()
        for publication in publications
    )
