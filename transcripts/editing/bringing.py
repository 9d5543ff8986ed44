"""Subtitles that people bring: a file, or the approved script with its times tapped along."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Invalid
from core.settings import Settings
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.cues.importing import read_subtitles
from transcripts.editing.changes import Changes, CueChange, apply
from transcripts.editing.finding import check_revision, locked_or_new
from transcripts.editing.holding import keep_hold
from transcripts.editing.versions import add_version
from transcripts.models import CueVersion, VersionKind

AUDITED = {VersionKind.IMPORTED: "subtitle.imported", VersionKind.TAPPED: "subtitle.tapped"}


async def bring_file(
    number: str,
    name: str,
    data: bytes,
    *,
    revision: int,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> CueVersion:
    """An SRT, VTT or TXT file as the new draft. Raises NotFound, Forbidden, Conflict, Taken, Stale, Invalid."""
    if len(data) > settings.subtitle_import_kib * 1024:
        raise Invalid({"file": f"文件不能超过 {settings.subtitle_import_kib} KiB。"})
    cues = await asyncio.to_thread(read_subtitles, name, data)
    if not cues:
        raise Invalid({"file": "文件里没有字幕。"})
    return await bring(
        number,
        VersionKind.IMPORTED,
        cues,
        revision=revision,
        by=by,
        now=now,
        settings=settings,
        note=" ".join(name.split())[-80:],
    )


async def bring(
    number: str,
    kind: VersionKind,
    cues: Sequence[Cue],
    *,
    revision: int,
    by: Actor,
    now: datetime,
    settings: Settings,
    note: str = "",
) -> CueVersion:
    """Cues without a machine as the new draft; what was there stays as a version. revision: 0 where there was none.

    Raises NotFound, Forbidden, Conflict, Taken, Stale, Invalid.
    """
    fresh = _checked(cues, settings)
    async with transaction():
        _, transcript = await locked_or_new(number, by, now)
        keep_hold(transcript, by, now, settings)
        await check_revision(transcript, revision)
        version = await add_version(transcript, kind, fresh, by=by, now=now, note=note)
        await record(
            AUDITED[kind],
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            after={"version": version.number, "rows": len(fresh), "note": note},
        )
    return version


def _checked(cues: Sequence[Cue], settings: Settings) -> list[DraftCue]:
    """The bounds of whatever is typed hold for what is brought, too."""
    changes = [
        CueChange(secrets.token_hex(6), cue.start_ms, cue.end_ms, cue.lines)
        for cue in cues
        if cue.text.strip()
    ]
    return apply([], Changes(cues=tuple(changes)), most=settings.subtitle_most_cues)
