"""Fixtures for every test."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from core.clock import ManualClock
from core.settings import PREFIX
from tests.support.databases import (
    db,
    db_settings,
    migrated_postgres_url,
    postgres_cluster,
    postgres_template,
    postgres_url,
    reused_databases,
    sqlite_db,
    sqlite_settings,
)
from tests.support.speech import speech_data

__all__ = [
    "db",
    "db_settings",
    "migrated_postgres_url",
    "postgres_cluster",
    "postgres_template",
    "postgres_url",
    "reused_databases",
    "speech_data",
    "sqlite_db",
    "sqlite_settings",
]


settings.register_profile("house", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Encoders of the media server run in real time. scripts/test gives what is `realtime` the machine first."""
    streaming = Path(__file__).parent / "streaming"
    for item in items:
        if item.path.is_relative_to(streaming) and item.get_closest_marker("ffmpeg"):
            item.add_marker("realtime")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage, over and over, took a twelfth of the time."""
    gc.collect()
    gc.freeze()


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
