"""The same wrong wording in other lectures: found, shown as a list to tick, and corrected where it was ticked.

Nothing that is published changes by it: the lecture gets a new draft, which waits for the bureau.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.models import Broadcast
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.editing.finding import Stale, check_revision, locked
from transcripts.editing.holding import Taken, hold_of
from transcripts.editing.versions import add_version, draft_of
from transcripts.models import CueVersion, Transcript, VersionKind

LONGEST_WORDING = 60
MOST_PLACES = 500
AT_ONCE = 20
"""Drafts read together: a decade of lectures is looked through without holding them all."""


@dataclass(frozen=True, slots=True)
class Correction:
    """wrong is replaced by right wherever it stands."""

    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Place:
    cue: str
    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A lecture in whose draft the wording stands. revision: of its draft as it was read."""

    broadcast: Broadcast
    revision: int
    is_published: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    number: str
    revision: int
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """done: numbers of lectures with a new version. left: number → why nothing was changed there."""

    done: tuple[str, ...]
    left: Mapping[str, str]


def correction_of(wrong: str, right: str) -> Correction:
    """Raises Invalid."""
    wrong, right = wrong.strip(), right.strip()
    faults = {}
    if not 2 <= len(wrong) <= LONGEST_WORDING or not wrong.isprintable():
        faults["wrong"] = f"请填写原来的写法，2 到 {LONGEST_WORDING} 个字。"
    if not 1 <= len(right) <= LONGEST_WORDING or not right.isprintable():
        faults["right"] = f"请填写正确的写法，1 到 {LONGEST_WORDING} 个字。"
    if not faults and wrong == right:
        faults["right"] = "两种写法一样，不用改。"
    if faults:
        raise Invalid(faults)
    return Correction(wrong, right)


async def find_elsewhere(correction: Correction, *, apart_from: str, by: Actor) -> list[Elsewhere]:
    """In the drafts of other lectures, those of the unit alone for somebody who acts for one. At most MOST_PLACES."""
    found: list[Elsewhere] = []
    rows = Transcript.filter(draft_version__gt=0).exclude(broadcast__number=apart_from)
    if by.unit_code is not None:
        rows = rows.filter(broadcast__unit_id=by.unit_code)
    transcripts = await rows.order_by("-created_at").prefetch_related("broadcast__unit")
    left = MOST_PLACES
    for first in range(0, len(transcripts), AT_ONCE):
        some = transcripts[first : first + AT_ONCE]
        drafts = await _drafts(some)
        for transcript in some:
            places = tuple(_places(drafts.get(transcript.id, ()), correction))[:left]
            left -= len(places)
            if places:
                published = transcript.published_version > 0
                found.append(Elsewhere(transcript.broadcast, transcript.revision, published, places))
    return found


async def correct_elsewhere(
    correction: Correction, ticked: Sequence[Ticked], *, by: Actor, now: datetime, settings: Settings
) -> Outcome:
    """A new version of each lecture, one transaction each: what cannot be changed in one does not hold up another.

    Raises NotFound, Forbidden.
    """
    done: list[str] = []
    left: dict[str, str] = {}
    for each in ticked:
        try:
            await _correct(correction, each, by=by, now=now, settings=settings)
        except (Stale, Taken, Conflict) as reason:
            left[each.number] = reason.message
        else:
            done.append(each.number)
    return Outcome(tuple(done), left)


async def _correct(
    correction: Correction, ticked: Ticked, *, by: Actor, now: datetime, settings: Settings
) -> None:
    async with transaction():
        _, transcript = await locked(ticked.number, by)
        hold = hold_of(transcript, by, now, settings)
        if hold is not None and not hold.is_mine:
            raise Conflict(f"{hold.name}正在校对，请等改完再统一改正。")
        await check_revision(transcript, ticked.revision)
        draft = await draft_of(transcript)
        before = from_rows(draft.cues) if draft else []
        after = [
            replaced(cue, correction) if cue.id in ticked.cues and correction.wrong in _plain(cue) else cue
            for cue in before
        ]
        if after == before:
            raise Conflict("勾选的几处已经没有原来的写法。")
        was_done = (
            transcript.handed_over_at is not None or transcript.draft_version == transcript.published_version
        )
        note = f"{correction.wrong} → {correction.right}"
        version = await add_version(transcript, VersionKind.CORRECTED, after, by=by, now=now, note=note)
        if (
            was_done
        ):  # it was checked as a whole, and the correction was ticked by a person: the bureau is next
            transcript.handed_over_at, transcript.handed_over_by = now, by.name
            await transcript.save(update_fields=["handed_over_at", "handed_over_by"])
        await record(
            "subtitle.corrected",
            by=by,
            subject=f"subtitle:{ticked.number}",
            now=now,
            before={"wording": correction.wrong},
            after={"wording": correction.right, "version": version.number},
        )


def replaced(cue: DraftCue, correction: Correction) -> DraftCue:
    """With the wording put right, also where it goes on in the second line. A person wrote it now."""
    lines = [line.replace(correction.wrong, correction.right) for line in cue.cue.lines]
    if len(lines) > 1 and correction.wrong in "".join(lines):
        lines = _across(lines, correction)
    return DraftCue(cue.id, replace(cue.cue, lines=tuple(filter(None, lines))), held=cue.held)


def _across(lines: list[str], correction: Correction) -> list[str]:
    """Where the wording is broken by the line's end, all of it goes to the line in which it begins."""
    for first in range(len(lines) - 1):
        both = lines[first] + lines[first + 1]
        at = both.find(correction.wrong)
        while at != -1 and at < len(lines[first]) < at + len(correction.wrong):
            end = at + len(correction.wrong)
            lines[first], lines[first + 1] = both[:at] + correction.right, both[end:]
            both = lines[first] + lines[first + 1]
            at = both.find(correction.wrong, at + len(correction.right))
    return lines


async def _drafts(transcripts: Sequence[Transcript]) -> Mapping[object, Sequence[DraftCue]]:
    wanted = {transcript.id: transcript.draft_version for transcript in transcripts}
    rows = await CueVersion.filter(
        transcript_id__in=list(wanted), number__in=sorted(set(wanted.values()))
    ).values_list("transcript_id", "number", "cues")
    return {row[0]: from_rows(row[2]) for row in rows if wanted[row[0]] == row[1]}


def _places(cues: Iterable[DraftCue], correction: Correction) -> Iterable[Place]:
    for each in cues:
        if correction.wrong in _plain(each):
            yield Place(each.id, each.cue.start_ms, each.cue.text)


def _plain(cue: DraftCue) -> str:
    return "".join(cue.cue.lines)
