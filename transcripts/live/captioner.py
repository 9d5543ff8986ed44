"""The captions of one lecture on the air: its sound to a listening process, what that says into the rendition."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from core.clock import Clock
from core.settings import Settings
from streaming.captions import Caption, CaptionTrack
from streaming.lecture import LiveLecture
from streaming.segments import TICKS_PER_SECOND
from transcripts.live.listener import Listener, ListenerDied, ListenerFailed
from transcripts.live.punctuality import Punctuality
from transcripts.models import CaptionState
from transcripts.recognition.hint_sources import LectureHints
from transcripts.speech.engine import EngineIdentity

log = structlog.get_logger()

TICKS_PER_MS = TICKS_PER_SECOND // 1000
LOOK_SECONDS = 0.4
DEATHS = 3
"""A listening process that has died so often in one lecture is not started again."""
RESTART_SECONDS = 2.0

Prepare = Callable[[], Awaitable[LectureHints]]
Keep = Callable[[dict[str, Any], EngineIdentity], Awaitable[None]]
"""Writes down what was heard in a window (`listening.LiveHeard` as plain values)."""


class Captioner:
    """A `CaptionSource`. Runs until `stop`, or until `stopped_because` says why there can be none any more."""

    def __init__(
        self, lecture: LiveLecture, prepare: Prepare, keep: Keep, *, settings: Settings, clock: Clock
    ) -> None:
        self.state = CaptionState.STARTING
        self.stopped_because = ""
        self._lecture = lecture
        self._prepare = prepare
        self._keep = keep
        self._settings = settings
        self._clock = clock
        self._track: CaptionTrack | None = None
        self._punctuality = self._new_punctuality()
        self._until_ms = 0
        self._log = log.bind(broadcast=lecture.name.number)
        self._task = asyncio.create_task(self._run(), name="live_captions")

    @property
    def is_over(self) -> bool:
        return self._task.done()

    @property
    def delay_ms(self) -> int | None:
        delay = self._punctuality.delay
        return None if delay is None else round(delay * 1000)

    def placed(self, heard: Caption, shown: Caption) -> None:
        self._punctuality.shown(self._clock.monotonic(), (shown.start - heard.start) / TICKS_PER_SECOND)

    def withdraw(self) -> None:
        """Take the captions from the viewers at once."""
        self._lecture.sound.listen(None)
        track, self._track = self._track, None
        if track is not None and self._lecture.media.captions is track:
            self._lecture.media.close_captions()

    async def stop(self) -> None:
        self.withdraw()
        self._task.cancel()
        await asyncio.wait({self._task})

    # -- inside

    async def _run(self) -> None:
        try:
            for death in range(1, DEATHS + 1):
                try:
                    await self._listen()
                    return
                except ListenerDied as died:
                    self.withdraw()
                    self._log.warning("live_captions.listener_died", death=death)
                    self.stopped_because = died.message
                    if death < DEATHS:
                        self.state = CaptionState.STARTING
                        await asyncio.sleep(RESTART_SECONDS)
        except (ListenerFailed, OSError) as error:
            self.stopped_because = str(error)
        except Exception as error:
            self._log.exception("live_captions.failed")
            self.stopped_because = f"内部错误（{type(error).__name__}），请看日志。"
        finally:
            self.withdraw()

    async def _listen(self) -> None:
        """Until captions are too late. Raises ListenerDied, ListenerFailed, OSError, and what prepare raises."""
        hints = await self._prepare()
        async with Listener(self._settings, hints.hotwords, hints.terms) as listener:
            reading = asyncio.create_task(self._read(listener), name="live_captions.read")
            try:
                while not reading.done():
                    await asyncio.wait({reading}, timeout=LOOK_SECONDS)
                    if self._is_lost(listener):
                        self._log.warning("live_captions.too_late", parts_dropped=listener.parts_dropped)
                        self.stopped_because = (
                            f"连续 {self._settings.live_caption_patience_seconds} 秒比画面晚 "
                            f"{self._settings.live_caption_delay_seconds} 秒以上，这台机器跟不上。"
                        )
                        return
                await reading
            finally:
                reading.cancel()
                self.withdraw()

    async def _read(self, listener: Listener) -> None:
        identity: EngineIdentity | None = None
        async for message in listener.messages():
            if "ready" in message:
                identity = EngineIdentity(**message["ready"])
                self._open(listener)
            elif "heard" in message and identity is not None:
                self._show(message["heard"]["cues"])
                await self._keep(message["heard"], identity)
            elif "until_ms" in message:
                self._until_ms = message["until_ms"]

    def _open(self, listener: Listener) -> None:
        self._punctuality = self._new_punctuality()
        self._until_ms = 0
        self._track = self._lecture.media.open_captions(self)
        self._lecture.sound.listen(listener)
        self.state = CaptionState.ON
        self._log.info("live_captions.on")

    def _show(self, cues: list[dict[str, Any]]) -> None:
        if self._track is None:
            return
        for cue in cues:
            start, end = cue["start_ms"] * TICKS_PER_MS, cue["end_ms"] * TICKS_PER_MS
            self._track.add(Caption(start, end, cue["text"]))

    def _is_lost(self, listener: Listener) -> bool:
        if listener.heard_from is None:
            return False
        heard = max(self._until_ms * TICKS_PER_MS, listener.heard_from)
        behind = (listener.taken_until - heard) / TICKS_PER_SECOND
        return self._punctuality.is_lost(self._clock.monotonic(), behind)

    def _new_punctuality(self) -> Punctuality:
        return Punctuality(
            most=self._settings.live_caption_delay_seconds,
            patience=self._settings.live_caption_patience_seconds,
        )
