from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.sealing import Sealer, Unreadable
from core.secrets import AppSecrets
from core.settings import Settings, load_settings
from schedules.models import HandIn
from schedules.queries import by_number
from schedules.turns.handing_in import hand_in_of, save_hand_in
from schedules.turns.id_numbers import (
    KeptNumber,
    erase_old_id_numbers,
    hold_id_number,
    kept_number,
    read_id_number,
)
from tests.support.plan import ADMIN, DATA, LIAISON_A, START, UNIT_A, issued

NUMBER, ID_NUMBER = "2026-12-2", "11010519491231002X"
SEALER = Sealer(AppSecrets(b"a secret of the tests, long enough"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", lecturer_id_number=True)


@pytest.fixture(autouse=True)
async def _saved(sqlite_db: TortoiseContext, clock: ManualClock, settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, settings)
    data = replace(DATA, id_number=ID_NUMBER)
    await save_hand_in(
        NUMBER, data, version=1, by=LIAISON_A, now=clock.now(), settings=settings, sealer=SEALER
    )


async def row() -> HandIn:
    found = await hand_in_of(await by_number(NUMBER))
    assert found is not None
    return found


async def test_it_is_shown_masked_and_read_whole_by_the_bureau_with_a_reason(
    clock: ManualClock, settings: Settings
) -> None:
    kept = await kept_number(await by_number(NUMBER), settings, SEALER)
    assert kept == KeptNumber("1101**********002X", False, date(2027, 6, 22), None)
    with pytest.raises(Forbidden):
        await read_id_number(NUMBER, reason="核对", by=LIAISON_A, now=clock.now(), sealer=SEALER)
    with pytest.raises(Invalid):
        await read_id_number(NUMBER, reason="", by=ADMIN, now=clock.now(), sealer=SEALER)
    assert await AuditEntry.filter(action="lecturer_id.read").count() == 0
    read = await read_id_number(NUMBER, reason="核对身份", by=ADMIN, now=clock.now(), sealer=SEALER)
    assert read == ID_NUMBER
    [entry] = await AuditEntry.filter(action="lecturer_id.read")
    assert (entry.actor_name, "核对身份" in entry.after) == ("示例管理员", True)


async def test_it_is_erased_180_days_after_the_lecture(clock: ManualClock, settings: Settings) -> None:
    early, due = START + timedelta(days=179), START + timedelta(days=180)
    assert await erase_old_id_numbers(by=SYSTEM, now=early, settings=settings) == 0
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=settings) == 1
    erased = await row()
    assert (erased.id_number_sealed, erased.id_number_erased_at) == ("", due)
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=settings) == 0
    with pytest.raises(NotFound):
        await read_id_number(NUMBER, reason="核对", by=ADMIN, now=due, sealer=SEALER)


async def test_one_on_hold_stays_until_it_is_let_go(clock: ManualClock, settings: Settings) -> None:
    due = START + timedelta(days=400)
    with pytest.raises(Forbidden):
        await hold_id_number(NUMBER, held=True, reason="案件", by=LIAISON_A, now=clock.now())
    await hold_id_number(NUMBER, held=True, reason="案件需要", by=ADMIN, now=clock.now())
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=settings) == 0
    kept = await kept_number(await by_number(NUMBER), settings, SEALER)
    assert kept is not None
    assert (kept.is_held, kept.erase_on) == (True, None)
    with pytest.raises(Conflict, match="已经在保全"):  # pressed twice
        await hold_id_number(NUMBER, held=True, reason="案件需要", by=ADMIN, now=clock.now())
    await hold_id_number(NUMBER, held=False, reason="案件已结", by=ADMIN, now=due)
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=settings) == 1
    kept = await kept_number(await by_number(NUMBER), settings, SEALER)
    assert kept == KeptNumber("", False, None, due)
    actions = await AuditEntry.filter(action__startswith="lecturer_id.").order_by("number")
    assert [entry.action.partition(".")[2] for entry in actions] == ["held", "let_go", "erased"]


async def test_one_that_cannot_be_opened_spoils_no_page_and_is_erased_all_the_same(
    clock: ManualClock, settings: Settings
) -> None:
    other = Sealer(AppSecrets(b"another secret of the tests, long enough"))
    kept = await kept_number(await by_number(NUMBER), settings, other)
    assert kept is not None
    assert kept.masked == "打不开"
    with pytest.raises(Unreadable):
        await read_id_number(NUMBER, reason="核对", by=ADMIN, now=clock.now(), sealer=other)
    assert await AuditEntry.filter(action="lecturer_id.read").count() == 0
    assert await erase_old_id_numbers(by=SYSTEM, now=START + timedelta(days=180), settings=settings) == 1
