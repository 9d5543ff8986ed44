"""Recognition around the engine: no word lost to kill -9, and memory that does not grow with the lecture.

The engine is the tests' slow one, which has no model: what is measured is what the house does around any engine.
The voice is that of the sample lecture.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from time import monotonic

from accounts.services import seed_sample_units
from bench.figure import Bench, Row, log
from core.clock import SystemClock
from core.database import database
from core.events import EventBus
from core.jobs import JobContext, JobQueue
from core.settings import load_settings
from streaming.lecture_index import lecture_folder
from streaming.samples import AudioConfig, AudioSample, MediaUnit
from tests.support.ended_lectures import ended_lecture, sample_units
from tests.support.killed_workers import (
    HURRIED,
    Kill,
    cues_of,
    kill_while_it_recognises,
    let_it_finish,
    twin,
    waiting,
    words_of,
)
from tests.support.migrated import lay_sqlite
from transcripts.recognition.hearing import Hearing

FILM_SECONDS = 150
MOST_PIECES_A_ROUND = 2
GROWTH_MIB_PER_HOUR = 16.0
"""Rows of words and the journal's index; kept sound would be 220 MiB an hour."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Of one lecture: peak memory of the process that listened, and how long its sound took to read and cut."""

    seconds: float
    peak_mib: float
    cut_seconds: float
    characters: int


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    async with bench.folder() as folder, house(folder) as context:
        rounds, films = bench.choose((24, 6), (3, 1))
        kills, wrong = await killed(context, rounds, films)
        yield Row(
            "weiketang",
            f"words lost or doubled after {rounds} workers killed at random moments",
            wrong,
            "words",
            0.0,
            details={
                "kills": [f"{each.what}: {each.seconds} s after {each.pieces} pieces" for each in kills]
            },
        )
        short, long = [await heard(context, films) for films in bench.choose((12, 72), (8, 16))]
    hours = (long.seconds - short.seconds) / 3600
    for each in (short, long):
        what = f"peak memory of the listening process, {each.seconds / 60:.0f} min of lecture"
        yield Row("weiketang", what, each.peak_mib, "MiB", details={"characters": each.characters})
    growth = (long.peak_mib - short.peak_mib) / hours
    yield Row("weiketang", "its growth with the lecture's length", growth, "MiB/h", GROWTH_MIB_PER_HOUR)
    an_hour = long.cut_seconds * 3600 / long.seconds
    yield Row("weiketang", "an hour's sound read from the journal and cut at silences", an_hour, "s")


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[JobContext]:
    settings = load_settings(data_dir=folder / "data", speech_engine=HURRIED["speech_engine"])
    await asyncio.to_thread(lay_sqlite, settings.data_dir)
    async with database(settings):
        await seed_sample_units()
        yield JobContext(settings, SystemClock(), EventBus(), JobQueue(settings))


async def killed(context: JobContext, rounds: int, films: int) -> tuple[list[Kill], int]:
    """The kills, and how many words or cues differ from those of the same lecture without any. films: as in heard,
    so many that the lecture is not done before the last round.
    """
    random = Random()
    victim = await waiting(context, repeated(films))
    kills = []
    for _ in range(rounds):
        after_pieces = random.randint(0, MOST_PIECES_A_ROUND)
        kills.append(await kill_while_it_recognises(victim, context.settings, random, after_pieces))
        log.info("recognition: %s", kills[-1])
    unkilled = await twin(context, victim)
    await let_it_finish(context.settings, victim, unkilled)
    return kills, differences(await words_of(victim), await words_of(unkilled)) + differences(
        await cues_of(victim), await cues_of(unkilled)
    )


def differences(found: Sequence[object], wanted: Sequence[object]) -> int:
    same = sum(one == other for one, other in zip(found, wanted, strict=False))
    return max(len(found), len(wanted)) - same


async def heard(context: JobContext, films: int) -> Heard:
    """A lecture of so many times the sample film's sound, heard from its beginning to its draft."""
    lecture = await ended_lecture(context, [repeated(films)])
    folder = lecture_folder(context.settings.data_dir, lecture.number)
    async with Hearing(context.settings, folder) as hearing:
        began = monotonic()
        cut = await hearing.ask("cut")
        cut_seconds = monotonic() - began
        pieces = []
        for piece in cut["pieces"]:
            said = await hearing.ask("hear", start_ms=piece["start_ms"], end_ms=piece["end_ms"], hotwords=[])
            pieces.append({**said, "model_sha256": said["sha256"]})
        draft = await hearing.ask("draft", pieces=pieces, terms=[])
        peak = peak_mib(hearing.pid)
    log.info("recognition: %d pieces, %.0f MiB", len(pieces), peak)
    return Heard(cut["audio_ms"] / 1000, peak, cut_seconds, draft["characters"])


def repeated(films: int) -> Sequence[MediaUnit]:
    """The sample film's sound over and over, as one encoder would send it."""
    sound = [unit for unit in sample_units(FILM_SECONDS) if isinstance(unit, AudioSample)]
    configuration = [unit for unit in sample_units(FILM_SECONDS) if isinstance(unit, AudioConfig)]
    return configuration[:1] + [
        replace(sample, pts_ms=sample.pts_ms + film * FILM_SECONDS * 1000)
        for film in range(films)
        for sample in sound
    ]


def peak_mib(pid: int | None) -> float:
    """VmHWM (proc(5)): the largest resident set a process has had."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
