import asyncio

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from tests.support.published_subtitles import cues, drafted, given_lecture, published
from transcripts.glossary.seed import seed
from transcripts.glossary.services import (
    add_term,
    ensure_terms,
    recount_frequencies,
    remove_term,
    terms_by_frequency,
)
from transcripts.models.glossary import GlossaryRemoval, GlossaryTerm, TermKind
from transcripts.published import published_texts

pytestmark = pytest.mark.usefixtures("db")
BUREAU = Actor(ActorKind.USER, "1", "州局管理员")
MOST = 5000


async def test_an_untouched_glossary_is_filled_at_its_first_use() -> None:
    terms = await terms_by_frequency()
    assert {term.text for term in terms} == set(seed().terms)
    assert all(term.is_seed for term in terms)
    assert await ensure_terms() == 0
    laws = await terms_by_frequency(TermKind.LAW)
    assert {term.kind for term in laws} == {TermKind.LAW}


async def test_two_processes_may_fill_it_at_once() -> None:
    await asyncio.gather(ensure_terms(), ensure_terms())
    assert await GlossaryTerm.all().count() == len(seed().terms)


async def test_what_the_bureau_took_out_does_not_come_back(clock: ManualClock) -> None:
    await ensure_terms()
    await remove_term("行政复议", by=BUREAU, now=clock.now())
    assert await ensure_terms() == 0
    assert not await GlossaryTerm.exists(text="行政复议")
    for term in await terms_by_frequency():
        await remove_term(term.text, by=BUREAU, now=clock.now())
    assert await terms_by_frequency() == []
    assert await ensure_terms() == 0


async def test_what_was_taken_out_can_be_put_back(clock: ManualClock) -> None:
    await ensure_terms()
    await remove_term("行政复议", by=BUREAU, now=clock.now())
    await add_term(" 《行政 复议》", TermKind.TERM, by=BUREAU, now=clock.now(), most=MOST)
    term = await GlossaryTerm.get(text="行政复议")
    assert (term.is_seed, term.added_by) == (False, "州局管理员")
    assert not await GlossaryRemoval.exists(text="行政复议")
    await remove_term("行政复议", by=BUREAU, now=clock.now())
    assert await ensure_terms() == 0


async def test_a_newer_version_of_ours_brings_its_new_terms(clock: ManualClock) -> None:
    await ensure_terms()
    await GlossaryTerm.filter(text="欠薪").delete()  # as if it had not been in the list then
    assert await ensure_terms() == 1


async def test_who_added_and_removed_is_in_the_audit_log(clock: ManualClock) -> None:
    await add_term("涉企检查", TermKind.TERM, by=BUREAU, now=clock.now(), most=MOST)
    await remove_term("涉企检查", by=BUREAU, now=clock.now())
    entries = await AuditEntry.all().order_by("number")
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("glossary.added", "glossary:涉企检查"),
        ("glossary.removed", "glossary:涉企检查"),
    ]


@pytest.mark.parametrize("text", ["", " ", "字", "长" * 61, "a\x00b", "《》"])
async def test_what_is_no_term_is_refused(text: str, clock: ManualClock) -> None:
    with pytest.raises(Invalid) as caught:
        await add_term(text, TermKind.TERM, by=BUREAU, now=clock.now(), most=MOST)
    assert list(caught.value.fields) == ["text"]
    assert not await GlossaryTerm.exists()


async def test_a_term_is_there_once(clock: ManualClock) -> None:
    await add_term("涉企检查", TermKind.TERM, by=BUREAU, now=clock.now(), most=MOST)
    with pytest.raises(Conflict, match="已经有“涉企检查”"):
        await add_term("涉企检查", TermKind.LAW, by=BUREAU, now=clock.now(), most=MOST)
    assert await AuditEntry.all().count() == 1
    with pytest.raises(Invalid, match="已有 1 个词"):
        await add_term("别的词", TermKind.TERM, by=BUREAU, now=clock.now(), most=1)


async def test_a_term_that_is_not_there_cannot_be_removed(clock: ManualClock) -> None:
    with pytest.raises(NotFound):
        await remove_term("没有的词", by=BUREAU, now=clock.now())


async def test_terms_come_by_how_often_they_are_said() -> None:
    await ensure_terms()
    assert await recount_frequencies(["欠薪怎么办，欠薪找谁", "行政复议"]) == 2
    assert [(term.text, term.frequency) for term in (await terms_by_frequency())[:2]] == [
        ("欠薪", 2),
        ("行政复议", 1),
    ]
    assert await recount_frequencies([]) == 2


async def test_published_subtitles_are_counted_and_drafts_are_not(
    db: TortoiseContext, clock: ManualClock
) -> None:
    await seed_sample_units()
    await ensure_terms()
    for at, state in enumerate((published, drafted)):
        lecture = await given_lecture(f"第{at}讲", now=clock.now())
        await state(lecture, cues("老板欠薪", "欠薪找谁"), now=clock.now())
    assert await recount_frequencies(await published_texts()) == 1
    assert (await GlossaryTerm.get(text="欠薪")).frequency == 2
