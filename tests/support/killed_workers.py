"""Workers as processes of their own, killed with -9 at random moments while they recognise a lecture."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from typing import Any

from core.clock import SystemClock
from core.jobs import JobContext
from core.logs import configure_logs
from core.settings import Settings, load_settings
from core.worker import run_worker
from schedules.models import Broadcast
from streaming.lecture_index import lecture_folder
from streaming.samples import MediaUnit
from tests.support.ended_lectures import ended_lecture
from tests.support.slow_engine import SECONDS
from tests.support.studio import until
from transcripts.models import CueVersion, Piece, Recognition, Transcript
from transcripts.recognition.asking import ask_for

HURRIED = {
    "speech_engine": "tests.support.slow_engine:open_engine",
    "speech_piece_least_seconds": 3,
    "speech_piece_most_seconds": 7,
    "speech_claim_seconds": 2,
    "speech_retry_seconds": 1,
    "speech_attempts": 100,
}
"""Settings of the worker: pieces of seconds, and a dead one's lecture soon taken over."""
PATIENCE_SECONDS = 120
PIECE_SECONDS = 0.5
"""How long the engine takes over a piece while somebody may be killed."""


@dataclass(frozen=True, slots=True)
class Kill:
    """What was killed, so many seconds after it had done so many pieces; pieces: all that were done by then."""

    what: str
    after_pieces: int
    seconds: float
    pieces: int


@asynccontextmanager
async def worker(settings: Settings, *, piece_seconds: float) -> AsyncIterator[ForkServerProcess]:
    """What `weiketang worker` runs, in a process of its own; killed at the end.

    It is forked from one that has imported the house already: a round takes moments.
    """
    processes = get_context("forkserver")
    processes.set_forkserver_preload([__name__, "transcripts.jobs"])
    process = processes.Process(target=_work, args=(settings.data_dir, piece_seconds))
    process.start()
    try:
        yield process
    finally:
        await _kill(process)


def _work(data_dir: Path, piece_seconds: float) -> None:
    os.environ[SECONDS] = str(piece_seconds)
    log = os.open(data_dir / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    settings = load_settings(data_dir=data_dir, **HURRIED)
    configure_logs(settings.log_format, settings.log_level)

    async def work_until_killed() -> None:
        await run_worker(settings, asyncio.Event())

    asyncio.run(work_until_killed())


async def _kill(process: ForkServerProcess) -> None:
    process.kill()
    await asyncio.to_thread(process.join)


def listening_of(pid: int) -> list[int]:
    """The processes that listen for a worker."""
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child)] if _listens(int(child)) else []
    return found


def _listens(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return "recognition.child" in Path(f"/proc/{pid}/cmdline").read_text()
    return False


async def kill_while_it_recognises(
    transcript: Transcript, settings: Settings, random: Random, after_pieces: int
) -> Kill:
    """One round: a worker takes the lecture and does so many pieces, and some moments later it is no more.

    At times what listens for it is killed first.
    """
    async with worker(settings, piece_seconds=PIECE_SECONDS) as process:
        before = await pieces_done(transcript)

        async def is_far_enough() -> bool:
            assert process.is_alive(), (settings.data_dir / "worker.log").read_text()
            has_it = f":{process.pid}:" in (await Transcript.get(id=transcript.id)).claimed_by
            return has_it and await pieces_done(transcript) >= before + after_pieces

        await until(is_far_enough, PATIENCE_SECONDS)
        # Without a piece: while the other process starts, and while the sound is cut.
        seconds = random.uniform(0, PIECE_SECONDS * 2 if after_pieces else 4)
        await asyncio.sleep(seconds)  # the moment is what is tried
        assert process.pid is not None
        listening = listening_of(process.pid)
        what = random.choice(["the worker", "what listens, then the worker"])
        if what != "the worker":
            for pid in listening:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(random.uniform(0, 0.2))
        await _kill(process)

        async def nobody_listens() -> bool:
            return not any(_listens(pid) for pid in listening)

        await until(nobody_listens, PATIENCE_SECONDS)
    return Kill(what, after_pieces, round(seconds, 3), await pieces_done(transcript))


async def let_it_finish(settings: Settings, *transcripts: Transcript) -> None:
    async with worker(settings, piece_seconds=0.0):

        async def all_done() -> bool:
            rows = await Transcript.filter(id__in=[each.id for each in transcripts])
            return all(row.recognition is Recognition.DONE for row in rows)

        await until(all_done, PATIENCE_SECONDS)


async def pieces_done(transcript: Transcript) -> int:
    return await Piece.filter(transcript_id=transcript.id, recognised_at__isnull=False).count()


async def waiting(context: JobContext, units: Sequence[MediaUnit]) -> Transcript:
    """A lecture of these units that has ended and is to be recognised."""
    return await _asked_for(await ended_lecture(context, [units]))


async def twin(context: JobContext, transcript: Transcript) -> Transcript:
    """Another lecture with the same journal, to be recognised as well."""
    like = await Broadcast.get(id=transcript.broadcast_id)
    lecture = await ended_lecture(context, [])
    data = context.settings.data_dir
    source, place = lecture_folder(data, like.number), lecture_folder(data, lecture.number)
    await asyncio.to_thread(shutil.copytree, source, place, dirs_exist_ok=True)
    return await _asked_for(lecture)


async def _asked_for(lecture: Broadcast) -> Transcript:
    await ask_for(lecture, now=SystemClock().now())
    return await Transcript.get(broadcast_id=lecture.id)


async def words_of(transcript: Transcript) -> list[Any]:
    """[text, start, end, prob] of every word, as the checkpoints have them."""
    pieces = await Piece.filter(transcript_id=transcript.id)
    return [word for piece in pieces for segment in piece.segments for word in segment["words"]]


async def cues_of(transcript: Transcript) -> list[dict[str, Any]]:
    """Of its one version, without the ids. Fails where there are more or none."""
    version = await CueVersion.get(transcript_id=transcript.id)
    return [{key: value for key, value in cue.items() if key != "id"} for cue in version.cues]
