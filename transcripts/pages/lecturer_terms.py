"""The lecturer's page behind a one-time link: hear a passage again, say that it is right or what it should be."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.grants import LinkGrant, LinkPurpose
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast
from schedules.pages.lecturer_link import lecture_of_link
from schedules.pages.turns import Turn, turn_of
from schedules.replay_states import is_shut
from transcripts.editing.questions import LONGEST_ANSWER, answer, questions_of
from transcripts.models import TermAnswer, TermQuestion, Transcript


@dataclass(frozen=True, slots=True)
class TermsPage:
    """values: as typed, by the question's id; errors likewise."""

    turn: Turn
    holder: str
    questions: list[TermQuestion]
    values: dict[str, str]
    errors: dict[str, str]
    conflict: str
    can_play: bool
    longest: int


async def show(request: Request) -> Response:
    grant, lecture = await lecture_of_link(request, LinkPurpose.TERMS)
    return await _page(request, grant, lecture)


async def take(request: Request) -> Response:
    grant, lecture = await lecture_of_link(request, LinkPurpose.TERMS)
    kit = kit_of(request)
    async with request.form(max_fields=2 * kit.settings.subtitle_questions + 10, max_files=0) as sent:
        values = {name: value for name, value in sent.items() if isinstance(value, str)}
    response = redirect(request, f"/lecturer/{lecture.number}/terms")
    try:
        count = await answer(lecture.number, _answers(values), by=grant.actor, now=kit.clock.now())
    except Invalid as invalid:
        return await _page(request, grant, lecture, values=values, errors=invalid.fields, status=422)
    except Conflict as conflict:
        return await _page(request, grant, lecture, values=values, conflict=conflict.message, status=409)
    say(request, response, "done", f"记下了 {count} 处，谢谢。")
    return response


def _answers(values: dict[str, str]) -> list[tuple[UUID, TermAnswer, str]]:
    """From fields `said-<id>` and `text-<id>`; nonsense is passed over."""
    answers: list[tuple[UUID, TermAnswer, str]] = []
    for name, value in values.items():
        if not name.startswith("said-") or value not in set(TermAnswer):
            continue
        try:
            question = UUID(name.removeprefix("said-"))
        except ValueError:
            continue
        answers.append((question, TermAnswer(value), values.get(f"text-{question}", "")))
    return answers


async def _page(
    request: Request,
    grant: LinkGrant,
    lecture: Broadcast,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> Response:
    transcript = await Transcript.get_or_none(broadcast_id=lecture.id)
    page = TermsPage(
        turn=turn_of(lecture, kit_of(request).clock.now()),
        holder=grant.holder,
        questions=await questions_of(transcript) if transcript else [],
        values=values or {},
        errors=errors or {},
        conflict=conflict,
        can_play=not is_shut(lecture.replay_state, lecture.air_state),
        longest=LONGEST_ANSWER,
    )
    return await render(request, "transcripts/lecturer_terms.html", page, status=status)


routes = [
    Route("/lecturer/{number}/terms", show, methods=["GET"]),
    Route("/lecturer/{number}/terms", take, methods=["POST"]),
]
