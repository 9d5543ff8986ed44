"""正在收看: on the desk page of a lecture, and the small counter for everybody beside the player. In total only."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts.models import Role
from audience.figures.hiding import hide, words
from audience.viewers_now import ViewersNow, Watching
from core.errors import NotFound
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import render_part
from schedules.models import Broadcast
from schedules.public.visibility import public_by_number
from schedules.queries import ON_AIR, by_number

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
CACHED_SECONDS = 10


@dataclass(frozen=True, slots=True)
class NowPanel:
    """watching: None before it was on the air."""

    is_on_air: bool
    watching: Watching | None


async def now_panel(request: Request, lecture: Broadcast) -> NowPanel:
    """For the lecture's desk page."""
    if lecture.first_live_at is None:
        return NowPanel(is_on_air=False, watching=None)
    return NowPanel(lecture.air_state in ON_AIR, await viewers_now(request).of(lecture))


async def panel(request: Request) -> Response:
    await require_role(request, *BUREAU)
    lecture = await by_number(request.path_params["number"])
    context = {"viewers": await now_panel(request, lecture)}
    return await render_part(request, "audience/now_panel.html", context)


async def counter_of(request: Request, lecture: Broadcast) -> dict[str, str] | None:
    """The small counter beside the player; None before the lecture was on the air, and after a 紧急切断."""
    if lecture.first_live_at is None or lecture.cut_off_at is not None:
        return None
    return counter(await viewers_now(request).of(lecture), kit_of(request).settings.hidden_below)


async def public_counter(request: Request) -> Response:
    """`/api/v1/broadcasts/{number}/viewers`: figures as the public may read them, small ones hidden."""
    told = await counter_of(request, await public_by_number(request.path_params["number"]))
    if told is None:
        raise NotFound("这一期还没有收看的数字。")
    return JSONResponse(told, headers={"cache-control": f"public, max-age={CACHED_SECONDS}"})


def counter(watching: Watching, below: int) -> dict[str, str]:
    """The words of each figure. No total stands beside them: live and replay are told apart or not at all."""
    figures = (watching.now, watching.live, watching.replay)
    line = hide(figures, below, with_total=False)
    told = [words(figure, how, below) for figure, how in zip(figures, line.cells, strict=True)]
    return dict(zip(("now", "live", "replay"), told, strict=True))


def viewers_now(request: Request) -> ViewersNow:
    viewers: ViewersNow = request.app.state.audience.viewers
    return viewers


routes = [
    Route("/desk/broadcasts/{number}/viewers/panel", panel),
]
api_routes = [
    Route("/api/v1/broadcasts/{number}/viewers", public_counter),
]
