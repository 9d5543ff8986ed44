"""请主讲人核对用词: what to ask is ticked, the link is shown once; an answer is settled when it was taken over."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid, NotFound
from core.grants import LinkPurpose
from core.web.kit import kit_of
from core.web.pages import render
from schedules.pages.fresh_links import FreshLink, fresh_link
from schedules.pages.turns import Turn, turn_of
from transcripts.cues.draft import DraftCue
from transcripts.editing.questions import ask, candidates, questions_of, settle
from transcripts.models import TermQuestion
from transcripts.pages.editor_access import Seat, corrector_of
from transcripts.pages.editor_json import answers_json, told


@dataclass(frozen=True, slots=True)
class AskPage:
    turn: Turn
    candidates: list[DraftCue]
    asked: list[TermQuestion]
    fresh_link: FreshLink | None
    error: str


async def show(request: Request) -> Response:
    return await _page(request, await corrector_of(request))


async def send(request: Request) -> Response:
    seat = await corrector_of(request)
    kit = kit_of(request)
    async with request.form(max_fields=kit.settings.subtitle_questions + 10, max_files=0) as sent:
        cues = {value for name, value in sent.multi_items() if name == "cue" and isinstance(value, str)}
    try:
        token = await ask(seat.number, cues, by=seat.by, now=kit.clock.now(), settings=kit.settings)
    except (Invalid, Conflict) as refusal:
        return await _page(request, seat, error=refusal.message, status=422)
    link = fresh_link(
        LinkPurpose.TERMS, seat.broadcast.lecturer_name, kit.absolute(f"/link/{token}"), kit.settings
    )
    return await _page(request, seat, link=link)


@answers_json
async def close(request: Request) -> Response:
    seat = await corrector_of(request)
    try:
        question = UUID(request.path_params["question"])
    except ValueError:
        raise NotFound("没有这一处核对。") from None
    await settle(seat.number, question, by=seat.by, now=kit_of(request).clock.now())
    return told({})


async def _page(
    request: Request, seat: Seat, *, link: FreshLink | None = None, error: str = "", status: int = 200
) -> Response:
    kit = kit_of(request)
    if seat.transcript is None:
        raise NotFound(f"{seat.number} 还没有字幕。")
    page = AskPage(
        turn=turn_of(seat.broadcast, kit.clock.now()),
        candidates=await candidates(seat.transcript, kit.settings),
        asked=await questions_of(seat.transcript),
        fresh_link=link,
        error=error,
    )
    return await render(request, "transcripts/editor_ask.html", page, status=status)


routes = [
    Route("/desk/subtitles/{number}/ask", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/ask", send, methods=["POST"]),
    Route("/desk/subtitles/{number}/questions/{question}/settle", close, methods=["POST"]),
]
