"""The copy of an ended lecture in the store: every file, read back and compared before it counts."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import Conflict, NotFound
from core.storage import Store
from streaming.lecture_index import JOURNAL, init_path, segment_path
from vod.receipt import FileState, Receipt
from vod.services import RECEIPT


class CopyDiffers(Conflict):
    """存储里的副本和本机的文件不一样。"""


@dataclass(frozen=True, slots=True)
class CopyItem:
    """One object to be: the first `size` bytes of a file."""

    key: str
    path: Path
    size: int
    sha256: str


def copy_plan(folder: Path, receipt: Receipt) -> list[CopyItem]:
    """What the copy of a lecture consists of; the journal last, so that a copy that has it is whole.

    Damaged segments are left out: the receipt names them. Reads files: not on the event loop.
    """
    paths = [*sorted(folder.glob(init_path(folder, "*").name)), folder / RECEIPT, folder / JOURNAL]
    return [*_segments(folder, receipt), *(_whole_file(folder, path) for path in paths)]


async def copy_to(store: Store, plan: list[CopyItem]) -> int:
    """Bring the store to hold the plan; what it holds already is only compared. Gives the bytes it holds.

    Raises CopyDiffers, OSError, and whatever the store's client raises when it cannot be reached.
    """
    for item in plan:
        if await _holds(store, item):
            continue
        data = await asyncio.to_thread(item.path.read_bytes)
        await store.put(item.key, data[: item.size])
        if not await _holds(store, item):
            raise CopyDiffers(f"存储里的 {item.key} 和本机的文件不一样。")
    return sum(item.size for item in plan)


def _segments(folder: Path, receipt: Receipt) -> Iterator[CopyItem]:
    for rendition in receipt.renditions:
        for segment in rendition.segments:
            if segment.state is FileState.WHOLE and segment.sha256 is not None:
                path = segment_path(folder, rendition.name, segment.msn, segment.epoch)
                yield CopyItem(_key(folder, path), path, segment.size, segment.sha256)


def _whole_file(folder: Path, path: Path) -> CopyItem:
    data = path.read_bytes()
    return CopyItem(_key(folder, path), path, len(data), hashlib.sha256(data).hexdigest())


def _key(folder: Path, path: Path) -> str:
    return f"lectures/{folder.name}/{path.relative_to(folder).as_posix()}"


async def _holds(store: Store, item: CopyItem) -> bool:
    try:
        data = await store.get(item.key)
    except NotFound:
        return False
    return len(data) == item.size and await asyncio.to_thread(_sha256, data) == item.sha256


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
