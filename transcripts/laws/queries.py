"""Which lectures spoke of a law, and what was revised since."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.clock import CHINA
from schedules.models import Broadcast
from transcripts.laws.links import short_name
from transcripts.models import LawRevision, StatuteMention


@dataclass(frozen=True, slots=True)
class RevisedLaw:
    """name: as people say it."""

    name: str
    since: date
    note: str


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """seconds: where the law is first named."""

    number: str
    title: str
    given_on: date
    seconds: int


@dataclass(frozen=True, slots=True)
class LawLine:
    """A law with the lectures that speak of it, the latest first. revision: the bureau's mark, if there is one."""

    law: str
    lectures: list[SpokenOf]
    revision: LawRevision | None

    @property
    def concerned(self) -> list[SpokenOf]:
        """Those that were given before the revision held."""
        if self.revision is None:
            return []
        return [each for each in self.lectures if each.given_on < self.revision.since]


async def laws_spoken_of() -> list[LawLine]:
    """By name; and laws that are marked although no published subtitles name them any more."""
    lectures: dict[str, dict[UUID, SpokenOf]] = defaultdict(dict)
    rows = await StatuteMention.all().order_by("at_ms").prefetch_related("transcript__broadcast")
    for row in rows:
        broadcast = row.transcript.broadcast
        day = given_on(broadcast)
        if day is not None and broadcast.id not in lectures[row.law]:
            lectures[row.law][broadcast.id] = SpokenOf(
                broadcast.number, broadcast.title, day, row.at_ms // 1000
            )
    revisions = {each.law: each for each in await LawRevision.all()}
    return [
        LawLine(
            law,
            sorted(lectures[law].values(), key=lambda each: each.given_on, reverse=True),
            revisions.get(law),
        )
        for law in sorted({*lectures, *revisions})
    ]


async def revisions_of(broadcast: Broadcast) -> list[RevisedLaw]:
    """Of the laws its published subtitles name: what was revised after the lecture was given."""
    day = given_on(broadcast)
    if day is None:
        return []
    laws = await StatuteMention.filter(transcript__broadcast_id=broadcast.id).distinct().values_list("law")
    names = [str(row[0]) for row in laws]
    found = await LawRevision.filter(law__in=names, since__gt=day).order_by("-since", "law") if names else []
    return [RevisedLaw(short_name(each.law), each.since, each.note) for each in found]


def given_on(broadcast: Broadcast) -> date | None:
    """The day in China."""
    return broadcast.first_live_at.astimezone(CHINA).date() if broadcast.first_live_at else None
