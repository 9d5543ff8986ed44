from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from accounts.models import UnitKind
from core.clock import CHINA
from schedules.rota.queue import Absence, RotaUnit
from schedules.rota.year import Kept, Pin, Quiet, RotaInput, Rule, Turn, plan_year, propose
from tests.support.rotas import (
    BY_CODE,
    COUNTIES,
    DEPARTMENTS,
    UNITS,
    calendar_of,
    day_of,
    in_a_row,
    spread,
    turns_of,
    year_input,
)


def test_scenario_1_a_whole_year_from_an_empty_table() -> None:
    """domain.md §6.1: 40 units, 2026 empty, the official calendar, the 2nd and 4th Thursday at 15:00, rule B."""
    proposals = propose(year_input(2026))
    assert len(proposals) == 24
    assert Counter(each.start.month for each in proposals) == dict.fromkeys(range(1, 13), 2)
    assert {each.unit_code for each in proposals} >= {unit.code for unit in COUNTIES}
    assert len({each.unit_code for each in proposals}) == 24
    for month in range(1, 13):
        first, second = (each for each in proposals if each.start.month == month)
        assert (first.kind, second.kind) == (UnitKind.DEPARTMENT, UnitKind.COUNTY)
        assert (first.number, second.number) == (f"2026-{month}-1", f"2026-{month}-2")
    for each in proposals:
        assert calendar_of(2026).is_working(day_of(each))
        assert each.start.astimezone(CHINA).strftime("%a %H:%M") == "Thu 15:00"
        assert each.start.utcoffset() == timedelta(hours=8)
        assert each.reason
    assert propose(year_input(2026)) == proposals
    following = propose(replace(year_input(2027), history=turns_of(proposals)))
    left = [unit.code for unit in DEPARTMENTS if unit.code not in {each.unit_code for each in proposals}]
    assert len(left) == 16
    assert [each.unit_code for each in following if each.kind is UnitKind.DEPARTMENT] == left[:12]


def test_a_queue_over_all_mixes_the_kinds_seven_to_three_in_its_first_round() -> None:
    proposals = in_a_row(year_input(2026, Rule.A), 2)[:40]
    assert len({each.unit_code for each in proposals}) == 40
    for start in range(0, 40, 10):
        kinds = Counter(each.kind for each in proposals[start : start + 10])
        assert kinds == {UnitKind.DEPARTMENT: 7, UnitKind.COUNTY: 3}


@pytest.mark.parametrize("rule", Rule)
def test_ten_years_in_a_row_stay_fair(rule: Rule) -> None:
    proposals = in_a_row(year_input(2026, rule), 10)
    assert len(proposals) == 240
    turns = turns_of(proposals)
    assert spread(turns, DEPARTMENTS) <= 1
    assert spread(turns, COUNTIES) <= 1
    if rule is Rule.A:
        assert spread(turns, UNITS) <= 1


def test_the_slot_in_spring_festival_moves_to_the_nearest_thursday_the_earlier_first() -> None:
    february = [each for each in propose(year_input(2027)) if each.start.month == 2]
    assert [day_of(each) for each in february] == [date(2027, 2, 4), date(2027, 2, 25)]
    assert "2月11日是春节假期（初六）" in february[0].reason
    assert "改到2月4日" in february[0].reason
    assert "预计" in february[0].reason


def test_without_a_free_thursday_the_slot_moves_to_the_nearest_working_day() -> None:
    thursdays = [Quiet(date(2026, 3, day), date(2026, 3, day), "会议") for day in (5, 12, 19, 26)]
    march = [
        day_of(each) for each in propose(replace(year_input(2026), quiet=thursdays)) if each.start.month == 3
    ]
    assert march == [date(2026, 3, 11), date(2026, 3, 25)]


def test_a_month_that_is_quiet_throughout_stays_empty_and_says_so() -> None:
    quiet = [Quiet(date(2026, 3, 1), date(2026, 3, 31), "重大活动")]
    plan = plan_year(replace(year_input(2026), quiet=quiet))
    assert len(plan.proposals) == 22
    assert len(plan.notes) == 2
    assert "重大活动" in plan.notes[0]


def test_pins_come_first() -> None:
    pins = [Pin("520025", 3), Pin("520011", 6, 26, "国际禁毒日"), Pin("522732", 1)]
    proposals = propose(replace(year_input(2026), pins=pins))
    of_unit = {each.unit_code: each for each in proposals}
    assert len(of_unit) == len(proposals) == 24
    assert of_unit["520025"].number == "2026-3-1"
    assert day_of(of_unit["520011"]) == date(2026, 6, 26)
    assert "国际禁毒日" in of_unit["520011"].reason
    assert of_unit["522732"].number == "2026-1-2"
    assert "指定" in of_unit["522732"].reason


def test_a_pinned_day_that_is_free_for_all_moves_to_the_nearest_working_day() -> None:
    pinned = replace(year_input(2027), pins=[Pin("520011", 6, 26)])  # a Saturday
    (police,) = (each for each in propose(pinned) if each.unit_code == "520011")
    assert day_of(police) == date(2027, 6, 25)
    assert "6月26日是周六" in police.reason


def test_two_pinned_departments_fill_their_month_and_a_third_is_said_to_be_left_out() -> None:
    plan = plan_year(replace(year_input(2026), pins=[Pin("520025", 3), Pin("520011", 3), Pin("520001", 3)]))
    march = {each.unit_code for each in plan.proposals if each.start.month == 3}
    assert march == {"520001", "520011"}  # in the official order
    assert any("州市场监管局" in note and "3月" in note for note in plan.notes)


def test_a_pinned_unit_does_not_come_a_second_time_before_the_others() -> None:
    proposals = propose(replace(year_input(2026), pins=[Pin("522701", 12)]))
    counties = [each.unit_code for each in proposals if each.kind is UnitKind.COUNTY]
    assert sorted(counties) == sorted(unit.code for unit in COUNTIES)
    assert counties[-1] == "522701"


def test_an_absent_unit_is_passed_over_and_comes_next() -> None:
    away = Absence("520001", date(2026, 1, 1), date(2026, 1, 31), "机构改革")
    departments = [
        each
        for each in propose(replace(year_input(2026), absences=[away]))
        if each.kind is UnitKind.DEPARTMENT
    ]
    assert [each.unit_code for each in departments[:3]] == ["520002", "520001", "520003"]
    assert "州纪委州监委这段时间不能轮值（机构改革），顺延" in departments[0].reason


def test_a_retired_unit_takes_no_more_turns() -> None:
    units = [replace(unit, retired_on=date(2026, 6, 1)) if unit.code == "520008" else unit for unit in UNITS]
    proposals = propose(replace(year_input(2026), units=units))
    assert "520008" not in {each.unit_code for each in proposals}  # its turn would have been in August
    assert len(proposals) == 24


def test_a_new_unit_takes_over_the_turn_of_those_merged_into_it() -> None:
    merged = [
        replace(unit, retired_on=date(2026, 1, 1), merged_into="520099")
        if unit.code in ("520001", "520002")
        else unit
        for unit in UNITS
    ]
    new = RotaUnit("520099", "州新设局", UnitKind.DEPARTMENT, 0)
    spoke = [Turn("520001", date(2025, 12, 25))]
    proposals = propose(replace(year_input(2026), units=[*merged, new], history=spoke))
    assert "520099" not in {each.unit_code for each in proposals}
    first = propose(replace(year_input(2026), units=[*merged, new]))[0]
    assert first.unit_code == "520099"


def test_a_kept_lecture_fills_its_slot_and_keeps_its_number() -> None:
    issued = Kept("2026-5-1", "522701", date(2026, 7, 2), date(2026, 5, 28), is_draft=False)
    given = replace(year_input(2026), kept=[issued], taken_numbers=frozenset({"2026-5-1"}))
    proposals = propose(given)
    assert len(proposals) == 23
    (may,) = (each for each in proposals if each.start.month == 5)
    assert (may.number, may.kind, day_of(may)) == ("2026-5-2", UnitKind.DEPARTMENT, date(2026, 5, 14))
    assert "522701" not in {each.unit_code for each in proposals}


def test_a_locked_draft_stays_and_is_numbered_by_its_date() -> None:
    locked = Kept("2026-5-1", "522701", date(2026, 5, 28), date(2026, 5, 28), is_draft=True)
    plan = plan_year(replace(year_input(2026), kept=[locked]))
    assert plan.renumbered == {"2026-5-1": "2026-5-2"}
    assert [each.number for each in plan.proposals if each.start.month == 5] == ["2026-5-1"]


def test_a_number_that_was_told_to_somebody_is_not_used_again() -> None:
    told = frozenset({"2026-1-1", "2026-1-3"})
    january = [
        each for each in propose(replace(year_input(2026), taken_numbers=told)) if each.start.month == 1
    ]
    assert [each.number for each in january] == ["2026-1-2", "2026-1-4"]


def test_a_day_with_another_lecture_is_blocked() -> None:
    taken = frozenset({date(2026, 1, 8)})
    january = [day_of(each) for each in propose(replace(year_input(2026), taken_days=taken))][:2]
    assert january == [date(2026, 1, 15), date(2026, 1, 22)]


def test_a_lecture_called_off_fills_its_slot_but_is_no_turn() -> None:
    off = Kept("2026-1-1", "520001", date(2026, 1, 8), date(2026, 1, 8), is_draft=False, called_off=True)
    given = replace(year_input(2026), kept=[off], taken_numbers=frozenset({"2026-1-1"}))
    proposals = propose(given)
    assert [each.number for each in proposals if each.start.month == 1] == ["2026-1-2"]
    assert next(each.unit_code for each in proposals if each.kind is UnitKind.DEPARTMENT) == "520001"


def test_without_one_kind_the_other_fills_its_slots() -> None:
    plan = plan_year(RotaInput(2026, Rule.B, DEPARTMENTS, calendar_of(2026)))
    assert len(plan.proposals) == 24
    assert len({each.unit_code for each in plan.proposals}) == 24
    assert len(plan.notes) == 12


def test_without_units_there_is_nothing_to_propose() -> None:
    plan = plan_year(RotaInput(2026, Rule.B, [], calendar_of(2026)))
    assert plan.proposals == []
    assert "空着" in plan.notes[0]


def test_a_pin_of_a_unit_that_is_gone_is_said() -> None:
    plan = plan_year(replace(year_input(2026), pins=[Pin("999999", 3)]))
    assert len(plan.proposals) == 24
    assert "999999" in plan.notes[0]


def test_a_festival_of_law_is_hinted_at() -> None:
    assert any("国家宪法日" in each.reason for each in propose(year_input(2026)) if each.start.month == 12)
    assert any(
        "国际消费者权益日" in each.reason for each in propose(year_input(2026)) if each.start.month == 3
    )


def test_a_start_is_a_moment_in_china() -> None:
    first = propose(year_input(2026))[0]
    assert first.start == datetime(2026, 1, 8, 15, 0, tzinfo=CHINA)
    assert first.unit_code in BY_CODE
