"""What the library asks the rows about a lecture."""

from core.database import DATABASE_ERRORS
from schedules import queries
from streaming.library import FactsUnavailable, LectureFacts


async def facts_from_rows(number: str) -> LectureFacts | None:
    """A `library.FactsSource` over the database."""
    try:
        broadcast = await queries.find_by_number(number)
    except DATABASE_ERRORS as error:
        raise FactsUnavailable(str(error)) from error
    if broadcast is None:
        return None
    return LectureFacts(broadcast.media_generation, broadcast.air_state, broadcast.replay_state)
