"""What the rule of the 普法提示 asks about a lecture, gathered from the rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from accounts.models import UnitKind
from core.clock import CHINA
from core.settings import Settings
from schedules.models import (
    Broadcast,
    Postponement,
    PostponementState,
    Prompt,
    Reminder,
    Step,
    StepAction,
    Swap,
    SwapState,
)
from schedules.prompts.rules import PromptFacts
from schedules.reminders.dates import dates_of
from schedules.reminders.rules import ReminderKind
from schedules.states import PlanState
from schedules.workdays.calendars import load_calendar

OF_THE_HAND_IN = (ReminderKind.HAND_IN_SOON, ReminderKind.HAND_IN_LATE)
"""The reminders that count: the first word of the turn, weeks before, is no dunning."""

BEGINS_ANEW = (StepAction.BUREAU_RETURN, StepAction.SWAPPED, StepAction.RESUME)
"""After these the unit is given the same days again before it counts as late."""


@dataclass(frozen=True, slots=True)
class Standing:
    lecture: Broadcast
    facts: PromptFacts


async def standing_of(
    lecture: Broadcast, *, now: datetime, settings: Settings, beside: UUID | None = None
) -> Standing:
    """The lecture with its unit loaded. beside: a letter that does not count as the one it already has."""
    today = now.astimezone(CHINA).date()
    if lecture.starts_at is None:
        return Standing(lecture, PromptFacts(lecture.plan_state, None, 0))
    start = lecture.starts_at.astimezone(CHINA).date()
    calendar = await load_calendar({start.year, today.year})
    hand_in = dates_of(lecture, calendar, settings).hand_in
    standing = Prompt.filter(standing_for=lecture.number)
    since = max(hand_in, await _begun_anew_on(lecture) or hand_in)
    facts = PromptFacts(
        plan_state=lecture.plan_state,
        hand_in=hand_in,
        late_days=calendar.working_days_between(since, today),
        reminded_on=await _reminded_on(lecture),
        waits_for_bureau=lecture.plan_state is PlanState.BUREAU_REVIEW,
        open_postponement=await Postponement.exists(broadcast_id=lecture.id, state=PostponementState.ASKED),
        open_swap=await Swap.filter(
            Q(asking_id=lecture.id) | Q(offered_id=lecture.id), state=SwapState.OPEN
        ).exists(),
        is_county=lecture.unit.kind is UnitKind.COUNTY,
        has_prompt=await (standing.exclude(id=beside) if beside else standing).exists(),
    )
    return Standing(lecture, facts)


async def _begun_anew_on(lecture: Broadcast) -> date | None:
    steps = Step.filter(broadcast_id=lecture.id, action__in=BEGINS_ANEW)
    last = await steps.order_by("-at").first()
    return None if last is None else last.at.astimezone(CHINA).date()


async def _reminded_on(lecture: Broadcast) -> date | None:
    first = await (
        Reminder.filter(
            broadcast_id=lecture.id,
            unit_id=lecture.unit_id,
            kind__in=OF_THE_HAND_IN,
            delivered_at__isnull=False,
        )
        .order_by("delivered_at")
        .first()
    )
    return (
        None if first is None or first.delivered_at is None else first.delivered_at.astimezone(CHINA).date()
    )
