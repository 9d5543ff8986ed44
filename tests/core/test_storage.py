from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import NotFound
from core.settings import SettingsError, load_settings
from core.storage import Store, open_store


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    make: Callable[[], Store] = {
        "folder": lambda: Store.in_folder(tmp_path / "archive"),
        "memory": Store.in_memory,
    }[request.param]
    return make()


async def test_what_is_put_can_be_read_whole_and_in_part(store: Store) -> None:
    await store.put("lectures/2026-11-1/source/0.m4s", b"0123456789")
    assert await store.get("lectures/2026-11-1/source/0.m4s") == b"0123456789"
    assert await store.get_range("lectures/2026-11-1/source/0.m4s", 3, 4) == b"3456"
    assert await store.size("lectures/2026-11-1/source/0.m4s") == 10


async def test_a_file_is_put_as_it_is(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "segment"
    content = bytes(range(256)) * 30_000  # more than one piece of a multipart upload
    file.write_bytes(content)
    await store.put("big", file)
    assert await store.get("big") == content


async def test_an_object_is_replaced_at_once(store: Store) -> None:
    await store.put("a", b"old and long")
    await store.put("a", b"new")
    assert await store.get("a") == b"new"


async def test_keys_lists_what_lies_below_a_prefix(store: Store) -> None:
    for key in ("x/1", "x/y/2", "z/3"):
        await store.put(key, b"")
    assert sorted([key async for key in store.list_keys("x")]) == ["x/1", "x/y/2"]
    assert sorted([key async for key in store.list_keys()]) == ["x/1", "x/y/2", "z/3"]


async def test_what_is_not_there_is_not_found_and_may_be_deleted(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.get("nothing")
    with pytest.raises(NotFound):
        await store.get_range("nothing", 0, 1)
    with pytest.raises(NotFound):
        await store.size("nothing")
    await store.delete("nothing")
    await store.put("something", b"1")
    await store.delete("something")
    with pytest.raises(NotFound):
        await store.get("something")


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("key", ["../outside", "a/../../outside"])
async def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    store = Store.in_folder(tmp_path / "archive")
    with pytest.raises(Exception, match=r"(?i)path|segment"):
        await store.put(key, b"out")
    assert files_below(tmp_path) == []


def test_there_is_no_store_unless_one_is_named() -> None:
    with pytest.raises(SettingsError, match="WEIKETANG_STORE_URL"):
        open_store(load_settings())


async def test_a_file_url_names_another_folder(tmp_path: Path) -> None:
    await open_store(load_settings(store_url=f"file://{tmp_path}/elsewhere")).put("a", b"kept")
    assert (tmp_path / "elsewhere" / "a").read_bytes() == b"kept"


def test_an_object_store_without_its_keys_is_refused() -> None:
    with pytest.raises(SettingsError, match="WEIKETANG_STORE_ACCESS_KEY"):
        open_store(load_settings(store_url="s3://lectures/archive"))


def test_an_object_store_is_opened_without_being_asked() -> None:
    settings = load_settings(
        store_url="s3://lectures/archive",
        store_endpoint="http://127.0.0.1:9",
        store_access_key="id",
        store_secret_key="secret",
    )
    assert isinstance(open_store(settings), Store)
