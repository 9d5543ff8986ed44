"""Whoever writes figures takes turns: the order of ids in the raw log is the order in which beacons were counted."""

from tortoise.backends.base.client import BaseDBAsyncClient

WRITERS_LOCK = 0x76696577  # "view": the key of PostgreSQL's advisory lock


async def take_turn(connection: BaseDBAsyncClient) -> None:
    """Until the end of the transaction. SQLite's transaction is the only writer as it is."""
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [WRITERS_LOCK])
