"""The public JSON interface under /api/v1, and its description (OpenAPI 3.1)."""

import json
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.kit import kit_of
from portal.lectures import Lecture, lecture_of
from portal.services import portal_of
from schedules.queries import by_number, latest_replays, live_now, upcoming

NO_STORE = {"cache-control": "no-store"}
LISTED = 50


async def status(request: Request) -> Response:
    """Asked by every open page every few seconds."""
    number = request.path_params["number"]
    found = await portal_of(request).board.status(number)
    if found is None:
        raise NotFound(f"没有编号为 {number[:20]} 的期次。")
    return JSONResponse(found.as_json(kit_of(request).clock.now()), headers=NO_STORE)


async def one_broadcast(request: Request) -> Response:
    broadcast = await by_number(request.path_params["number"])
    return JSONResponse(_plain(request, lecture_of(broadcast)), headers=NO_STORE)


async def broadcasts(request: Request) -> Response:
    """What is on the air, what is announced, what can be played back."""
    now = kit_of(request).clock.now()
    groups = {
        "live": await live_now(),
        "upcoming": await upcoming(now, LISTED),
        "replays": await latest_replays(LISTED),
    }
    body = {name: [_plain(request, lecture_of(each)) for each in found] for name, found in groups.items()}
    return JSONResponse(body, headers=NO_STORE)


async def openapi(request: Request) -> Response:
    description: dict[str, Any] = json.loads(files("portal").joinpath("openapi.json").read_bytes())
    kit = kit_of(request)
    description["servers"] = [{"url": kit.prefix or "/"}]
    return JSONResponse(description)


def _plain(request: Request, lecture: Lecture) -> dict[str, Any]:
    return {
        "number": lecture.number,
        "title": lecture.title,
        "unit": lecture.unit,
        "lecturer": lecture.lecturer,
        "state": lecture.state.value,
        "starts_at": lecture.starts_at.isoformat() if lecture.starts_at else None,
        "began_at": lecture.began_at.isoformat() if lecture.began_at else None,
        "planned_minutes": lecture.planned_minutes,
        "is_sample": lecture.is_sample,
        "watch_url": kit_of(request).absolute(lecture.path),
    }


routes = [
    Route("/api/openapi.json", openapi),
    Route("/api/v1/broadcasts", broadcasts),
    Route("/api/v1/broadcasts/{number}", one_broadcast),
    Route("/api/v1/broadcasts/{number}/status", status),
]
