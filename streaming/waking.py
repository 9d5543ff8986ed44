"""Waking many waiting requests without holding the loop: reading RTMP goes first."""

import asyncio
from collections import deque
from collections.abc import Iterable

SLICE = 50
"""Requests woken between two looks at the sockets."""


class Waker:
    """Resolves futures, `SLICE` at a time. One for all lectures of a process, so that slices never add up."""

    def __init__(self) -> None:
        self._due: deque[asyncio.Future[None]] = deque()
        self._task: asyncio.Task[None] | None = None

    def wake(self, waiting: Iterable[asyncio.Future[None]]) -> None:
        self._due.extend(waiting)
        if self._due and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run(), name="waker")

    async def _run(self) -> None:
        while self._due:
            for _ in range(min(SLICE, len(self._due))):
                future = self._due.popleft()
                if not future.done():
                    future.set_result(None)
            await asyncio.sleep(0)


class Changes:
    """The requests that wait for a rendition's next change."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._waiting: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def next(self) -> "asyncio.Future[None]":
        """Resolved at the next change; hand it to `forget` when it is no longer waited for."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        return future

    def forget(self, future: "asyncio.Future[None]") -> None:
        self._waiting.discard(future)

    def announce(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, set()
            self._waker.wake(waiting)
