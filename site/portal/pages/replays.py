"""All replays, page by page."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.pages import render
from portal import lectures
from portal.lectures import Lecture, with_lengths

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class ReplaysPage:
    replays: list[Lecture]
    page: int
    pages: int


async def replays(request: Request) -> Response:
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if page < 1:
        raise NotFound
    found, count = await lectures.replays(page, PAGE_SIZE)
    pages = max(1, -(-count // PAGE_SIZE))
    if page > pages:
        raise NotFound
    return await render(
        request, "portal/replays.html", ReplaysPage(await with_lengths(found), page=page, pages=pages)
    )


routes = [Route("/replays", replays)]
