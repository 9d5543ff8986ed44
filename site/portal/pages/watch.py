"""The page of one lecture through its whole life, with its poster and its calendar entry."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Unit
from accounts.queries import units_on
from audience.pages.now import counter_of
from audience.viewer_cookie import give_viewer_cookie
from core.clock import CHINA
from core.errors import NotFound
from core.web.kit import kit_of
from core.web.pages import render
from portal.lectures import Lecture, lecture_of, poster_of, received_seconds, with_lengths
from portal.pages.home import stage_status
from portal.poster import poster_svg
from schedules.public.announced import announced, event_of
from schedules.public.ics import MEDIA_TYPE, calendar_file
from schedules.public.visibility import public_by_number
from schedules.queries import latest_replays
from transcripts.beside import Beside, awaits_transcript, transcript_beside

RELATED = 3


@dataclass(frozen=True, slots=True)
class WatchPage:
    """status: as JSON, what the stage starts from. address: the page's own, whole.

    awaits_transcript: it is over, and its subtitles are not published yet.
    """

    lecture: Lecture
    status: str
    address: str
    related: list[Lecture]
    units: list[Unit]
    """For the viewer's own choice of 收看单位."""
    counter: dict[str, str] | None
    """The words of its figures, as audience.pages.now gives them."""
    transcript: Beside | None
    awaits_transcript: bool


async def watch(request: Request) -> Response:
    broadcast = await public_by_number(request.path_params["number"])
    lengths = await received_seconds([broadcast.id])
    lecture = lecture_of(broadcast, lengths.get(broadcast.id))
    others = [each for each in await latest_replays(RELATED + 1) if each.id != broadcast.id]
    transcript = await transcript_beside(broadcast, kit_of(request).settings)
    page = WatchPage(
        lecture=lecture,
        status=await stage_status(request, broadcast.number),
        address=kit_of(request).absolute(lecture.path),
        related=await with_lengths(others[:RELATED]),
        units=await units_on(kit_of(request).clock.now().astimezone(CHINA).date()),
        counter=await counter_of(request, broadcast),
        transcript=transcript,
        awaits_transcript=transcript is None and awaits_transcript(broadcast),
    )
    return give_viewer_cookie(request, await render(request, "portal/watch.html", page))


async def poster(request: Request) -> Response:
    lecture = lecture_of(await public_by_number(request.path_params["number"]))
    svg = poster_svg(poster_of(lecture, kit_of(request).settings.site_name))
    # A picture that says another day than the page must not outlive the minute.
    headers = {"cache-control": "public, max-age=60"}
    return Response(svg, media_type="image/svg+xml", headers=headers)


async def calendar(request: Request) -> Response:
    kit = kit_of(request)
    lecture = announced(await public_by_number(request.path_params["number"]))
    host = urlsplit(kit.settings.public_url).hostname or ""
    site = kit.settings.site_name
    event = event_of(lecture, address=kit.absolute(lecture.path), host=host, site=site)
    if event is None or lecture.starts_at is None:
        raise NotFound("这一讲还没有定下时间，暂时不能加入日历。")
    headers = {"content-disposition": f'attachment; filename="{lecture.number}.ics"'}
    return Response(calendar_file(event, site, kit.clock.now()), media_type=MEDIA_TYPE, headers=headers)


routes = [
    Route("/l/{number}", watch),
    Route("/l/{number}/poster.svg", poster),
    Route("/l/{number}/calendar.ics", calendar),
]
