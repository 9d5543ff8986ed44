"""Keeping the index as the rows are: on publishing at once, else by a sweep, whole by `weiketang search rebuild`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.exceptions import IntegrityError

from core.database import transaction
from core.logs import get_logger
from schedules.models import Broadcast
from schedules.public.visibility import is_public
from transcripts.laws.mentions import note_mentions
from transcripts.models import SearchDocument, Transcript
from transcripts.published import published_cues
from transcripts.search.documents import Document, Passage, Source, sources
from transcripts.search.entry import Entry, entry_of
from transcripts.search.index import index_of
from transcripts.search.lectures import LECTURE

log = get_logger(__name__)

FORMAT = "1"
"""Of what is indexed: with another one, every document is indexed anew."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """What a round changed."""

    indexed: int = 0
    removed: int = 0


async def index_lecture(broadcast_id: UUID) -> None:
    """Its document and the laws it names, as the rows are now; for publishing, and for taking it back.

    Inside the caller's transaction: all of it is seen, or nothing.
    """
    # The lock: a sweep in another process may be indexing the same lecture.
    broadcast = await Broadcast.select_for_update().get(id=broadcast_id)
    transcript = await Transcript.get_or_none(broadcast_id=broadcast_id)
    if transcript is not None:
        await note_mentions(transcript, await published_cues(broadcast_id))
    source = sources()[LECTURE]
    stamps = await source.stamps() if is_public(broadcast) else {}
    await _index(source, broadcast.number, stamps.get(broadcast.number))


async def keep_up() -> Kept:
    """Index what has changed since, and remove what the public may not read any more. Safe to run at any time."""
    indexed = removed = 0
    for source in sources().values():
        stamps = await source.stamps()
        known = dict(await SearchDocument.filter(kind=source.kind).values_list("number", "fingerprint"))
        changed = [number for number, stamp in stamps.items() if known.get(number) != _fingerprint(stamp)]
        gone = [number for number in known if number not in stamps]
        for number in (*changed, *gone):
            await _index_alone(source, number, stamps.get(number))
        indexed, removed = indexed + len(changed), removed + len(gone)
    kinds = list(sources())
    for kind, number in await SearchDocument.exclude(kind__in=kinds).values_list("kind", "number"):
        async with transaction():
            removed += await _remove(kind, number)
    return Kept(indexed, removed)


async def rebuild() -> AsyncIterator[tuple[int, int]]:
    """Throw the index away and make it anew, yielding (done, of how many).

    In small steps, so that nothing else waits: until it is done, what is not indexed yet is not found.
    """
    async with transaction() as connection:
        await SearchDocument.all().delete()
        await index_of(connection).clear()
    wanted = [(source, await source.stamps()) for source in sources().values()]
    total, done = sum(len(stamps) for _, stamps in wanted), 0
    yield done, total
    for source, stamps in wanted:
        numbers = list(stamps)
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            await _index_batch(source, batch, stamps)
            done += len(batch)
            yield done, total


async def _index_batch(source: Source, numbers: Sequence[str], stamps: Mapping[str, str]) -> None:
    try:
        async with transaction():
            for number in numbers:
                await _index(source, number, stamps[number])
    except IntegrityError:  # a sweep elsewhere was faster with one of them
        for number in numbers:
            await _index_alone(source, number, stamps[number])


async def _index_alone(source: Source, number: str, stamp: str | None) -> None:
    try:
        async with transaction():
            await _index(source, number, stamp)
    except IntegrityError:
        return  # somebody else has just indexed it


async def _index(source: Source, number: str, stamp: str | None) -> None:
    """stamp: None for what is to be found no more."""
    document = await source.document(number) if stamp is not None else None
    await _remove(source.kind, number)
    if document is not None and stamp is not None:
        await _put(document, stamp)


async def _remove(kind: str, number: str) -> int:
    """The document and what the index knows of it; how many there were. Inside the caller's transaction."""
    row = await SearchDocument.get_or_none(kind=kind, number=number)
    if row is None:
        return 0
    entry = _entry(row)
    if entry.digest == row.indexed:
        await index_of(SearchDocument._meta.db).remove(entry)
    else:  # its words are cut into tokens otherwise than they were then
        log.warning("search.left_over", kind=kind, number=number)
    await row.delete()
    return 1


async def _put(document: Document, stamp: str) -> None:
    row = await SearchDocument.create(
        kind=document.kind,
        number=document.number,
        title=document.title[:200],
        path=document.path,
        said_at=document.said_at,
        fingerprint=_fingerprint(stamp),
        headings=[[each.seconds, each.text] for each in document.headings],
        passages=[[each.seconds, each.text] for each in document.passages],
    )
    entry = _entry(row)
    await index_of(SearchDocument._meta.db).put(row.id, entry)
    row.indexed = entry.digest
    await row.save(update_fields=["indexed"])


def _entry(row: SearchDocument) -> Entry:
    """Of the row alone, so that it can be made again."""
    headings, passages = (
        tuple(Passage(text, seconds) for seconds, text in each) for each in (row.headings, row.passages)
    )
    document = Document(row.kind, row.number, row.title, row.path, row.said_at, headings, passages)
    return entry_of(document, row.id)


def _fingerprint(stamp: str) -> str:
    return f"{FORMAT}:{stamp}"


async def index_size() -> int:
    """In bytes, on disk, without the rows of the documents."""
    return await index_of(SearchDocument._meta.db).size()
