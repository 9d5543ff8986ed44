from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from accounts.models import Unit
from accounts.services import seed_sample_units
from accounts.unit_names import name_at, name_on, since_fault
from accounts.units import rename_unit
from core.audit import SYSTEM
from core.clock import ManualClock
from core.errors import Invalid

FORMER = [("甲局", date(2024, 3, 1)), ("乙局", date(2026, 1, 10))]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 1, 1), "甲局"),
        (date(2024, 2, 29), "甲局"),
        (date(2024, 3, 1), "乙局"),
        (date(2026, 1, 9), "乙局"),
        (date(2026, 1, 10), "丙局"),
        (date(2099, 1, 1), "丙局"),
    ],
)
def test_the_name_of_a_day(day: date, name: str) -> None:
    assert name_at(FORMER, "丙局", day) == name


@given(st.lists(st.dates(), unique=True, max_size=6), st.dates())
def test_every_day_has_the_name_that_the_last_change_before_it_gave(days: list[date], day: date) -> None:
    former = [(str(place), until) for place, until in enumerate(sorted(days))]
    passed = sum(until <= day for until in days)
    assert name_at(former, str(len(days)), day) == str(passed)


def test_a_new_name_holds_from_today_or_earlier_and_never_before_the_last_change() -> None:
    today = date(2026, 11, 24)
    assert since_fault(FORMER, today, today) is None
    assert since_fault(FORMER, date(2026, 1, 10), today) is None
    assert "2026-01-10" in (since_fault(FORMER, date(2026, 1, 9), today) or "")
    assert since_fault([], today + timedelta(days=1), today) is not None


async def test_a_unit_keeps_its_names_with_their_days(db: TortoiseContext, clock: ManualClock) -> None:
    await seed_sample_units()
    await rename_unit("520009", "州教育体育局", date(2026, 3, 1), by=SYSTEM, now=clock.now())
    await rename_unit("520009", "州教体局", date(2026, 11, 24), by=SYSTEM, now=clock.now())
    unit = await rename_unit("520009", "州教育和体育局", date(2026, 11, 24), by=SYSTEM, now=clock.now())
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 11, 23), date(2026, 11, 24))
    names = [await name_on(unit, day) for day in days]
    assert names == ["州教育局", "州教育体育局", "州教育体育局", "州教育和体育局"]
    assert (await Unit.get(code="520009")).name == "州教育和体育局"


@pytest.mark.parametrize(
    ("name", "since", "field"),
    [
        ("", "2026-11-24", "name"),
        ("局" * 61, "2026-11-24", "name"),
        ("州教育局", "2026-11-24", "name"),
        ("州公安局", "2026-11-24", "name"),
        ("新名", "2026-11-25", "since"),
    ],
)
async def test_a_name_that_will_not_do_changes_nothing(
    sqlite_db: TortoiseContext, clock: ManualClock, name: str, since: str, field: str
) -> None:
    await seed_sample_units()
    with pytest.raises(Invalid) as caught:
        await rename_unit("520009", name, date.fromisoformat(since), by=SYSTEM, now=clock.now())
    assert list(caught.value.fields) == [field]
    assert (await Unit.get(code="520009")).name == "州教育局"
