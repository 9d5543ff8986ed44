"""`/link/<token>`: a page with one button. Looking at it burns nothing; pressing the button does, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.links import LinkOver, enter, look_at_link
from core.grants import LinkGrant, LinkPurpose
from core.web.clients import client_of
from core.web.grants import current_grant, remember_grant
from core.web.kit import kit_of
from core.web.pages import redirect, render
from core.web.sessions import remember_session

TASKS: Mapping[LinkPurpose, str] = {
    LinkPurpose.LIAISON: "报送和查看本单位的轮值",
    LinkPurpose.APPROVER: "单位初审",
    LinkPurpose.LECTURER: "主讲人准备",
    LinkPurpose.TERMS: "主讲人核对字幕用词",
}


@dataclass(frozen=True, slots=True)
class LinkPage:
    grant: LinkGrant
    task: str
    hours: int


@dataclass(frozen=True, slots=True)
class OverPage:
    """why: a sentence with the remedy. way_on: the task, when this very browser opened a link that still holds."""

    why: str
    way_on: str


async def show(request: Request) -> Response:
    kit = kit_of(request)
    try:
        grant = await look_at_link(request.path_params["token"], now=kit.clock.now())
    except LinkOver as over:
        return await _over(request, over)
    hours = kit.settings.link_grant_hours
    return await render(request, "accounts/link.html", LinkPage(grant, TASKS[grant.purpose], hours))


async def press(request: Request) -> Response:
    kit = kit_of(request)
    try:
        entered = await enter(
            request.path_params["token"],
            now=kit.clock.now(),
            client=client_of(request),
            settings=kit.settings,
        )
    except LinkOver as over:
        return await _over(request, over)
    response = redirect(request, entered.grant.destination)
    if entered.session_token:
        remember_session(request, response, entered.session_token)
    else:
        remember_grant(request, response, entered.grant_token)
    return response


async def _over(request: Request, over: LinkOver) -> Response:
    grant = await current_grant(request)
    page = OverPage(over.message, grant.destination if grant else "")
    return await render(request, "accounts/link_over.html", page, status=410)


routes = [
    Route("/link/{token}", show, methods=["GET"]),
    Route("/link/{token}", press, methods=["POST"]),
]
