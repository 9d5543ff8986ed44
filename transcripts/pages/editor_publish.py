"""校对完成, 发布, 撤下: each on a page that says what it does."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.pages.turns import Turn, turn_of
from transcripts.cues.draft import from_rows
from transcripts.cues.statutes import statute_title
from transcripts.editing.checking import Readiness, readiness_of
from transcripts.editing.finding import lecture_with_transcript
from transcripts.editing.publishing import hand_over, publish, unpublish
from transcripts.editing.versions import draft_of
from transcripts.laws.mentions import declined_in
from transcripts.models import Transcript
from transcripts.pages.editor_access import Seat, corrector_of, publisher_of


class HandOverForm(BaseModel):
    revision: int = Field(title="修订号", ge=0)


class PublishForm(BaseModel):
    revision: int = Field(title="修订号", ge=0)
    looked: Literal["yes", ""] = Field("", title="看过没把握的几条")


class UnpublishForm(BaseModel):
    version: int = Field(title="版本", ge=1)
    reason: str = Field("", title="撤下的原因", max_length=1000)


@dataclass(frozen=True, slots=True)
class PublishPage:
    """declined: titles of chapters that the public will not get."""

    turn: Turn
    transcript: Transcript
    readiness: Readiness
    cues: int
    declined: list[str]
    form: Form[PublishForm]
    conflict: str


@dataclass(frozen=True, slots=True)
class UnpublishPage:
    turn: Turn
    transcript: Transcript
    form: Form[UnpublishForm]


async def finish(request: Request) -> Response:
    """校对完成."""
    seat = await corrector_of(request)
    form = await read_form(request, HandOverForm)
    if form.data is None:
        raise Invalid(form.errors)
    kit = kit_of(request)
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    try:
        await hand_over(
            seat.number, revision=form.data.revision, by=seat.by, now=kit.clock.now(), settings=kit.settings
        )
    except Conflict as refusal:
        say(request, response, "error", refusal.message)
        return response
    say(request, response, "done", "校对完成，已交给州局发布。")
    return response


async def look(request: Request) -> Response:
    return await _publish_page(request, await publisher_of(request), Form())


async def put_out(request: Request) -> Response:
    seat = await publisher_of(request)
    form = await read_form(request, PublishForm)
    if form.data is None:
        return await _publish_page(request, seat, form, status=422)
    kit = kit_of(request)
    try:
        await publish(
            seat.number,
            revision=form.data.revision,
            looked=form.data.looked == "yes",
            by=seat.by,
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except Conflict as refusal:
        return await _publish_page(request, seat, form, status=409, conflict=refusal.message)
    except Invalid as invalid:
        form.take(invalid)
        return await _publish_page(request, seat, form, status=422)
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    say(request, response, "done", "字幕已发布，观众现在就能看到，站内也能搜到。")
    return response


async def ask_why(request: Request) -> Response:
    return await _unpublish_page(request, await publisher_of(request), Form())


async def take_back(request: Request) -> Response:
    seat = await publisher_of(request)
    form = await read_form(request, UnpublishForm)
    if form.data is None:
        return await _unpublish_page(request, seat, form, status=422)
    try:
        await unpublish(
            seat.number,
            version=form.data.version,
            reason=form.data.reason,
            by=seat.by,
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _unpublish_page(request, seat, form, status=422)
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    say(request, response, "done", "字幕已撤下，观众看不到了；草稿还在，改好后可以重新发布。")
    return response


async def _publish_page(
    request: Request, seat: Seat, form: Form[PublishForm], *, status: int = 200, conflict: str = ""
) -> Response:
    _, transcript = await lecture_with_transcript(seat.number)
    draft = await draft_of(transcript)
    cues = from_rows(draft.cues) if draft else []
    page = PublishPage(
        turn=turn_of(seat.broadcast, kit_of(request).clock.now()),
        transcript=transcript,
        readiness=await readiness_of(cues, kit_of(request).settings),
        cues=len(cues),
        declined=[statute_title(*key) for key in declined_in(draft)] if draft else [],
        form=form,
        conflict=conflict,
    )
    return await render(request, "transcripts/editor_publish.html", page, status=status)


async def _unpublish_page(
    request: Request, seat: Seat, form: Form[UnpublishForm], *, status: int = 200
) -> Response:
    _, transcript = await lecture_with_transcript(seat.number)
    if not transcript.published_version:
        raise Conflict("这一期的字幕没有发布，不用撤下。")
    turn = turn_of(seat.broadcast, kit_of(request).clock.now())
    return await render(
        request, "transcripts/editor_unpublish.html", UnpublishPage(turn, transcript, form), status=status
    )


routes = [
    Route("/desk/subtitles/{number}/hand-over", finish, methods=["POST"]),
    Route("/desk/subtitles/{number}/publish", look, methods=["GET"]),
    Route("/desk/subtitles/{number}/publish", put_out, methods=["POST"]),
    Route("/desk/subtitles/{number}/unpublish", ask_why, methods=["GET"]),
    Route("/desk/subtitles/{number}/unpublish", take_back, methods=["POST"]),
]
