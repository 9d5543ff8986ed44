"""Segment files in memory: bounded by size, the least recently used go first; one read for many askers."""

import asyncio
from collections import OrderedDict
from pathlib import Path

import aiofiles


class SegmentCache:
    """limit in bytes; 0 keeps nothing but still reads a file once for all who ask at the same time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes: OrderedDict[Path, bytes] = OrderedDict()
        self._size = 0
        self._reading: dict[Path, asyncio.Task[bytes]] = {}

    @property
    def size(self) -> int:
        return self._size

    async def read(self, path: Path, size: int) -> bytes:
        """The first `size` bytes of a file that never changes. Raises OSError; EOFError: it is shorter."""
        data = self._bytes.get(path)
        if data is not None:
            self._bytes.move_to_end(path)
            return data
        task = self._reading.get(path)
        if task is None:
            task = self._reading[path] = asyncio.create_task(self._fill(path, size))
            task.add_done_callback(lambda done: self._reading.pop(path, None))
        # A viewer who leaves takes the read away from nobody.
        return await asyncio.shield(task)

    async def _fill(self, path: Path, size: int) -> bytes:
        async with aiofiles.open(path, "rb") as file:
            data = await file.read(size)
        if len(data) < size:
            raise EOFError(f"{path.name} has {len(data)} of {size} bytes")
        if size <= self._limit:
            self._bytes[path] = data
            self._size += size
            while self._size > self._limit:
                _, dropped = self._bytes.popitem(last=False)
                self._size -= len(dropped)
        return data
