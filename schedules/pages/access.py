"""Who may come to the pages of the plan: the bureau, the liaison of the lecture's unit, who reads along."""

from starlette.requests import Request

from accounts.models import Role
from core.errors import Forbidden, NotFound
from core.web.guards import require_role
from core.web.identity import Visitor
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.states import PlanState

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
READERS = (Role.ADMINISTRATOR, Role.DUTY, Role.AUDITOR)
"""Who may look at what a unit handed in."""


async def require_liaison(request: Request) -> tuple[Visitor, str]:
    """The liaison and the code of their unit. Raises LoginRequired, Forbidden."""
    visitor = await require_role(request, Role.LIAISON)
    if visitor.unit_code is None:
        raise Forbidden("您的账号没有对应的单位，请联系州司法局管理员。")
    return visitor, visitor.unit_code


async def own_lecture(request: Request) -> tuple[Visitor, Broadcast]:
    """The lecture named in the address, which is the liaison's own unit's and has been told to it.

    Raises LoginRequired, Forbidden, NotFound.
    """
    visitor, unit_code = await require_liaison(request)
    lecture = await by_number(request.path_params["number"])
    if lecture.plan_state is PlanState.DRAFT:
        raise NotFound(f"没有编号为 {lecture.number} 的期次。")
    if lecture.unit_id != unit_code:
        raise Forbidden(f"{lecture.number} 不是{visitor.unit_name}的期次，您没有查看的权限。")
    return visitor, lecture


async def any_lecture(request: Request, *roles: str) -> tuple[Visitor, Broadcast]:
    """The lecture named in the address, for somebody of the bureau. Raises LoginRequired, Forbidden, NotFound."""
    visitor = await require_role(request, *roles)
    return visitor, await by_number(request.path_params["number"])
