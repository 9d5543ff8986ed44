"""A database that does not answer for a while, on both kinds."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from urllib.parse import urlsplit

import asyncpg
from tortoise.context import TortoiseContext

from core.database import sqlite_path

IMPATIENT_MS = 50
"""How long SQLite waits for a lock during an outage: its own 10 s would make tests long."""


@asynccontextmanager
async def outage(database_url: str, context: TortoiseContext) -> AsyncIterator[None]:
    """SQLite: another process keeps the write lock. PostgreSQL: every connection is cut and none is let in."""
    if database_url.startswith("sqlite"):
        async with _locked_sqlite(database_url, context):
            yield
    else:
        async with _closed_postgres(database_url):
            yield


@asynccontextmanager
async def _locked_sqlite(database_url: str, context: TortoiseContext) -> AsyncIterator[None]:
    await context.db().execute_query(f"PRAGMA busy_timeout={IMPATIENT_MS}")
    with closing(sqlite3.connect(sqlite_path(database_url), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    await context.db().execute_query("PRAGMA busy_timeout=10000")


@asynccontextmanager
async def _closed_postgres(database_url: str) -> AsyncIterator[None]:
    place = urlsplit(database_url)
    name = place.path.removeprefix("/")
    address = database_url.replace("postgres://", "postgresql://").removesuffix(name) + "postgres"
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
    finally:
        await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        await connection.close()
