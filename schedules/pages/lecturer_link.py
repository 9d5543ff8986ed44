"""Who comes by a lecturer's one-time link, and for which lecture: asked by every page behind one."""

from starlette.requests import Request

from core.errors import Forbidden
from core.grants import LinkGrant, LinkPurpose
from core.web.grants import require_grant
from schedules.models import Broadcast
from schedules.queries import by_number


async def lecture_of_link(request: Request, purpose: LinkPurpose) -> tuple[LinkGrant, Broadcast]:
    """Raises Forbidden without an open grant for just this lecture, also when somebody else gives it now."""
    number = request.path_params["number"]
    grant = await require_grant(request, purpose, number)
    lecture = await by_number(number)
    if lecture.unit_id != grant.unit_code or lecture.lecturer_name != grant.holder:
        raise Forbidden(f"{number} 的主讲人已经变了，这个链接不能再用。请联系单位联络员。")
    return grant, lecture
