"""The versions of a lecture's subtitles: what was different, and going back to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, NotFound
from core.settings import Settings
from transcripts.cues.draft import from_rows
from transcripts.cues.statutes import statute_title
from transcripts.editing.comparing import Difference, differences
from transcripts.editing.finding import check_revision, locked
from transcripts.editing.holding import keep_hold
from transcripts.editing.versions import add_version
from transcripts.laws.mentions import declined_in
from transcripts.models import CueVersion, Transcript, VersionKind


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list, without its cues."""

    number: int
    kind: VersionKind
    person: str
    note: str
    made_at: datetime
    changed_at: datetime


async def versions_of(transcript: Transcript) -> list[VersionLine]:
    """The latest first."""
    rows = CueVersion.filter(transcript_id=transcript.id).order_by("-number")
    found: Sequence[tuple[int, VersionKind, str, str, datetime, datetime]] = await rows.values_list(
        "number", "kind", "person", "note", "made_at", "changed_at"
    )
    return [VersionLine(row[0], VersionKind(row[1]), *row[2:]) for row in found]


@dataclass(frozen=True, slots=True)
class Comparison:
    """passages: what was said differently. declined, wanted_again: titles of chapters that people decided on."""

    passages: list[Difference]
    declined: list[str]
    wanted_again: list[str]

    def __bool__(self) -> bool:
        return bool(self.passages or self.declined or self.wanted_again)


async def compare(transcript: Transcript, before: int, after: int) -> Comparison:
    """Raises NotFound for a version there is not."""
    old, new = [await _version(transcript, number) for number in (before, after)]
    unwanted_before, unwanted_after = declined_in(old), declined_in(new)
    return Comparison(
        differences([each.cue for each in from_rows(old.cues)], [each.cue for each in from_rows(new.cues)]),
        [statute_title(*key) for key in unwanted_after if key not in unwanted_before],
        [statute_title(*key) for key in unwanted_before if key not in unwanted_after],
    )


async def restore(
    number: str, version: int, *, revision: int, by: Actor, now: datetime, settings: Settings
) -> CueVersion:
    """An old version's cues as a new version. Raises NotFound, Forbidden, Taken, Stale, Conflict."""
    async with transaction():
        _, transcript = await locked(number, by)
        keep_hold(transcript, by, now, settings)
        await check_revision(transcript, revision)
        old = await _version(transcript, version)
        if version == transcript.draft_version:
            raise Conflict(f"版本 {version} 就是现在的草稿，不用恢复。")
        made = await add_version(
            transcript,
            VersionKind.RESTORED,
            from_rows(old.cues),
            by=by,
            now=now,
            note=f"恢复版本 {version}",
            declined=old.declined,
        )
        await record(
            "subtitle.restored",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            after={"version": made.number, "restored": version},
        )
        return made


async def _version(transcript: Transcript, number: int) -> CueVersion:
    version = await CueVersion.get_or_none(transcript_id=transcript.id, number=number)
    if version is None:
        raise NotFound(f"没有版本 {number}。")
    return version
