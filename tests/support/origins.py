"""The origin over a lecture that is fed by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from streaming.origin import Origin
from tests.support.feeder import PARTS_PER_SEGMENT, part_bytes
from tests.support.stage import NUMBER, Stage, live_stage

LIVE = f"/live/{NUMBER}"
REPLAY = f"/replay/{NUMBER}"


def media_uri(stage: Stage, file: str, *, token: str | None = None, epoch: str | None = None) -> str:
    return f"/media/{NUMBER}/{token or stage.media.token}/{epoch or stage.library.epoch}/{file}"


def segment_bytes(rendition: str, msn: int) -> bytes:
    return b"".join(part_bytes(rendition, msn, index) for index in range(PARTS_PER_SEGMENT))


@asynccontextmanager
async def on_air(folder: Path, *names: str, hold: float = 4.0) -> AsyncIterator[tuple[Stage, Origin]]:
    async with live_stage(folder, names or ("source", "480p")) as stage:
        yield stage, Origin(stage.library, hold_seconds=hold)
