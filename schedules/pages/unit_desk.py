"""The unit's desk: my next turn with what is missing, my lectures, what is asked of me."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.web.desk_nav import DeskPlace
from core.web.kit import kit_of
from core.web.pages import render
from schedules.models import Broadcast, Prompt, Reminder, Swap, SwapState
from schedules.pages.access import require_liaison
from schedules.pages.turns import DeadlineLine, Turn, UnitAct, deadlines_shown, turn_of, unit_act
from schedules.prompts.queries import open_prompts_of
from schedules.queries import next_duty_of, of_unit
from schedules.reminders.queries import open_reminders_of
from schedules.states import AirState, PlanState
from schedules.turns.queries import dossier_of

LISTED_PAST = 50


@dataclass(frozen=True, slots=True)
class SwapAsk:
    """Another unit's wish to change turns, waiting for this unit's word."""

    id: UUID
    asking_unit: str
    asking: Turn
    offered: Turn
    reason: str


@dataclass(frozen=True, slots=True)
class UnitDeskPage:
    unit_name: str
    open_prompts: list[Prompt]
    open_reminders: list[Reminder]
    next: Turn | None
    act: UnitAct | None
    missing: list[str]
    deadlines: list[DeadlineLine]
    asks: list[SwapAsk]
    later: list[Turn]
    past: list[Turn]


async def unit_desk(request: Request) -> Response:
    visitor, unit_code = await require_liaison(request)
    kit = kit_of(request)
    now = kit.clock.now()
    lectures = await of_unit(unit_code)
    found = await next_duty_of(unit_code, now)
    nearest, act, missing, lines = None, None, [], []
    if found is not None:
        nearest = turn_of(found, now)
        act = unit_act(nearest)
        missing = (await dossier_of(found)).missing if act.is_hand_in else []
        lines = await deadlines_shown(found, now, kit.settings)
    others = [each for each in lectures if found is None or each.id != found.id]
    ahead = [each for each in others if each.air_state is AirState.SCHEDULED and _is_ahead(each, now)]
    past = [each for each in others if each not in ahead]
    page = UnitDeskPage(
        unit_name=visitor.unit_name or "",
        open_prompts=await open_prompts_of(unit_code),
        open_reminders=await open_reminders_of(unit_code, now),
        next=nearest,
        act=act,
        missing=missing,
        deadlines=lines,
        asks=await _asks(request, unit_code),
        later=[turn_of(each, now) for each in reversed(ahead)],
        past=[turn_of(each, now) for each in past[:LISTED_PAST]],
    )
    return await render(request, "schedules/unit_desk.html", page)


def _is_ahead(lecture: Broadcast, now: datetime) -> bool:
    if lecture.plan_state is PlanState.CANCELLED:
        return False
    return lecture.starts_at is None or lecture.starts_at > now


async def _asks(request: Request, unit_code: str) -> list[SwapAsk]:
    now = kit_of(request).clock.now()
    rows = await Swap.filter(state=SwapState.OPEN, offered_unit=unit_code, offered_at=None).prefetch_related(
        "asking__unit", "offered__unit"
    )
    return [
        SwapAsk(
            id=row.id,
            asking_unit=row.asking.unit.name,
            asking=turn_of(row.asking, now),
            offered=turn_of(row.offered, now),
            reason=row.reason,
        )
        for row in rows
    ]


desk_places = [DeskPlace("/desk/unit", "calendar-check", "我的轮值", (Role.LIAISON,), "work")]

routes = [Route("/desk/unit", unit_desk)]
