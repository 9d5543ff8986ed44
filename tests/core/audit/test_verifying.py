from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from core.audit import SYSTEM, record
from core.audit import verifying as audit_verifying
from core.audit.chain import entry_hash
from core.audit.content import content_of
from core.audit.models import AuditEntry, AuditHead
from core.audit.verifying import BEGINNING, ChainBroken, Link, verify_chain
from core.clock import ManualClock
from core.database import transaction
from tests.support.audit import chain_of


async def written(clock: ManualClock, count: int = 5) -> None:
    for number in range(count):
        async with transaction():
            await record("a.b", by=SYSTEM, subject=f"x:{number}", now=clock.now(), after={"n": number})


async def broken() -> ChainBroken:
    with pytest.raises(ChainBroken) as caught:
        await verify_chain()
    return caught.value


async def test_an_empty_log_is_whole(db: TortoiseContext) -> None:
    assert await verify_chain() == BEGINNING


@pytest.mark.parametrize(
    "change",
    [
        {"action": "a.c"},
        {"subject": "x:9"},
        {"actor_id": "somebody"},
        {"actor_name": "别人"},
        {"unit_code": "520013"},
        {"origin": "10.0.0.1"},
        {"before": "{}"},
        {"after": '{"n":7}'},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_row_is_found(
    db: TortoiseContext, clock: ManualClock, change: dict[str, Any]
) -> None:
    await written(clock)
    await AuditEntry.filter(number=3).update(**change)
    found = await broken()
    assert found.number == 3
    assert found.message.startswith("操作日志第 3 条不对")


async def test_a_changed_time_is_found(db: TortoiseContext, clock: ManualClock) -> None:
    await written(clock)
    clock.advance(0.000001)
    await AuditEntry.filter(number=4).update(at=clock.now())
    assert (await broken()).number == 4


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_removed_row_is_found(db: TortoiseContext, clock: ManualClock, number: int) -> None:
    await written(clock)
    await AuditEntry.filter(number=number).delete()
    assert (await broken()).number == number


async def test_a_log_that_was_emptied_is_found(db: TortoiseContext, clock: ManualClock) -> None:
    await written(clock)
    await AuditEntry.all().delete()
    assert (await broken()).number == 1


async def test_a_row_that_was_put_in_behind_the_last_is_found(
    db: TortoiseContext, clock: ManualClock
) -> None:
    await written(clock)
    (forged,) = chain_of(1)
    forged.number = 6
    forged.previous_hash = (await AuditEntry.get(number=5)).hash
    forged.hash = entry_hash(forged.previous_hash, content_of(forged))
    await forged.save(force_create=True)
    assert (await broken()).number == 6


async def test_rows_that_changed_places_are_found(db: TortoiseContext, clock: ManualClock) -> None:
    await written(clock)
    second, third = await AuditEntry.filter(number__in=[2, 3]).order_by("number")
    await AuditEntry.filter(number__in=[2, 3]).delete()
    second.number, third.number = 3, 2
    for moved in (second, third):
        await moved.save(force_create=True)
    assert (await broken()).number == 2


async def test_a_log_written_anew_is_found_by_what_was_noted_outside(
    db: TortoiseContext, clock: ManualClock
) -> None:
    await written(clock)
    noted = await verify_chain()
    await written(clock, 1)
    assert (await verify_chain(noted)).number == 6
    await AuditEntry.all().delete()
    await AuditHead.all().delete()
    clock.advance(1)
    await written(clock, 6)
    assert (await verify_chain()).number == 6
    with pytest.raises(ChainBroken, match="与记下的摘要不符"):
        await verify_chain(noted)
    with pytest.raises(ChainBroken, match="记下的第 7 条不见了"):
        await verify_chain(Link(7, noted.hash))


async def test_a_long_log_is_read_in_pieces(
    db: TortoiseContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verifying, "BATCH", 2)
    await written(clock)
    assert (await verify_chain()).number == 5
    await AuditEntry.filter(number=4).update(subject="y")
    assert (await broken()).number == 4


@given(count=st.integers(1, 8), data=st.data())
def test_every_single_change_of_a_chain_is_found_at_its_place(count: int, data: st.DataObject) -> None:
    entries = chain_of(count)
    assert audit_verifying.check_links(BEGINNING, entries).number == count
    place = data.draw(st.integers(0, count - 1))
    column = data.draw(st.sampled_from(["action", "subject", "actor_id", "actor_name", "before", "after"]))
    other = data.draw(st.text(max_size=8).filter(lambda text: text != getattr(entries[place], column)))
    setattr(entries[place], column, other)
    with pytest.raises(ChainBroken) as caught:
        audit_verifying.check_links(BEGINNING, entries)
    assert caught.value.number == place + 1
