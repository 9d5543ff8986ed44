"""Fixtures for every test."""

import os
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.settings import PREFIX
from tests.support.databases import (
    db,
    db_settings,
    migrated_postgres_url,
    postgres_cluster,
    postgres_template,
    postgres_url,
    sqlite_db,
    sqlite_settings,
)

__all__ = [
    "db",
    "db_settings",
    "migrated_postgres_url",
    "postgres_cluster",
    "postgres_template",
    "postgres_url",
    "sqlite_db",
    "sqlite_settings",
]


REAL_TIME_ROOMS = frozenset({"e2e", "streaming"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what encodes and plays in real time: scripts/test lets it go first."""
    tests = Path(__file__).parent
    for item in items:
        if item.path.relative_to(tests).parts[0] in REAL_TIME_ROOMS and item.get_closest_marker("ffmpeg"):
            item.add_marker("realtime")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own WEIKETANG_* variables must not decide how a test ends."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> ManualClock:
    """15:00 in China on 24 November 2026, standing still."""
    return ManualClock()
