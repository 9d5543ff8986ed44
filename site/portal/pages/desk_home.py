"""The way into the desk: for everybody the page they begin with."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.web.desk_nav import HOME, desk_of
from core.web.guards import require_login
from core.web.pages import redirect


async def enter(request: Request) -> Response:
    visitor = await require_login(request)
    return redirect(request, desk_of(request).first(visitor))


routes = [Route(HOME, enter)]
