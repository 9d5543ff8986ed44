from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.models import UnitKind
from schedules.planning.choices import DayChoice, Objection, UnitChoice
from schedules.planning.move_view import Remark, day_cells, neighbours, remarks, unit_groups

EXPECTED = Objection("放假安排还没有公布。", False)
WEEKEND = Objection("周六，不上班。", True)
FULL = Objection("这个月另有 2 期。", False)
FIRST = date(2027, 1, 1)


def choice(day: int, *objections: Objection) -> DayChoice:
    return DayChoice(date(2027, 1, day), objections, None)


def test_what_holds_for_every_day_is_taken_out_and_said_once() -> None:
    cells, common = day_cells(
        [choice(14, EXPECTED), choice(16, WEEKEND, EXPECTED), choice(15, EXPECTED, FULL)]
    )
    assert common == [EXPECTED.text]
    assert [(cell.blocks, cell.warns) for cell in cells] == [
        ([], []),
        ([WEEKEND.text], []),
        ([], [FULL.text]),
    ]
    assert [cell.is_free for cell in cells] == [True, False, True]
    assert [(cell.column, cell.weekday) for cell in cells] == [(4, "周四"), (6, "周六"), (5, "周五")]


def test_what_blocks_every_day_stays_at_each() -> None:
    cells, common = day_cells([choice(16, WEEKEND), choice(23, WEEKEND)])
    assert common == []
    assert all(cell.blocks == [WEEKEND.text] for cell in cells)


def test_what_is_to_be_known_of_several_days_is_said_once_with_all_of_them() -> None:
    def day(number: int, *objections: Objection, hint: str | None = None) -> DayChoice:
        return DayChoice(date(2027, 1, number), objections, hint)

    quiet = [Objection(f"1月{number}日在静默期内（州两会）。", True) for number in (13, 14, 18)]
    cells, _ = day_cells(
        [
            day(12, FULL),
            day(13, quiet[0], hint="可结合选题。"),
            day(14, quiet[1]),
            day(15, hint="可结合选题。"),
            day(16, Objection("1月16日是周六，不上班。", True), hint="可结合选题。"),
            day(17, Objection("1月17日是元旦，放假。", True)),
            day(18, quiet[2]),
            day(19),
        ]
    )
    assert remarks(cells) == [
        Remark("warns", "1月12日", "：这个月另有 2 期。"),
        Remark("blocks", "1月13日至14日、18日", "在静默期内（州两会）。"),
        Remark("hint", "1月15日", "：可结合选题。"),
        Remark("blocks", "1月17日", "是元旦，放假。"),
    ]


@given(st.lists(st.lists(st.sampled_from([EXPECTED, WEEKEND, FULL]), unique=True), min_size=1, max_size=31))
def test_no_objection_is_lost(objections: list[list[Objection]]) -> None:
    choices = [DayChoice(FIRST + timedelta(days=place), each, None) for place, each in enumerate(objections)]
    cells, common = day_cells(choices)
    for cell, each in zip(cells, objections, strict=True):
        assert {*cell.blocks, *cell.warns, *common} >= {objection.text for objection in each}
        assert set(cell.blocks) == {objection.text for objection in each if objection.blocks}


def test_units_stand_by_kind_the_present_one_first_and_keep_their_order() -> None:
    county = UnitChoice("522701", "都匀市", UnitKind.COUNTY, date(2026, 3, 12), [])
    near = UnitChoice("522702", "福泉市", UnitKind.COUNTY, None, [FULL])
    department = UnitChoice("520001", "州纪委监委", UnitKind.DEPARTMENT, None, [WEEKEND])
    groups = unit_groups([county, department, near], UnitKind.COUNTY)
    assert [[row.name for row in group.rows] for group in groups] == [["都匀市", "福泉市"], ["州纪委监委"]]
    assert groups[0].rows[0].last_turn == "上次 2026年3月12日"
    assert groups[0].rows[1].last_turn == "还没有讲过"
    assert groups[0].rows[1].warns == [FULL.text]
    assert not groups[1].rows[0].is_free
    assert [len(group.rows) for group in unit_groups([county], UnitKind.DEPARTMENT)] == [1]


def test_the_months_beside_one_cross_the_turn_of_the_year() -> None:
    assert [each.value for each in neighbours(2027, 1)] == ["2026-12", "2027-02"]
    assert [each.label for each in neighbours(2027, 12)] == ["2027年11月", "2028年1月"]
