"""怎样校对字幕: the guide for whoever corrects, one screen. Its text is that of docs/guide/怎样校对字幕.md."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.web.guards import require_role
from core.web.pages import render
from transcripts.pages.editor_access import READERS


async def show(request: Request) -> Response:
    await require_role(request, *READERS)
    return await render(request, "transcripts/editor_guide.html")


routes = [Route("/desk/subtitles/guide", show, methods=["GET"])]
