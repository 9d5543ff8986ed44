import shutil
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.storage import Store
from streaming.journal_loading import load_journal
from tests.support.small_journal import write_journal
from vod.archive import CopyDiffers, CopyItem, copy_plan, copy_to
from vod.receipt import Receipt
from vod.services import write_receipt

NUMBER = "2026-11-2"


class ForgetfulStore(Store):
    """Takes a segment and keeps other bytes."""

    async def put(self, key: str, source: bytes | Path) -> None:
        await super().put(key, b"something" if key.endswith("/1-e1.m4s") else source)


async def planned(tmp_path: Path, clock: ManualClock) -> tuple[Path, Receipt, list[CopyItem]]:
    folder = await write_journal(tmp_path, NUMBER, segments=3)
    receipt = await write_receipt(folder, now=clock.now())
    return folder, receipt, copy_plan(folder, receipt)


async def test_a_lecture_brought_back_from_its_copy_is_the_same(tmp_path: Path, clock: ManualClock) -> None:
    folder, receipt, plan = await planned(tmp_path / "here", clock)
    assert await copy_to(Store.in_folder(tmp_path / "store"), plan) == sum(item.size for item in plan)
    back = tmp_path / "back" / "lectures" / NUMBER
    shutil.copytree(tmp_path / "store" / "lectures" / NUMBER, back)
    assert load_journal(back).renditions == load_journal(folder).renditions
    again = await write_receipt(back, now=clock.now())
    assert again == receipt
    assert again.is_clean


async def test_copying_again_writes_nothing_again(tmp_path: Path, clock: ManualClock) -> None:
    _, _, plan = await planned(tmp_path, clock)
    await copy_to(Store.in_folder(tmp_path / "store"), plan)
    kept = tmp_path / "store" / plan[0].key
    before = kept.stat()
    await copy_to(Store.in_folder(tmp_path / "store"), plan)
    assert kept.stat().st_mtime_ns == before.st_mtime_ns
    kept.write_bytes(b"rotten")
    await copy_to(Store.in_folder(tmp_path / "store"), plan)
    assert kept.stat().st_size == before.st_size


async def test_a_copy_that_is_not_what_was_sent_does_not_count(tmp_path: Path, clock: ManualClock) -> None:
    _, _, plan = await planned(tmp_path, clock)
    store = ForgetfulStore.in_folder(tmp_path / "store")
    with pytest.raises(CopyDiffers, match="1-e1"):
        await copy_to(store, plan)
    assert not (tmp_path / "store" / plan[-1].key).exists()  # the journal comes last


async def test_a_damaged_segment_is_left_out(tmp_path: Path, clock: ManualClock) -> None:
    folder, _, plan = await planned(tmp_path, clock)
    (folder / "source" / "1-e1.m4s").write_bytes(b"other")
    less = copy_plan(folder, await write_receipt(folder, now=clock.now()))
    assert {item.key for item in plan} - {item.key for item in less} == {f"lectures/{NUMBER}/source/1-e1.m4s"}
