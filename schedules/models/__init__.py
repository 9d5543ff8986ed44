"""The tables of the plan; one file a concept."""

from schedules.models.broadcast import Broadcast
from schedules.models.calendar import CalendarDay, CalendarYear
from schedules.models.cut_off import CutOff
from schedules.models.hand_in import HandIn
from schedules.models.material import Material, MaterialKind
from schedules.models.postponement import Postponement, PostponementState
from schedules.models.prompt import Prompt
from schedules.models.reminder import Reminder, ReminderAttempt, ReminderContact, ReminderDispatch
from schedules.models.review import CheckKind, Review, ReviewStage
from schedules.models.rota import QuietDays, RotaAbsence, RotaPin, RotaRun, RotaTurn
from schedules.models.steps import Step, StepAction
from schedules.models.swap import Swap, SwapState

__all__ = [
    "Broadcast",
    "CalendarDay",
    "CalendarYear",
    "CheckKind",
    "CutOff",
    "HandIn",
    "Material",
    "MaterialKind",
    "Postponement",
    "PostponementState",
    "Prompt",
    "QuietDays",
    "Reminder",
    "ReminderAttempt",
    "ReminderContact",
    "ReminderDispatch",
    "Review",
    "ReviewStage",
    "RotaAbsence",
    "RotaPin",
    "RotaRun",
    "RotaTurn",
    "Step",
    "StepAction",
    "Swap",
    "SwapState",
]
