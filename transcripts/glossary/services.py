"""Keeping the glossary: what came with us, what the bureau adds and takes out, how often each term is said."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from tortoise.exceptions import IntegrityError

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from transcripts.glossary.seed import seed
from transcripts.models.glossary import TERM_LABELS, GlossaryRemoval, GlossaryTerm, TermKind

SHORTEST, LONGEST = 2, 60
SEEDED_AT = datetime(2026, 11, 28, tzinfo=UTC)
"""The day of the list that came with us."""


async def ensure_terms() -> int:
    """Take in what came with us and is not there, but nothing that the bureau took out. Returns how many were.

    Safe to run at any time and in several processes at once.
    """
    known = {term.text for term in await GlossaryTerm.all().only("id", "text")}
    removed = {removal.text for removal in await GlossaryRemoval.all()}
    missing = [
        GlossaryTerm(text=text, kind=kind, is_seed=True, added_at=SEEDED_AT)
        for text, kind in seed().terms.items()
        if text not in known and text not in removed
    ]
    if missing:
        await GlossaryTerm.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


async def terms_by_frequency(kind: TermKind | None = None) -> list[GlossaryTerm]:
    """All terms, the most often said first, among equals in the order they came. Fills an untouched glossary."""
    if not await GlossaryTerm.exists() and not await GlossaryRemoval.exists():
        await ensure_terms()
    found = GlossaryTerm.all() if kind is None else GlossaryTerm.filter(kind=kind)
    return await found.order_by("-frequency", "id")


async def add_term(text: str, kind: TermKind, *, by: Actor, now: datetime, most: int) -> GlossaryTerm:
    """A term of the bureau's own. most: how many there may be in all. Raises Invalid (field `text`), Conflict."""
    text = "".join(text.split()).strip("《》")
    if not SHORTEST <= len(text) <= LONGEST or not text.isprintable():
        raise Invalid({"text": f"词语要有 {SHORTEST} 到 {LONGEST} 个字。"})
    try:
        async with transaction():
            if await GlossaryTerm.all().count() >= most:
                raise Invalid({"text": f"词库已有 {most} 个词，请先删掉用不着的。"})
            term = await GlossaryTerm.create(text=text, kind=kind, added_by=by.name, added_at=now)
            await GlossaryRemoval.filter(text=text).delete()
            await record(
                "glossary.added",
                by=by,
                subject=f"glossary:{text}",
                now=now,
                after={"kind": TERM_LABELS[kind]},
            )
    except IntegrityError as error:
        raise Conflict(f"词库里已经有“{text}”了。") from error
    return term


async def remove_term(text: str, *, by: Actor, now: datetime) -> None:
    """Take a term out; one that came with us does not come back by itself. Raises NotFound."""
    async with transaction():
        term = await GlossaryTerm.get_or_none(text=text)
        if term is None:
            raise NotFound(f"词库里没有“{text}”，可能刚刚被删掉了。")
        await term.delete()
        if term.is_seed or text in seed().terms:
            await GlossaryRemoval.get_or_create(text=text, defaults={"removed_at": now})
        await record(
            "glossary.removed",
            by=by,
            subject=f"glossary:{text}",
            now=now,
            before={"kind": TERM_LABELS[term.kind]},
        )


def count_terms(text: str, terms: Collection[str]) -> dict[str, int]:
    """How often each term is said in a text; those that are not are left out."""
    return {term: count for term in terms if (count := text.count(term))}


async def recount_frequencies(texts: Iterable[str]) -> int:
    """Set every term's frequency to how often it is said in these texts: of all published transcripts.

    Returns how many changed. The terms are counted, the frequency is no fact of its own: no audit entry.
    """
    terms = await GlossaryTerm.all()
    totals = await asyncio.to_thread(_totals, texts, [term.text for term in terms])
    changed = [term for term in terms if term.frequency != totals[term.text]]
    for term in changed:
        term.frequency = totals[term.text]
    if changed:
        await GlossaryTerm.bulk_update(changed, fields=["frequency"], batch_size=500)
    return len(changed)


def _totals(texts: Iterable[str], terms: Collection[str]) -> dict[str, int]:
    totals = dict.fromkeys(terms, 0)
    for text in texts:
        for word, count in count_terms(text, totals).items():
            totals[word] += count
    return totals
