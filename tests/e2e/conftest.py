"""One real house for all browser tests that do not break it, and one Chromium for each test."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browser import chromium
from tests.support.bureau import Bureau, running_bureau
from tests.support.house import UNHURRIED, House, running_house


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), **UNHURRIED) as house:
        yield house


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The shared house; what it logs during a test is shown when the test fails."""
    before = len(shared_house.log)
    yield shared_house
    sys.stdout.write(shared_house.log[before:])


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    """A house of the test's own with the whole cast, for stories that change the year."""
    async with running_bureau(tmp_path) as bureau:
        yield bureau
        sys.stdout.write(bureau.house.log)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser
