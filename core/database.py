"""The database's life: open, bring the schema up to date, close. SQLite in WAL mode or PostgreSQL."""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext, get_current_context, require_context
from tortoise.exceptions import BaseORMException, IntegrityError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.transactions import in_transaction

from core.areas import areas_with
from core.errors import DomainError
from core.settings import Settings

DATABASE_ERRORS = (
    BaseORMException,
    OSError,
    sqlite3.DatabaseError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a query on a connection that is just being cut
)
"""What a query may raise when the database is ill: Tortoise hands a lost connection on as the driver raised it."""
DATA_ERRORS = (IntegrityError, asyncpg.DataError)
"""Of those, what is said of rows that cannot be kept as they are, by a database that is well."""
SCHEMA_LOCK = 0x7765696B  # "weik": the key of PostgreSQL's advisory lock around changes of the schema


class DatabaseUnavailable(DomainError):
    """数据库打不开，请检查 WEIKETANG_DATABASE_URL 和数据库服务。"""


def connection_config(url: str) -> dict[str, Any]:
    """Tortoise's description of the connection that a database_url names."""
    if not url.startswith("sqlite"):
        return expand_db_url("asyncpg:" + url.partition(":")[2])
    return {
        "engine": "core.sqlite",
        # In this order: switching to WAL already needs the busy timeout.
        "credentials": {
            "file_path": sqlite_path(url),
            "busy_timeout": 10_000,  # ms
            "journal_mode": "WAL",
            "synchronous": "NORMAL",
            "foreign_keys": "ON",
            "cache_size": -16_000,  # KiB: what ten years' lists and searches read again and again; 2 MB by default
        },
    }


def sqlite_path(url: str) -> str:
    """`sqlite:///var/x.sqlite3` → `/var/x.sqlite3`; `sqlite://:memory:` → `:memory:`."""
    parts = urlsplit(url)
    return unquote(parts.netloc + parts.path)


def orm_config(url: str) -> dict[str, Any]:
    """Tortoise's configuration: the audit log, and one app per area that has models, with its own migrations."""
    # Named by its kind: Tortoise caches SQL by the name, and one test process opens both kinds in turn.
    connection = "sqlite" if url.startswith("sqlite") else "postgres"
    return {
        "connections": {connection: connection_config(url)},
        "apps": {
            package.rpartition(".")[2]: {
                "models": [f"{package}.models"],
                "default_connection": connection,
                "migrations": f"{package}.migrations",
            }
            for package in ("core.audit", *areas_with("models"))
        },
    }


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[TortoiseContext]:
    """Open the database, apply what is missing of the schema, and close every connection at the end.

    Models work inside, in every task started inside; the first database a process opens is also found from
    tasks started elsewhere (a server's callbacks). Raises DatabaseUnavailable.
    """
    config = orm_config(settings.database_url)
    first = get_current_context() is None
    async with TortoiseContext() as context:
        try:
            async with schema_lock(settings.database_url):
                await context.init(config=config, _enable_global_fallback=first)
                await _bring_up_to_date(context, config)
        except DATABASE_ERRORS as error:
            raise DatabaseUnavailable(f"数据库打不开：{error}") from error
        yield context


async def _bring_up_to_date(context: TortoiseContext, config: dict[str, Any]) -> None:
    """Migrate; an empty database gets today's tables at once, since replaying their history takes seconds.

    Derived tables (`derived_tables` of an area) are made last, whichever way the others came.
    """
    executor = MigrationExecutor(context.db(), config["apps"])
    if await _is_new(context.db()):
        await _make_tables(context, executor)
    else:
        await executor.migrate()
    for area in areas_with("derived_tables"):
        # What no model can describe and no row is lost with, such as an index of words.
        await import_module(f"{area}.derived_tables").ensure_tables(context.db())


async def _make_tables(context: TortoiseContext, executor: MigrationExecutor) -> None:
    """The recording is one transaction: a start that was cut short before it is done again."""
    await context.generate_schemas(safe=True)
    await executor.loader.build_graph()
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    async with in_transaction() as connection:
        recorder = MigrationRecorder(connection)
        for key in executor.loader.graph.nodes:
            await recorder.record_applied(key.app_label, key.name)


async def _is_new(connection: BaseDBAsyncClient) -> bool:
    """Whether no migration is recorded. Unlike Tortoise's own question this one raises when it gets no answer: an
    old database that is busy for a moment must not be taken for a new one.
    """
    tables = "sqlite_master" if connection.capabilities.dialect == "sqlite" else "pg_tables"
    column = "name" if connection.capabilities.dialect == "sqlite" else "tablename"
    found, _ = await connection.execute_query(
        f"SELECT 1 FROM {tables} WHERE {column} = 'tortoise_migrations'"
    )
    if not found:
        return True
    recorded, _ = await connection.execute_query("SELECT 1 FROM tortoise_migrations LIMIT 1")
    return not recorded


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[TortoiseContext]:
    """The same in a thread with an event loop of its own, while the process has `database` open."""
    async with TortoiseContext() as context:
        await context.init(config=orm_config(settings.database_url))
        yield context


def transaction() -> AbstractAsyncContextManager[TransactionalDBClient]:
    """All or nothing. On SQLite it holds the write lock from its beginning: what it reads stays true."""
    return cast("AbstractAsyncContextManager[TransactionalDBClient]", in_transaction())


async def ping() -> None:
    """One round trip, for readiness checks."""
    await require_context().db().execute_query("SELECT 1")


@asynccontextmanager
async def schema_lock(url: str) -> AsyncIterator[None]:
    """Several processes may start at once: one brings the schema up to date, the others wait for it."""
    if not url.startswith("sqlite"):
        connection = await asyncpg.connect("postgresql:" + url.partition(":")[2])
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", SCHEMA_LOCK)
            yield
        finally:
            await connection.close()
        return
    path = sqlite_path(url)
    if path == ":memory:":
        yield
        return
    lock = await asyncio.to_thread(_lock_beside, Path(path))
    try:
        yield
    finally:
        lock.close()


def _lock_beside(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(path.name + ".lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock
