from datetime import date

import pytest
from tortoise.context import TortoiseContext

from accounts.models import Unit, UnitKind
from accounts.services import seed_sample_units
from accounts.units import UnitDetails, change_unit, restore_unit, retire_unit, takes_turns
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound

CODE = "91350100M000100Y43"


@pytest.fixture
async def units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def actions() -> list[str]:
    return [entry.action for entry in await AuditEntry.all().order_by("number")]


async def test_a_unit_that_is_merged_into_another_takes_no_turns_from_that_day(
    units: None, clock: ManualClock
) -> None:
    day = date(2027, 1, 1)
    unit = await retire_unit("520026", day, merged_into="520016", by=SYSTEM, now=clock.now())
    assert (unit.retired_on, unit.merged_into_id) == (day, "520016")
    assert takes_turns(unit, date(2026, 12, 31))
    assert not takes_turns(unit, day)
    assert takes_turns(await Unit.get(code="520016"), day)
    unit = await restore_unit("520026", by=SYSTEM, now=clock.now())
    assert takes_turns(unit, day)
    with pytest.raises(Conflict):
        await restore_unit("520026", by=SYSTEM, now=clock.now())
    assert await actions() == ["unit.retired", "unit.restored"]


@pytest.mark.parametrize(
    ("on", "into", "field"),
    [
        ("2127-01-01", "", "on"),
        ("1927-01-01", "", "on"),
        ("2027-01-01", "520026", "merged_into"),
        ("2027-01-01", "999", "merged_into"),
        ("2027-01-01", "\x00", "merged_into"),
        ("2027-01-01", "520001", "merged_into"),
    ],
)
async def test_what_is_wrong_with_an_end_is_said_and_changes_nothing(
    units: None, clock: ManualClock, on: str, into: str, field: str
) -> None:
    await retire_unit("520001", date(2026, 12, 1), by=SYSTEM, now=clock.now())
    with pytest.raises(Invalid) as caught:
        await retire_unit("520026", date.fromisoformat(on), merged_into=into, by=SYSTEM, now=clock.now())
    assert list(caught.value.fields) == [field]
    assert (await Unit.get(code="520026")).retired_on is None


async def test_details_are_changed_and_checked_and_a_change_of_nothing_is_not_logged(
    units: None, clock: ManualClock
) -> None:
    details = UnitDetails(UnitKind.DEPARTMENT, 5, CODE.lower())
    for _ in range(2):
        unit = await change_unit("520026", details, by=SYSTEM, now=clock.now())
    assert (unit.display_order, unit.credit_code) == (5, CODE)
    assert await actions() == ["unit.changed"]
    wrong = UnitDetails(UnitKind.COUNTY, 0, "1")
    with pytest.raises(Invalid) as caught:
        await change_unit("520026", wrong, by=SYSTEM, now=clock.now())
    assert set(caught.value.fields) == {"display_order", "credit_code"}
    with pytest.raises(NotFound):
        await change_unit("999", details, by=SYSTEM, now=clock.now())
