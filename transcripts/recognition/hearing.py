"""The worker's side of the process that listens: started for a lecture, asked, and killed when it must be."""

import asyncio
import json
from pathlib import Path
from typing import Any

from core.errors import DomainError
from core.settings import Settings
from transcripts.recognition.pipes import line_of, start_child


class HearingDied(DomainError):
    """识别进程意外退出了，可能是内存不够。"""


class Unheard(DomainError):
    """What the process answered instead: kind as in `child.KINDS`, with a message for a person."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Hearing:
    """One listening process for one lecture. Use it in `async with`: it is killed at the end, whatever it does."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._first = {"settings": settings.model_dump(mode="json"), "folder": str(folder)}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def __aenter__(self) -> "Hearing":
        self._process = await start_child("transcripts.recognition.child")
        try:
            await self._say(self._first)
        except HearingDied:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """Raises HearingDied, Unheard."""
        assert self._process is not None
        assert self._process.stdout is not None
        await self._say({"do": do, **what})
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise HearingDied
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Unheard(answer["error"], answer["message"])
        return answer

    async def _say(self, request: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line_of(request))
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise HearingDied from error
