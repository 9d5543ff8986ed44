"""Who comes to the subtitles: the bureau to all of them, a unit's liaison to its own, others only to look."""

from dataclasses import dataclass

from starlette.requests import Request

from accounts.models import Role
from core.audit import Actor
from core.errors import Forbidden
from core.web.actors import actor_of
from core.web.guards import require_role
from core.web.identity import Visitor
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.states import PlanState
from transcripts.models import Transcript

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
CORRECTORS = (*BUREAU, Role.LIAISON)
READERS = (*CORRECTORS, Role.AUDITOR)
"""Who may read drafts."""
LISTERS = (*READERS, Role.OFFICIAL)
"""Who sees how far each lecture is. Officials see no draft, and not who corrects."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever sits before a lecture's subtitles. may_correct: not only look. may_publish: an administrator."""

    visitor: Visitor
    by: Actor
    broadcast: Broadcast
    transcript: Transcript | None
    may_correct: bool
    may_publish: bool

    @property
    def number(self) -> str:
        return self.broadcast.number


async def reader_of(request: Request) -> Seat:
    """Raises LoginRequired, Forbidden, NotFound."""
    return await _seat(request, *READERS)


async def corrector_of(request: Request) -> Seat:
    return await _seat(request, *CORRECTORS)


async def publisher_of(request: Request) -> Seat:
    return await _seat(request, Role.ADMINISTRATOR)


def unit_of(visitor: Visitor) -> str | None:
    """Whose lectures somebody sees: None for all. Raises Forbidden for a liaison without a unit."""
    if visitor.role != Role.LIAISON:
        return None
    if visitor.unit_code is None:
        raise Forbidden("您的账号没有对应的单位，请联系州司法局管理员。")
    return visitor.unit_code


async def _seat(request: Request, *roles: Role) -> Seat:
    visitor = await require_role(request, *roles)
    unit_code = unit_of(visitor)
    broadcast = await by_number(request.path_params["number"])
    if unit_code is not None and broadcast.unit_id != unit_code:
        raise Forbidden(f"{broadcast.number} 不是{visitor.unit_name}的期次，您没有校对的权限。")
    if broadcast.plan_state is PlanState.DRAFT:
        raise Forbidden(f"{broadcast.number} 还是排期草案，没有字幕。")
    return Seat(
        visitor=visitor,
        by=actor_of(visitor),
        broadcast=broadcast,
        transcript=await Transcript.get_or_none(broadcast_id=broadcast.id),
        may_correct=visitor.role in CORRECTORS,
        may_publish=visitor.role == Role.ADMINISTRATOR,
    )
