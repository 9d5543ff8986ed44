"""Recognising what waits: a lecture at a time, piece by piece, in a process that is killed when the live needs it."""

import asyncio
import fcntl
import os
import socket
from collections.abc import Coroutine
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from secrets import token_hex
from typing import Any

from core.clock import CHINA
from core.jobs import JobContext
from core.logs import bind, get_logger
from streaming.lecture_index import JOURNAL, lecture_folder
from transcripts.models import Piece, Recognition, Transcript
from transcripts.recognition.claims import Claim, ClaimLost, claim, gave_up, give_up, wait_for_model, waiting
from transcripts.recognition.hearing import Hearing, HearingDied, Unheard
from transcripts.recognition.hint_sources import hints_for
from transcripts.recognition.live_first import LiveFirst
from transcripts.recognition.queries import who_comes_first
from transcripts.speech.registry import model_state

log = get_logger(__name__)

WATCH_SECONDS = 1.0
"""How often it is looked whether a lecture is coming while a piece is being heard."""
NOT_HERE = "这一期的留存不在这台机器上，识别要由保存它的那台机器来做。"


class Outcome(Enum):
    """What became of a turn. REST: nothing more can be done for now."""

    NEXT = auto()
    REST = auto()


class Paused(Exception):
    def __init__(self, first: LiveFirst) -> None:
        super().__init__(first.number)
        self.first = first


def worker_name() -> str:
    return f"{socket.gethostname()[:48]}:{os.getpid()}:{token_hex(4)}"


async def recognise_all(context: JobContext) -> None:
    """Until nothing waits, or the live comes first, or there is no model."""
    worker = worker_name()
    while await recognise_next(context, worker) is Outcome.NEXT:
        continue


async def recognise_next(context: JobContext, worker: str) -> Outcome:
    """One lecture, as far as it goes."""
    settings, now = context.settings, context.clock.now()
    rows = await waiting(now, settings)
    if not rows or await who_comes_first(now, settings) is not None:
        return Outcome.REST
    state = await asyncio.to_thread(model_state, settings)
    if not state.is_ready:
        await wait_for_model(now, state.message, settings)
        return Outcome.REST
    for transcript in rows:
        folder = lecture_folder(settings.data_dir, transcript.broadcast.number)
        if not await asyncio.to_thread(_may_be_read, folder):
            await _note_where_it_is(transcript, folder)
            continue
        if transcript.attempts >= settings.speech_attempts:
            await give_up(transcript, now, settings)
            continue
        taken = await claim(transcript, worker, now, settings)
        if taken is not None:
            with bind(broadcast=transcript.broadcast.number):
                return await _Turn(context, transcript, taken, folder).run()
    return Outcome.REST


def _may_be_read(folder: Path) -> bool:
    """Whether the journal is here, and nothing more is added to it (its one writer holds a lock)."""
    try:
        with (folder / JOURNAL).open("rb") as journal:
            fcntl.flock(journal, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True


async def _note_where_it_is(transcript: Transcript, folder: Path) -> None:
    if transcript.detail != NOT_HERE and not await asyncio.to_thread((folder / JOURNAL).exists):
        await Transcript.filter(id=transcript.id, claimed_by="").update(detail=NOT_HERE)


class _Turn:
    """The work of one claim."""

    def __init__(self, context: JobContext, transcript: Transcript, taken: Claim, folder: Path) -> None:
        self._context = context
        self._settings = context.settings
        self._transcript = transcript
        self._broadcast = transcript.broadcast
        self._claim = taken
        self._folder = folder
        self._kept_at = context.clock.monotonic()

    async def run(self) -> Outcome:
        try:
            await self._recognise()
        except ClaimLost:
            log.warning("recognition.claim_lost")
        except Paused as paused:
            await self._leave(Recognition.PAUSED, _pause_detail(paused.first), attempts=0)
            return Outcome.REST
        except Unheard as unheard:
            return await self._unheard(unheard)
        except (HearingDied, OSError) as error:
            await self._failed(str(error))
        except asyncio.CancelledError:
            # The worker is to stop: the lecture is free at once for the next one.
            await asyncio.shield(self._leave(Recognition.QUEUED, "", attempts=0))
            raise
        return Outcome.NEXT

    async def _recognise(self) -> None:
        hints = await hints_for(self._broadcast, self._settings)
        async with Hearing(self._settings, self._folder) as hearing:
            if self._transcript.pieces_cut_at is None:
                cut = await self._attended(hearing.ask("cut"))
                await self._claim.pieces_cut(cut["pieces"], cut["audio_ms"], self._now())
            pieces = Piece.filter(transcript_id=self._transcript.id)
            for piece in await pieces.filter(recognised_at=None):
                await self._hear(hearing, piece, hints.hotwords)
            told = [_told(piece) for piece in await pieces]
            draft = await self._attended(hearing.ask("draft", pieces=told, terms=hints.terms))
            if await self._claim.done(draft["cues"], draft["characters"], self._now()):
                log.info("recognition.done", cues=len(draft["cues"]), characters=draft["characters"])

    async def _hear(self, hearing: Hearing, piece: Piece, hotwords: tuple[str, ...]) -> None:
        heard = await self._attended(
            hearing.ask("hear", start_ms=piece.start_ms, end_ms=piece.end_ms, hotwords=hotwords)
        )
        await self._claim.piece_heard(piece, heard, self._now())
        log.info("recognition.piece", ordinal=piece.ordinal, seconds=heard["seconds_spent"])

    async def _attended(self, asked: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
        """The answer, while the claim is kept alive. Raises Paused within moments of a lecture going on the air."""
        asking = asyncio.ensure_future(asked)
        try:
            while not asking.done():
                await asyncio.wait({asking}, timeout=WATCH_SECONDS)
                first = await who_comes_first(self._now(), self._settings)
                if first is not None and not asking.done():
                    raise Paused(first)
                await self._keep_claim()
            return asking.result()
        finally:
            asking.cancel()

    async def _keep_claim(self) -> None:
        now = self._context.clock.monotonic()
        if now - self._kept_at > self._settings.speech_claim_seconds / 4:
            self._kept_at = now
            await self._claim.keep(self._now())

    async def _unheard(self, unheard: Unheard) -> Outcome:
        match unheard.kind:
            case "no_sound":
                await self._leave(Recognition.NO_AUDIO, unheard.message, attempts=0)
            case "no_model" | "broken_model":
                # One attempt: looked at again after a while, and from the beginning once the model is mended.
                await self._leave(Recognition.WAITING_FOR_MODEL, unheard.message, attempts=1)
                return Outcome.REST
            case _:
                await self._failed(unheard.message)
        return Outcome.NEXT

    async def _failed(self, reason: str) -> None:
        attempts = (await Transcript.get(id=self._transcript.id)).attempts
        if attempts >= self._settings.speech_attempts:
            await self._leave(Recognition.FAILED, gave_up(attempts, reason))
        else:
            wait = self._settings.speech_retry_seconds
            await self._leave(Recognition.QUEUED, f"{reason}{wait} 秒后自动再试。")

    async def _leave(self, recognition: Recognition, detail: str, **values: Any) -> None:
        log.info("recognition.left", state=recognition.value, detail=detail)
        try:
            await self._claim.leave(recognition, detail, self._now(), **values)
        except ClaimLost:
            log.warning("recognition.claim_lost")

    def _now(self) -> datetime:
        return self._context.clock.now()


def _told(piece: Piece) -> dict[str, Any]:
    return {
        "segments": piece.segments,
        "held": piece.held,
        "engine": piece.engine,
        "model": piece.model,
        "model_sha256": piece.model_sha256,
    }


def _pause_detail(first: LiveFirst) -> str:
    if first.starts_at is None:
        return f"《{first.title}》正在直播，结束后自动接着识别。"
    at = first.starts_at.astimezone(CHINA)
    return f"《{first.title}》{at:%H:%M} 开讲，直播优先，结束后自动接着识别。"
