"""Live captions where the media is: it follows the switch of each lecture that is held here.

Beside the media process's own work and never before it: what goes wrong here costs captions, not the lecture.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import structlog

from core.clock import Clock
from core.database import DATABASE_ERRORS
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.lecture import LiveLecture
from transcripts.live.captioner import Captioner
from transcripts.live.switch import ordered, stop_by_house, tell
from transcripts.models import CaptionState, LiveWords
from transcripts.recognition.hint_sources import LectureHints, hints_for
from transcripts.speech.engine import EngineIdentity

log = structlog.get_logger()

WATCH_SECONDS = 0.4
"""The switch is looked at this often."""
TELL_SECONDS = 2.0
ON_AIR = (AirState.LIVE, AirState.INTERRUPTED)


class Captioning:
    """lectures: those that the media process holds, by their numbers."""

    def __init__(
        self, lectures: Callable[[], Mapping[str, LiveLecture]], *, settings: Settings, clock: Clock
    ) -> None:
        self._lectures = lectures
        self._settings = settings
        self._clock = clock
        self._running: dict[str, tuple[LiveLecture, Captioner]] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._told_at = 0.0

    def start(self) -> None:
        self._watcher = asyncio.create_task(self._watch(), name="live_captions.switch")

    async def aclose(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait({self._watcher})
        for number in list(self._running):
            await self._stop(number)

    async def _watch(self) -> None:
        while True:
            try:
                await self._follow()
            except DATABASE_ERRORS as error:
                log.error("live_captions.database_failed", error=str(error))
            except Exception:
                log.exception("live_captions.watch_failed")
            await asyncio.sleep(WATCH_SECONDS)

    async def _follow(self) -> None:
        held = dict(self._lectures())
        for number, (lecture, _) in list(self._running.items()):
            if held.get(number) is not lecture or not _may_have(lecture):
                await self._stop(number)
        wanted = await ordered({lecture.name.broadcast_id for lecture in held.values()})
        for number, lecture in held.items():
            is_wanted = lecture.name.broadcast_id in wanted
            if number in self._running:
                await self._look_after(number, is_wanted=is_wanted)
            elif is_wanted and _may_have(lecture):
                self._begin(lecture)
        await self._tell(held, wanted)

    async def _look_after(self, number: str, *, is_wanted: bool) -> None:
        lecture, captioner = self._running[number]
        if is_wanted and not captioner.is_over:
            return
        await self._stop(number)
        if is_wanted:
            reason = captioner.stopped_because or "识别进程停了。"
            await stop_by_house(lecture.name.broadcast_id, reason, now=self._clock.now())

    def _begin(self, lecture: LiveLecture) -> None:
        async def prepare() -> LectureHints:
            broadcast = await Broadcast.get(id=lecture.name.broadcast_id).prefetch_related("unit")
            return await hints_for(broadcast, self._settings)

        async def keep(heard: dict[str, Any], identity: EngineIdentity) -> None:
            await _keep(lecture, heard, identity)

        captioner = Captioner(lecture, prepare, keep, settings=self._settings, clock=self._clock)
        self._running[lecture.name.number] = (lecture, captioner)

    async def _stop(self, number: str) -> None:
        _, captioner = self._running.pop(number)
        await captioner.stop()

    async def _tell(self, held: Mapping[str, LiveLecture], wanted: set[UUID]) -> None:
        now = self._clock.monotonic()
        if not wanted or now - self._told_at < TELL_SECONDS:
            return
        self._told_at = now
        for number, lecture in held.items():
            if lecture.name.broadcast_id not in wanted:
                continue
            _, captioner = self._running.get(number, (None, None))
            state = captioner.state if captioner is not None else CaptionState.WAITING
            delay = captioner.delay_ms if captioner is not None else None
            await tell(lecture.name.broadcast_id, state, delay_ms=delay, now=self._clock.now())


def _may_have(lecture: LiveLecture) -> bool:
    return lecture.state in ON_AIR and not lecture.is_cut_off and not lecture.media.is_shut


async def _keep(lecture: LiveLecture, heard: dict[str, Any], identity: EngineIdentity) -> None:
    """For the draft. Captions go on where that cannot be written."""
    if not heard["segments"] and not heard["held"]:
        return
    try:
        await LiveWords.create(
            broadcast_id=lecture.name.broadcast_id,
            start_ms=heard["start_ms"],
            engine=identity.engine,
            model=identity.model,
            model_sha256=identity.sha256,
            segments=heard["segments"],
            held=heard["held"],
        )
    except DATABASE_ERRORS as error:
        log.error("live_captions.words_not_kept", broadcast=lecture.name.number, error=str(error))
