"""The rota's promises over random calendars, pins, absences, swaps and years."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.rota.queue import Absence, RotaUnit
from schedules.rota.year import Pin, Proposal, Quiet, RotaInput, Rule, Turn, plan_year, propose
from schedules.workdays.days import DayEntry, DayKind, WorkingCalendar
from tests.support.rotas import COUNTIES, DEPARTMENTS, UNITS, day_of, spread, turns_of

YEARS = st.integers(2026, 2035)
CODES = st.sampled_from([unit.code for unit in UNITS])
PINS = st.builds(Pin, unit_code=CODES, month=st.integers(1, 12), day=st.one_of(st.none(), st.integers(1, 28)))
SOME = settings(max_examples=40, deadline=None)


@st.composite
def calendars(draw: st.DrawFn, year: int) -> WorkingCalendar:
    first = date(year, 1, 1)
    days = draw(
        st.dictionaries(
            st.integers(0, 364), st.sampled_from([DayKind.OFF, DayKind.WORKED]), min_size=0, max_size=90
        )
    )
    entries = {first + timedelta(days=n): DayEntry(kind, "某节") for n, kind in days.items()}
    return WorkingCalendar(entries, frozenset({year}))


@st.composite
def spans(draw: st.DrawFn, year: int, longest: int) -> tuple[date, date]:
    first = date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    return first, first + timedelta(days=draw(st.integers(0, longest)))


@st.composite
def inputs(draw: st.DrawFn, year: int | None = None, history: tuple[Turn, ...] = ()) -> RotaInput:
    year = year or draw(YEARS)
    absences = [Absence(draw(CODES), *draw(spans(year, 120))) for _ in range(draw(st.integers(0, 5)))]
    quiet = [Quiet(*draw(spans(year, 20))) for _ in range(draw(st.integers(0, 3)))]
    return RotaInput(
        year,
        draw(st.sampled_from(Rule)),
        UNITS,
        draw(calendars(year)),
        history=history,
        pins=draw(st.lists(PINS, max_size=4)),
        absences=absences,
        quiet=quiet,
    )


def available(given: RotaInput, unit: RotaUnit, day: date) -> bool:
    return not any(each.unit_code == unit.code and each.first <= day <= each.last for each in given.absences)


@SOME
@given(inputs())
def test_every_lecture_is_on_a_free_working_day_of_its_own(given_: RotaInput) -> None:
    plan = plan_year(given_)
    days = [day_of(each) for each in plan.proposals]
    assert len(set(days)) == len(days)
    assert all(count <= 2 for count in Counter((day.year, day.month) for day in days).values())
    for each in plan.proposals:
        day = day_of(each)
        assert day.year == given_.year
        assert given_.calendar.is_working(day)
        assert not any(quiet.first <= day <= quiet.last for quiet in given_.quiet)
        assert available(given_, next(unit for unit in UNITS if unit.code == each.unit_code), day)
        assert each.reason
    if len(plan.proposals) < 24:
        assert plan.notes


@SOME
@given(inputs(), st.randoms(use_true_random=False))
def test_the_same_input_gives_the_same_result_in_whatever_order_it_comes(
    given_: RotaInput, random: object
) -> None:
    shuffle = random.shuffle  # type: ignore[attr-defined]
    units, absences, quiet = list(given_.units), list(given_.absences), list(given_.quiet)
    for each in (units, absences, quiet):
        shuffle(each)
    again = replace(given_, units=units, absences=absences, quiet=quiet)
    told = [(each.number, each.unit_code, each.start) for each in propose(given_)]
    assert [(each.number, each.unit_code, each.start) for each in propose(again)] == told


@SOME
@given(inputs())
def test_numbers_follow_the_dates_within_each_month(given_: RotaInput) -> None:
    months: dict[int, list[Proposal]] = defaultdict(list)
    for each in propose(given_):
        months[each.start.month].append(each)
    for month, proposals in months.items():
        numbers = [each.number for each in proposals]
        assert numbers == [f"{given_.year}-{month}-{n}" for n in range(1, len(numbers) + 1)]
        assert [each.start for each in proposals] == sorted(each.start for each in proposals)


@SOME
@given(inputs())
def test_a_month_under_rule_b_has_one_of_each_kind_unless_pins_say_otherwise(given_: RotaInput) -> None:
    given_ = replace(given_, rule=Rule.B, pins=[])
    months: dict[int, list[Proposal]] = defaultdict(list)
    for each in propose(given_):
        months[each.start.month].append(each)
    for proposals in months.values():
        if len(proposals) == 2:
            assert [each.kind.value for each in proposals] == ["department", "county"]


@SOME
@given(inputs())
def test_no_unit_speaks_again_before_every_available_one_of_its_kind_has_spoken(given_: RotaInput) -> None:
    """Of the units without pins: whoever is chosen, no other that was available had waited longer."""
    pinned = {pin.unit_code for pin in given_.pins}
    last: dict[str, date] = {}
    for each in propose(given_):
        day = day_of(each)
        if each.unit_code not in pinned:
            rivals = [
                unit
                for unit in UNITS
                if unit.code not in pinned
                and unit.code != each.unit_code
                and (given_.rule is Rule.A or unit.kind is each.kind)
                and available(given_, unit, day)
            ]
            if each.unit_code in last:
                assert all(unit.code in last for unit in rivals)
                assert all(last[unit.code] >= last[each.unit_code] for unit in rivals)
        last[each.unit_code] = day


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_years_with_pins_absences_and_swaps_stay_fair_to_all_the_others(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(Rule))
    history: list[Turn] = []
    special: set[str] = set()
    for year in range(2026, 2036):
        given_ = replace(data.draw(inputs(year)), rule=rule, history=history)
        proposals = propose(given_)
        turns = turns_of(proposals)
        special |= {pin.unit_code for pin in given_.pins}
        special |= {absence.unit_code for absence in given_.absences}
        if len(turns) > 1 and data.draw(st.booleans()):
            one, other = data.draw(st.tuples(*[st.integers(0, len(turns) - 1)] * 2))
            first, second = turns[one], turns[other]
            turns[one], turns[other] = (
                Turn(second.unit_code, first.day),
                Turn(first.unit_code, second.day),
            )
            special |= {first.unit_code, second.unit_code}
        history += turns
        for of_kind in (DEPARTMENTS, COUNTIES):
            assert spread(history, [unit for unit in of_kind if unit.code not in special]) <= 1


@SOME
@given(inputs(), st.integers(0, 23))
def test_a_day_that_another_lecture_takes_is_left_to_it(given_: RotaInput, place: int) -> None:
    proposals = propose(given_)
    if not proposals:
        return
    taken = day_of(proposals[place % len(proposals)])
    again = propose(replace(given_, taken_days=frozenset({taken})))
    assert taken not in {day_of(each) for each in again}
