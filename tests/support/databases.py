"""Fixtures for tests that need a database: `db` and `db_settings` run a test on SQLite and on PostgreSQL,
`sqlite_settings` and `sqlite_db` on SQLite alone."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.database import database
from core.settings import Settings, load_settings
from tests.support.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


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
    async with database(sqlite_settings) as context:
        yield context


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url: str | None = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return load_settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
async def db(db_settings: Settings) -> AsyncIterator[TortoiseContext]:
    async with database(db_settings) as context:
        yield context
