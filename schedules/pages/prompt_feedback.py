"""The unit's side of a 普法提示: read it, write back what was done."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Invalid
from core.web.actors import actor_of
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Prompt
from schedules.prompts.issuing import LONGEST_FEEDBACK, check_is_of, get_prompt, give_feedback
from schedules.prompts.letter import paragraphs_of, title_of
from schedules.prompts.queries import letter_of
from schedules.prompts.rules import AWAITS_FEEDBACK, LABELS


class FeedbackForm(BaseModel):
    feedback: str = Field(title="改进措施和落实情况", max_length=LONGEST_FEEDBACK)


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    prompt: Prompt
    label: str
    title: str
    paragraphs: list[str]
    issuer: str
    may_answer: bool
    form: Form[FeedbackForm]


async def show(request: Request) -> Response:
    return await _page(request, Form(), status=200)


async def send(request: Request) -> Response:
    visitor = await require_role(request, Role.LIAISON)
    form = await read_form(request, FeedbackForm)
    if form.data is not None:
        try:
            await give_feedback(
                request.path_params["id"],
                unit_code=visitor.unit_code or "",
                text=form.data.feedback,
                by=actor_of(visitor),
                now=kit_of(request).clock.now(),
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, f"/desk/prompts/{request.path_params['id']}/feedback")
            say(request, response, "done", "反馈已提交，州司法局已经看得到。")
            return response
    return await _page(request, form, status=422)


async def _page(request: Request, form: Form[FeedbackForm], *, status: int) -> Response:
    visitor = await require_role(request, Role.LIAISON)
    settings = kit_of(request).settings
    prompt = await get_prompt(request.path_params["id"])
    check_is_of(prompt, visitor.unit_code)
    letter = letter_of(prompt, settings)
    page = FeedbackPage(
        prompt=prompt,
        label=LABELS[prompt.state],
        title=title_of(letter),
        paragraphs=paragraphs_of(letter),
        issuer=settings.prompt_issuer,
        may_answer=prompt.state in AWAITS_FEEDBACK,
        form=form,
    )
    return await render(request, "schedules/prompt_feedback.html", page, status=status)


routes = [
    Route("/desk/prompts/{id:uuid}/feedback", show, methods=["GET"]),
    Route("/desk/prompts/{id:uuid}/feedback", send, methods=["POST"]),
]
