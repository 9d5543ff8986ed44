import asyncio
from pathlib import Path
from typing import Any

import aiofiles
import pytest

from streaming.segment_cache import SegmentCache


def write(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(name.encode()[:1] * size)
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file the cache opens."""
    paths: list[Path] = []
    really_open = aiofiles.open

    def note(path: Path, mode: str) -> Any:
        paths.append(path)
        return really_open(path, "rb")

    monkeypatch.setattr(aiofiles, "open", note)
    return paths


async def test_a_file_asked_for_by_many_at_once_is_read_once(tmp_path: Path, opened: list[Path]) -> None:
    path = write(tmp_path, "a", 1000)
    cache = SegmentCache(5000)
    answers = await asyncio.gather(*(cache.read(path, 1000) for _ in range(20)))
    assert set(answers) == {b"a" * 1000}
    assert await cache.read(path, 1000) == b"a" * 1000
    assert opened == [path]


async def test_the_least_recently_used_makes_room(tmp_path: Path, opened: list[Path]) -> None:
    a, b, c = (write(tmp_path, name, 1000) for name in "abc")
    cache = SegmentCache(2000)
    for path in (a, b, a, c, a):
        await cache.read(path, 1000)
    assert opened == [a, b, c]
    assert cache.size == 2000
    await cache.read(b, 1000)
    assert opened == [a, b, c, b]


async def test_a_file_larger_than_the_cache_is_read_and_not_kept(tmp_path: Path, opened: list[Path]) -> None:
    path = write(tmp_path, "a", 3000)
    cache = SegmentCache(2000)
    assert len(await cache.read(path, 3000)) == 3000
    assert cache.size == 0


async def test_bytes_behind_what_the_journal_knows_are_left_out(tmp_path: Path) -> None:
    assert await SegmentCache(5000).read(write(tmp_path, "a", 1000), 400) == b"a" * 400


async def test_everybody_learns_that_a_file_is_missing_and_it_may_come_later(tmp_path: Path) -> None:
    cache = SegmentCache(5000)
    missing = tmp_path / "a"
    answers = await asyncio.gather(*(cache.read(missing, 10) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(answer, FileNotFoundError) for answer in answers)
    write(tmp_path, "a", 10)
    assert await cache.read(missing, 10) == b"a" * 10


async def test_a_file_that_is_too_short_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EOFError):
        await SegmentCache(5000).read(write(tmp_path, "a", 5), 10)


async def test_a_viewer_who_leaves_takes_the_read_from_nobody(tmp_path: Path) -> None:
    path = write(tmp_path, "a", 1000)
    cache = SegmentCache(5000)
    leaving = asyncio.create_task(cache.read(path, 1000))
    staying = asyncio.create_task(cache.read(path, 1000))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == b"a" * 1000
