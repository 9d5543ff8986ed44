"""Lectures with subtitles to correct, made by the services themselves; nothing is recognised."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Unit
from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.clock import ManualClock
from core.database import transaction
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B, Person
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.editing.versions import add_version
from transcripts.models import Recognition, Transcript, VersionKind

LIAISON = Actor(ActorKind.USER, "liaison-a", "示例联络员甲", UNIT_A)
COLLEAGUE = Actor(ActorKind.USER, "liaison-a2", "示例联络员丙", UNIT_A)
OTHERS = Actor(ActorKind.USER, "liaison-b", "示例联络员乙", UNIT_B)
BUREAU = Actor(ActorKind.USER, "administrator", "示例管理员")
SAID = ("各位听众大家好", "今天讲行政负义法", "什么情况可以申请", "向哪个机关申请")


def heard(
    *texts: str, prob: float = 0.9, held: str = "", first: int = 0, length: int = 2000
) -> list[DraftCue]:
    """Cues as a machine makes them, one behind the other; a second line behind a slash."""
    return [
        DraftCue(
            f"cue{index}",
            Cue(index * length, (index + 1) * length, tuple(text.split("/"))),
            prob=prob,
            engine="whisper",
            model="small",
            sha256="0" * 64,
            held=held,
        )
        for index, text in enumerate(texts, start=first)
    ]


async def subtitled(
    clock: ManualClock,
    cues: Sequence[DraftCue] | None = None,
    *,
    unit: str = UNIT_A,
    title: str = "新修订行政复议法解读",
    **values: Any,
) -> tuple[Broadcast, Transcript]:
    """A lecture that has been given, with a draft of the machine; without one for an empty list."""
    now = clock.now()
    if not await Unit.exists():
        await seed_sample_units()
    row = await create_broadcast(NewBroadcast(title, unit), now=now)
    await Broadcast.filter(id=row.id).update(
        air_state=AirState.ENDED, first_live_at=now, ended_at=now, lecturer_name="示例讲师A", **values
    )
    transcript = await Transcript.create(
        broadcast_id=row.id,
        recognition=Recognition.DONE,
        engine="whisper",
        model="small",
        created_at=now,
        changed_at=now,
    )
    draft = heard(*SAID) if cues is None else cues
    if draft:
        async with transaction():
            await add_version(transcript, VersionKind.RECOGNISED, draft, by=None, now=now)
    return await Broadcast.get(id=row.id).prefetch_related("unit"), transcript


async def now_of(transcript: Transcript) -> Transcript:
    return await Transcript.get(id=transcript.id)


def actor_of_person(person: Person) -> Actor:
    assert person.user is not None
    return Actor(ActorKind.USER, str(person.user.id), person.user.display_name, person.user.unit_id)
