"""Lectures as the search knows them: their title for whoever may know of them, what was said only once published."""

from collections.abc import Collection, Mapping
from hashlib import sha256

from schedules.models import Broadcast
from schedules.public.queries import told
from transcripts.cues.draft import from_rows
from transcripts.laws.mentions import chapters_of
from transcripts.models import Transcript
from transcripts.published import gives_its_words, published_version
from transcripts.search.documents import Document, Passage, register

LECTURE = "lecture"


class Lectures:
    kind = LECTURE
    label = "讲座"

    async def stamps(self) -> Mapping[str, str]:
        published = dict(
            await Transcript.filter(published_version__gt=0).values_list("broadcast_id", "published_version")
        )
        rows = await told().prefetch_related("unit")
        return {each.number: _stamp(each, published.get(each.id, 0)) for each in rows}

    async def document(self, number: str) -> Document | None:
        broadcast = await told().get_or_none(number=number).prefetch_related("unit")
        return await document_of(broadcast) if broadcast else None

    async def shown(self, numbers: Collection[str]) -> Mapping[str, bool]:
        rows = await told().filter(number__in=list(numbers))
        return {each.number: gives_its_words(each) for each in rows}


register(Lectures())


async def document_of(broadcast: Broadcast) -> Document:
    """broadcast comes with its unit, and the public may know of it."""
    version = await published_version(broadcast.id) if gives_its_words(broadcast) else None
    chapters = chapters_of(version) if version else []
    cues = from_rows(version.cues) if version else []
    return Document(
        kind=LECTURE,
        number=broadcast.number,
        title=broadcast.title,
        path=f"/l/{broadcast.number}",
        said_at=broadcast.first_live_at
        or broadcast.starts_at
        or broadcast.first_starts_at
        or broadcast.created_at,
        headings=(
            *(Passage(text) for text in _plain_headings(broadcast) if text),
            *(Passage(each.title, each.at_ms // 1000) for each in chapters),
        ),
        passages=tuple(Passage(each.cue.text, each.cue.start_ms // 1000) for each in cues),
    )


def _plain_headings(broadcast: Broadcast) -> list[str]:
    unit = broadcast.unit_name or broadcast.unit.name
    lecturer = " ".join(filter(None, (broadcast.lecturer_name, broadcast.lecturer_post)))
    return [unit, lecturer, *broadcast.laws]


def _stamp(broadcast: Broadcast, version: int) -> str:
    words = version if gives_its_words(broadcast) else 0
    moment = broadcast.first_live_at or broadcast.starts_at or broadcast.first_starts_at
    shown = [broadcast.title, *_plain_headings(broadcast), moment.isoformat() if moment else ""]
    return sha256("\n".join([*shown, str(words)]).encode()).hexdigest()[:60]
