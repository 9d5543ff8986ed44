"""Lectures of the plan as tests need them: in a state, of a unit, at a time."""

from datetime import datetime
from typing import Any

import pytest

from core.audit import Actor, ActorKind
from schedules import fulfilment
from schedules.deadlines import Deadline
from schedules.models import Broadcast
from schedules.states import PlanState
from tests.support.cast import UNIT_B

LIAISON = Actor(ActorKind.USER, "2", "示例联络员", UNIT_B)


async def turn(
    starts_at: datetime,
    *,
    number: str = "2026-12-1",
    unit_code: str = UNIT_B,
    plan_state: PlanState = PlanState.AWAITING,
    title: str = "",
    **more: Any,
) -> Broadcast:
    """A lecture that was told to its unit a month before."""
    lecture = await Broadcast.create(
        number=number,
        title=title,
        unit_id=unit_code,
        starts_at=starts_at,
        first_starts_at=starts_at,
        plan_state=plan_state,
        created_at=starts_at,
        changed_at=starts_at,
        **more,
    )
    await lecture.fetch_related("unit")
    return lecture


def only_the_replay_is_answered_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no area above were there, whichever of them other tests of this process have loaded."""
    own = {Deadline.REPLAY: fulfilment._answers[Deadline.REPLAY]}
    monkeypatch.setattr(fulfilment, "_answers", own)
