"""Lectures that have ended, with a real journal of real sound, for what comes after."""

import asyncio
import shutil
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.clock import ManualClock
from core.events import EventBus
from core.jobs import JobContext
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState
from streaming.lecture_index import JOURNAL, lecture_folder
from streaming.samples import MediaUnit
from streaming.services import finish
from tests.support.cast import UNIT_A
from tests.support.lectures import NUMBER, hall
from tests.support.media import media_directory, read_units, run_ffmpeg

AT_ONCE = 5_000
"""Units between two waits for the disk: hours that come within seconds are more than the journal lets wait for it."""
SOUND_SECONDS = 1024 / 44_100
"""Of a unit of sound: a publisher may be an hour ahead of the clock, and no further."""


@cache
def sample_voice(seconds: int) -> Path:
    """The beginning of the sample lecture as an encoder sends it; its voice is synthetic, but a voice."""
    path = media_directory() / f"sample-voice-{seconds}.flv"
    film = str(files("portal").joinpath("demo", "lecture.mp4"))
    small = ["-vf", "scale=160:90,fps=10", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"]
    run_ffmpeg("-i", film, "-t", str(seconds), *small, "-c:a", "aac", "-ar", "44100", "-f", "flv", str(path))
    return path


def sample_units(seconds: int) -> list[MediaUnit]:
    return read_units(sample_voice(seconds))


async def ended_lecture(
    context: JobContext,
    publications: Sequence[Sequence[MediaUnit]],
    *,
    events: EventBus | None = None,
    title: str = "行政复议怎么申请",
    **values: Any,
) -> Broadcast:
    """A row that has ended and its journal, in the data folder. events: who is told of the end; nobody by default.

    values: of the row. Without a publication its journal is an empty file.
    """
    now = context.clock.now()
    row = await create_broadcast(NewBroadcast(title, UNIT_A), now=now)
    if values:
        await Broadcast.filter(id=row.id).update(**values)
    await move_air_state(row.id, AirState.LIVE, now=now, events=EventBus())
    folder = lecture_folder(context.settings.data_dir, row.number)
    if publications:
        await _write(folder, publications)
    else:
        await asyncio.to_thread(_write_nothing, folder)
    await finish(row.id, now=now, events=events or EventBus())
    return await Broadcast.get(id=row.id).prefetch_related("unit")


async def _write(folder: Path, publications: Sequence[Sequence[MediaUnit]]) -> None:
    elsewhere = folder.parent / f"making-{folder.name}"
    clock = ManualClock()
    async with hall(elsewhere, clock) as stage:
        journal = stage.lecture.media.journal
        assert journal is not None
        for units in publications:
            encoder = stage.connect()
            for place in range(0, len(units), AT_ONCE):
                await encoder.send(units[place : place + AT_ONCE])
                await journal.flush()
                clock.advance(AT_ONCE * SOUND_SECONDS)
            await encoder.connection.hang_up()
            clock.advance(30)
        await journal.flush()
    shutil.move(lecture_folder(elsewhere, NUMBER), folder)
    shutil.rmtree(elsewhere)


def _write_nothing(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / JOURNAL).write_bytes(b"")
