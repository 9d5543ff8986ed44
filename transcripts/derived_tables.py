"""Tables of this area that no model describes: made when the database is opened, filled from rows."""

from tortoise.backends.base.client import BaseDBAsyncClient

from transcripts.search.index import index_of


async def ensure_tables(connection: BaseDBAsyncClient) -> None:
    await index_of(connection).ensure()
