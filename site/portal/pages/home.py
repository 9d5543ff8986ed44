"""The home page: what is on now or next, the latest replays, this month's plan."""

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from audience.viewer_cookie import give_viewer_cookie
from core.web.kit import kit_of
from core.web.pages import render
from portal.lectures import Lecture, lecture_of, of_month, with_lengths
from portal.services import portal_of
from schedules.models import Broadcast
from schedules.queries import latest_replays, live_now, upcoming

REPLAYS = 6


@dataclass(frozen=True, slots=True)
class HomePage:
    """featured: the lecture on the stage (live, else next), with its status as JSON; also_live: others on the air."""

    featured: Lecture | None
    status: str
    also_live: list[Lecture]
    replays: list[Lecture]
    month: list[Lecture]


async def home(request: Request) -> Response:
    kit = kit_of(request)
    now = kit.clock.now()
    live = await live_now()
    featured = live[0] if live else await _next(request)
    page = HomePage(
        featured=lecture_of(featured) if featured else None,
        status=await stage_status(request, featured.number) if featured else "",
        also_live=[lecture_of(each) for each in live[1:]],
        replays=await with_lengths(await latest_replays(REPLAYS)),
        month=[lecture_of(each) for each in await of_month(now)],
    )
    return give_viewer_cookie(request, await render(request, "portal/home.html", page))


async def _next(request: Request) -> Broadcast | None:
    coming = await upcoming(kit_of(request).clock.now(), 1)
    return coming[0] if coming else None


async def stage_status(request: Request, number: str) -> str:
    """The status a stage starts from, as it would be asked for a moment later."""
    status = await portal_of(request).board.status(number)
    return json.dumps(status.as_json(kit_of(request).clock.now()) if status else None)


routes = [Route("/", home)]
