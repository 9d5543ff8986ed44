"""Inputs of the rota for tests: the sample units, calendars as the table holds them, and what is fair."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from accounts.models import UnitKind
from accounts.services import sample_units
from schedules.rota.queue import RotaUnit
from schedules.rota.year import Proposal, RotaInput, Rule, Turn, propose
from schedules.workdays.days import WorkingCalendar
from schedules.workdays.seed import seeded_year

UNITS = tuple(RotaUnit(unit.code, unit.name, unit.kind, unit.display_order) for unit in sample_units())
BY_CODE = {unit.code: unit for unit in UNITS}
DEPARTMENTS = [unit for unit in UNITS if unit.kind is UnitKind.DEPARTMENT]
COUNTIES = [unit for unit in UNITS if unit.kind is UnitKind.COUNTY]


@cache
def calendar_of(*years: int) -> WorkingCalendar:
    """As the table holds them before anything is imported."""
    seeds = [seeded_year(year) for year in years]
    days = {day: entry for seed in seeds for day, entry in seed.days.items()}
    return WorkingCalendar(days, frozenset(seed.year for seed in seeds if seed.is_official))


def year_input(year: int, rule: Rule = Rule.B) -> RotaInput:
    return RotaInput(year, rule, UNITS, calendar_of(year))


def turns_of(proposals: Iterable[Proposal]) -> list[Turn]:
    return [Turn(each.unit_code, each.start.date()) for each in proposals]


def in_a_row(first: RotaInput, years: int) -> list[Proposal]:
    """Years generated one after the other, each carrying over what was before."""
    made: list[Proposal] = []
    history = list(first.history)
    for year in range(first.year, first.year + years):
        proposals = propose(replace(first, year=year, calendar=calendar_of(year), history=history))
        made += proposals
        history += turns_of(proposals)
    return made


def counts(turns: Sequence[Turn], units: Iterable[RotaUnit]) -> Counter[str]:
    spoken = Counter(turn.unit_code for turn in turns)
    return Counter({unit.code: spoken[unit.code] for unit in units})


def spread(turns: Sequence[Turn], units: Sequence[RotaUnit]) -> int:
    """How many turns apart the units with most and with fewest of them are."""
    of_units = counts(turns, units).values()
    return max(of_units) - min(of_units) if of_units else 0


def day_of(proposal: Proposal) -> date:
    return proposal.start.date()
