"""Which lectures have media here: those on the air in memory, all others loaded from their journals when
asked.

The database is never on the path of a request: what the library must know of a lecture that nobody holds (its
generation and state) is asked when it is loaded, and again behind the answers of a lecture that is being
watched.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from core.clock import Clock
from core.secrets import AppSecrets
from core.settings import Settings
from schedules.numbers import is_number
from schedules.states import AirState, ReplayState
from streaming.journal import JournalAlarm, open_journal
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, lecture_folder
from streaming.lecture_media import LectureMedia, MediaSettings
from streaming.playlist import PlaylistShape
from streaming.restored import Restored
from streaming.segment_cache import SegmentCache
from streaming.waking import Waker

log = structlog.get_logger()

MIB = 1024 * 1024
LOADED_AT_ONCE = 2
"""Journals read at the same time: whoever asks for many must not take the threads that lectures are written in."""
MOST_LOADED = 32
"""Lectures kept loaded from their journals; about a megabyte an hour of lecture."""
FACTS_SECONDS = 2.0
"""So long what was asked about a loaded lecture is taken to be true."""
STALE_SECONDS = 10.0
"""What is known longer than that is asked before it is answered by: a replay that was withdrawn in a quiet hour is
not given to whoever comes first after it."""
PATIENCE_SECONDS = 1.0
"""So long such an answer waits for the rows; then what is known holds."""


@dataclass(frozen=True, slots=True)
class LectureFacts:
    """What the rows say of a lecture: its state, the generation of its media URIs, who may see its replay."""

    generation: int
    air: AirState
    replay: ReplayState = ReplayState.PUBLIC


FactsSource = Callable[[str], Awaitable[LectureFacts | None]]
"""By public number; None: there is no such lecture. Raises FactsUnavailable."""


class FactsUnavailable(Exception):
    """The database does not answer."""


@dataclass(slots=True)
class _Loaded:
    media: LectureMedia
    asked_at: float
    known_at: float
    asking: asyncio.Task[None] | None = field(default=None, repr=False)


class Library:
    """alarm is called when a journal cannot be written; the log says so in any case."""

    def __init__(
        self,
        settings: Settings,
        secrets: AppSecrets,
        facts: FactsSource,
        clock: Clock,
        *,
        alarm: Callable[[JournalAlarm], None] = lambda alarm: None,
    ) -> None:
        self.epoch = new_epoch(clock)
        self.cache = SegmentCache(settings.segment_cache_mib * MIB)
        self._settings = settings
        self._media_settings = MediaSettings(
            PlaylistShape(part_target=settings.part_target_ms), settings.hot_segments, secrets.accepted
        )
        self._facts = facts
        self._clock = clock
        self._alarm = alarm
        self._waker = Waker()
        self._live: dict[str, LectureMedia] = {}
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._loading: dict[str, asyncio.Task[LectureMedia | None]] = {}
        self._reading = asyncio.Semaphore(LOADED_AT_ONCE)

    def has_journal(self, number: str) -> bool:
        return (lecture_folder(self._settings.data_dir, number) / JOURNAL).exists()

    async def open_live(self, number: str, *, generation: int, air: AirState) -> LectureMedia:
        """Take a lecture up to go on the air: its journal mended and locked, its earlier media listed.

        Stays in memory until its aclose. Raises JournalLocked, and OSError when its journal cannot be read.
        """
        folder = lecture_folder(self._settings.data_dir, number)
        journal, index = await open_journal(
            folder,
            number,
            self.epoch,
            at=self._clock.now().timestamp(),
            queue_bytes=self._settings.journal_queue_mib * MIB,
            alarm=self._alarm,
        )
        for what in index.recovered:
            log.warning("journal.mended", broadcast=number, what=what)
        restored = await asyncio.to_thread(Restored.read, index)
        media = LectureMedia(
            number,
            folder,
            self.epoch,
            settings=self._media_settings,
            waker=self._waker,
            generation=generation,
            air=air,
            restored=restored,
            journal=journal,
            on_closed=self._live_closed,
        )
        self._loaded.pop(number, None)
        self._live[number] = media
        return media

    def held(self, number: str) -> LectureMedia | None:
        """A lecture that is in memory for the live."""
        return self._live.get(number)

    async def get(self, number: str) -> LectureMedia | None:
        """Any lecture that has media here. Raises FactsUnavailable."""
        media = self._live.get(number)
        if media is not None:
            return media
        loaded = self._loaded.get(number)
        if loaded is not None:
            self._loaded.move_to_end(number)
            await self._ask_again(loaded)
            return loaded.media
        task = self._loading.get(number)
        if task is None:
            if not is_number(number) or not self.has_journal(number):
                return None
            task = self._loading[number] = asyncio.create_task(self._load(number))
            task.add_done_callback(lambda done: self._loading.pop(number, None))
        return await asyncio.shield(task)

    # -- inside

    async def _load(self, number: str) -> LectureMedia | None:
        async with self._reading:
            facts = await self._facts(number)
            if facts is None:
                return None
            media = await asyncio.to_thread(self._read, number, facts)
        if number in self._live:
            return self._live[number]
        self._keep(number, media)
        return media

    def _read(self, number: str, facts: LectureFacts) -> LectureMedia:
        folder = lecture_folder(self._settings.data_dir, number)
        media = LectureMedia(
            number,
            folder,
            self.epoch,
            settings=self._media_settings,
            waker=self._waker,
            generation=facts.generation,
            air=facts.air,
            restored=Restored.read(load_journal(folder)),
        )
        media.set_replay(facts.replay)
        media.warm()
        return media

    def _keep(self, number: str, media: LectureMedia) -> None:
        now = asyncio.get_running_loop().time()
        self._loaded[number] = _Loaded(media, asked_at=now, known_at=now)
        self._loaded.move_to_end(number)
        while len(self._loaded) > MOST_LOADED:
            self._loaded.popitem(last=False)

    def _live_closed(self, media: LectureMedia) -> None:
        """It is off the air for good, or the process stops: from now on it is one of the loaded."""
        if self._live.get(media.number) is media:
            del self._live[media.number]
            self._keep(media.number, media)

    async def _ask_again(self, loaded: _Loaded) -> None:
        """Behind the answer; before it when what is known is old."""
        now = asyncio.get_running_loop().time()
        if loaded.asking is None:
            if now - loaded.asked_at < FACTS_SECONDS:
                return
            loaded.asked_at = now
            loaded.asking = asyncio.create_task(self._refresh(loaded))
        if now - loaded.known_at > STALE_SECONDS:
            await asyncio.wait({loaded.asking}, timeout=PATIENCE_SECONDS)

    async def _refresh(self, loaded: _Loaded) -> None:
        media = loaded.media
        try:
            facts = await self._facts(media.number)
        except FactsUnavailable as error:
            log.warning("library.facts_unavailable", broadcast=media.number, error=str(error))
            return
        finally:
            loaded.asking = None
        if facts is None:
            self._loaded.pop(media.number, None)
            return
        loaded.known_at = asyncio.get_running_loop().time()
        media.set_generation(facts.generation)
        media.set_air(facts.air)
        media.set_replay(facts.replay)


def new_epoch(clock: Clock) -> str:
    """Names this start of the process in every media URI: its time in milliseconds, to the base 36."""
    value = int(clock.now().timestamp() * 1000)
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
