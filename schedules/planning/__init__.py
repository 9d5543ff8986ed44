"""The year's plan: generate and undo, move and lock drafts, and tell the rota what to heed. The doors to it all."""

from schedules.planning.choices import (
    DayChoice,
    Objection,
    UnitChoice,
    choices_of_day,
    choices_of_unit,
    surroundings,
)
from schedules.planning.generation import PlanLine, Undone, YearPlan, generate, last_run, undo_last
from schedules.planning.moves import ChangedMeanwhile, lock, move, unlock
from schedules.planning.rules import (
    add_absence,
    add_pin,
    add_quiet_days,
    pins,
    quiet_days,
    remove_absence,
    remove_pin,
    remove_quiet_days,
    unit_absences,
)
from schedules.planning.suggestions import Suggestion, suggestions

__all__ = [
    "ChangedMeanwhile",
    "DayChoice",
    "Objection",
    "PlanLine",
    "Suggestion",
    "Undone",
    "UnitChoice",
    "YearPlan",
    "add_absence",
    "add_pin",
    "add_quiet_days",
    "choices_of_day",
    "choices_of_unit",
    "generate",
    "last_run",
    "lock",
    "move",
    "pins",
    "quiet_days",
    "remove_absence",
    "remove_pin",
    "remove_quiet_days",
    "suggestions",
    "surroundings",
    "undo_last",
    "unit_absences",
    "unlock",
]
