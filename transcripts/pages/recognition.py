"""The bureau's lecture page: how far the subtitles are, and recognition once more."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Conflict, NotFound
from core.web.actors import actor_of
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, render_part, say
from schedules.models import Broadcast
from schedules.queries import by_number
from transcripts.models import Transcript
from transcripts.recognition.asking import recognise_again, why_not_again
from transcripts.recognition.progress import Progress
from transcripts.recognition.queries import progress_of, who_comes_first

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
PLACE = "/desk/broadcasts/{number}/recognition"


@dataclass(frozen=True, slots=True)
class AgainPage:
    """has_draft: there are subtitles that the new ones will stand before. corrector: who corrects them just now."""

    number: str
    title: str
    has_draft: bool
    is_published: bool
    corrector: str


async def subtitle_progress(request: Request, broadcast: Broadcast) -> Progress | None:
    """What the panel shows; None: nothing to show."""
    kit = kit_of(request)
    return await progress_of(broadcast, await who_comes_first(kit.clock.now(), kit.settings))


async def panel(request: Request) -> Response:
    """The part of the lecture's page that says how far the subtitles are, asked for every two seconds."""
    await require_role(request, *BUREAU)
    broadcast = await by_number(request.path_params["number"])
    context = {"number": broadcast.number, "subtitles": await subtitle_progress(request, broadcast)}
    return await render_part(request, "transcripts/recognition_panel.html", context)


async def confirm(request: Request) -> Response:
    await require_role(request, *BUREAU)
    broadcast = await by_number(request.path_params["number"])
    transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
    if transcript is None:
        raise NotFound("这一期还没有字幕。讲座结束后会自动识别。")
    reason = why_not_again(broadcast, transcript)
    if reason:
        raise Conflict(reason)
    page = AgainPage(
        number=broadcast.number,
        title=broadcast.title,
        has_draft=transcript.draft_version > 0,
        is_published=transcript.published_version > 0,
        corrector=transcript.editor_name,
    )
    return await render(request, "transcripts/recognise_again.html", page)


async def again(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    number = request.path_params["number"]
    await recognise_again(number, by=actor_of(visitor), now=kit_of(request).clock.now())
    response = redirect(request, f"/desk/broadcasts/{number}")
    say(request, response, "done", "已安排再识别一次，马上自动开始。原来的字幕在校对页的版本里。")
    return response


routes = [
    Route(PLACE + "/panel", panel),
    Route(PLACE + "/again", confirm, methods=["GET"]),
    Route(PLACE + "/again", again, methods=["POST"]),
]
