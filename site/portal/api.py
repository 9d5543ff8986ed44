"""What the JSON interface under /api/v1 tells of a lecture on the air, and its whole description (OpenAPI 3.1).

The plan is in schedules.api.
"""

import json
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.kit import kit_of
from portal.services import portal_of

NO_STORE = {"cache-control": "no-store"}


async def status(request: Request) -> Response:
    """Asked by every open page every few seconds."""
    number = request.path_params["number"]
    found = await portal_of(request).board.status(number)
    if found is None:
        raise NotFound(f"没有编号为 {number[:20]} 的期次。")
    return JSONResponse(found.as_json(kit_of(request).clock.now()), headers=NO_STORE)


async def openapi(request: Request) -> Response:
    description: dict[str, Any] = json.loads(files("portal").joinpath("openapi.json").read_bytes())
    kit = kit_of(request)
    description["servers"] = [{"url": kit.prefix or "/"}]
    return JSONResponse(description)


routes = [
    Route("/api/openapi.json", openapi),
    Route("/api/v1/broadcasts/{number}/status", status),
]
