"""The media process's side of a listening child: the sound of a lecture goes there, and never waits for it."""

import asyncio
import json
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from core.errors import DomainError
from core.settings import Settings
from streaming.segments import TICKS_PER_SECOND, Init, Part
from transcripts.recognition.pipes import line_of, start_child

log = structlog.get_logger()

MODULE = "transcripts.live.child"


class ListenerDied(DomainError):
    """识别进程意外退出了，可能是内存不够。"""


class ListenerFailed(DomainError):
    """The process could not go on; its message is for a person."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    name: str
    data: bytes
    ticks: int


class Listener:
    """A `SoundTap`. Use it in `async with`: the process is killed at the end, whatever it does."""

    def __init__(self, settings: Settings, hotwords: Sequence[str], terms: Sequence[str]) -> None:
        self._first = {
            "settings": settings.model_dump(mode="json"),
            "hotwords": list(hotwords),
            "terms": list(terms),
        }
        self._most = settings.live_caption_queue_seconds * TICKS_PER_SECOND
        self._waiting: deque[_Waiting] = deque()
        self._held = 0
        self._wake = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.Task[None] | None = None
        self.heard_from: int | None = None
        """Ticks of the first sound that was taken."""
        self.taken_until = 0
        """Ticks up to which sound has come."""
        self.parts_dropped = 0

    async def __aenter__(self) -> "Listener":
        self._process = await start_child(MODULE)
        self._writer = asyncio.create_task(self._write(), name="live_captions.feed")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._writer is not None
        if self._process.returncode is None:
            self._process.kill()
        self._writer.cancel()
        await asyncio.wait({self._writer})
        await self._process.wait()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    # -- streaming.sound.SoundTap

    def sound_init(self, init: Init) -> None:
        self._put(_Waiting("init", init.data, 0))

    def sound_part(self, part: Part) -> None:
        if self.heard_from is None:
            self.heard_from = part.start
        self.taken_until = part.start + part.duration
        if self._held + part.duration > self._most:
            if not self.parts_dropped:
                log.warning("live_captions.sound_dropped", seconds=part.start / TICKS_PER_SECOND)
            self.parts_dropped += 1
            return
        self._put(_Waiting("part", part.data, part.duration))

    # -- what it says

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Raises ListenerDied, ListenerFailed."""
        assert self._process is not None
        assert self._process.stdout is not None
        while True:
            line = await self._process.stdout.readline()
            if not line.endswith(b"\n"):
                raise ListenerDied
            message: dict[str, Any] = json.loads(line)
            if "error" in message:
                raise ListenerFailed(message["error"])
            yield message

    # -- inside

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._held += waiting.ticks
        self._wake.set()

    async def _write(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        stdin = self._process.stdin
        try:
            stdin.write(line_of(self._first))
            await stdin.drain()
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    each = self._waiting.popleft()
                    self._held -= each.ticks
                    stdin.write(line_of({each.name: b64encode(each.data).decode("ascii")}))
                    await stdin.drain()
        except ConnectionError:
            return  # it has ended: `messages` says so
