"""Fixtures for tests that need a database: `db` and `db_settings` run a test on SQLite and on PostgreSQL,
`sqlite_settings` and `sqlite_db` on SQLite alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.database import database
from core.settings import Settings, load_settings
from tests.support.migrated import lay_sqlite, make_tables
from tests.support.postgres import Cluster, running_cluster
from tests.support.reused import ReusedDatabases


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with our tables and no rows."""
    with ThreadPoolExecutor(1) as elsewhere:  # a loop may be running here
        url = elsewhere.submit(lambda: asyncio.run(postgres_cluster.create_database())).result()
    make_tables(tmp_path_factory.mktemp("template"), url)
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def reused_databases(postgres_cluster: Cluster, postgres_template: str) -> ReusedDatabases:
    return ReusedDatabases(postgres_cluster, postgres_template)


@pytest.fixture
async def migrated_postgres_url(reused_databases: ReusedDatabases) -> AsyncIterator[str]:
    """A database with our tables, empty, for this test alone."""
    url = await reused_databases.lend()
    yield url
    await reused_databases.take_back(url)


@pytest.fixture
async def postgres_url(postgres_cluster: Cluster) -> AsyncIterator[str]:
    """A database of the test's own, empty."""
    url = await postgres_cluster.create_database()
    yield url
    await postgres_cluster.drop_database(url)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


@pytest.fixture
async def sqlite_db(sqlite_settings: Settings) -> AsyncIterator[TortoiseContext]:
    lay_sqlite(sqlite_settings.data_dir)
    async with database(sqlite_settings) as context:
        yield context


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "postgres":
        url: str = request.getfixturevalue("migrated_postgres_url")
        return load_settings(data_dir=tmp_path / "data", database_url=url)
    lay_sqlite(tmp_path / "data")
    return load_settings(data_dir=tmp_path / "data")


@pytest.fixture
async def db(db_settings: Settings) -> AsyncIterator[TortoiseContext]:
    async with database(db_settings) as context:
        yield context
