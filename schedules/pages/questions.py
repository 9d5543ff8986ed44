"""Pages that ask before something is done: what it means, why it is done, and a button that says it.

Nothing that was typed is lost: a fault is shown at its field, and when somebody else was quicker the page says who,
and asks again on what is there now.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from core.clock import CHINA
from core.errors import Invalid
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast
from schedules.pages.turns import Turn, turn_of
from schedules.queries import by_number
from schedules.turns.stepping import Outdated

FIELDS: Mapping[str, str] = {"to": "date", "wanted": "date", "answer": "reason", "other": "choice"}
"""Fields of the services that these pages ask for under another name."""


class DecisionForm(BaseModel):
    version: int = Field(title="版本")
    reason: str = Field("", title="理由")
    choice: str = Field("", title="选项", max_length=40)
    date: dt.date | None = Field(None, title="日期")
    time: dt.time | None = Field(None, title="时间")
    decision: str = Field("", title="决定", max_length=20)
    running: int | None = Field(None, title="第几期")

    def moment(self) -> dt.datetime | None:
        """The day and hour that were given; None without a day. Raises Invalid for a day without an hour."""
        if self.date is None:
            return None
        if self.time is None:
            raise Invalid({"time": "请填几点开播。"})
        return dt.datetime.combine(self.date, self.time.replace(tzinfo=None), tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Act:
    """A button. style: its classes."""

    label: str
    value: str = "yes"
    style: str = "button-primary"


@dataclass(frozen=True, slots=True)
class Question:
    """choices: (value, label), with choice_label. reason_label, running_label: empty when it is not asked for."""

    title: str
    acts: Sequence[Act]
    back: str
    consequences: Sequence[str] = ()
    leave: str = "先不办"
    reason_label: str = ""
    reason_help: str = ""
    reason_optional: bool = False
    choices: Sequence[tuple[str, str]] = ()
    choice_label: str = ""
    running_label: str = ""
    running_now: int | None = None
    asks_time: bool = False
    time_optional: bool = False
    is_harm: bool = False


@dataclass(frozen=True, slots=True)
class QuestionPage:
    turn: Turn
    question: Question
    form: Form[DecisionForm]
    conflict: str = field(default="")


async def ask(
    request: Request,
    lecture: Broadcast,
    question: Question,
    form: Form[DecisionForm] | None = None,
    *,
    status: int = 200,
    conflict: str = "",
) -> Response:
    turn = turn_of(lecture, kit_of(request).clock.now())
    page = QuestionPage(turn, question, form or Form(), conflict)
    return await render(request, "schedules/decide.html", page, status=status)


async def decide(
    request: Request,
    lecture: Broadcast,
    question: Question,
    do: Callable[[DecisionForm], Awaitable[str]],
) -> Response:
    """Do what the submitted form decides, and go back with the sentence that do returns."""
    form = await read_form(request, DecisionForm)
    if form.data is None:
        return await ask(request, lecture, question, form, status=422)
    try:
        words = await do(form.data)
    except Invalid as invalid:
        if not invalid.fields:
            raise
        form.take(Invalid({FIELDS.get(name, name): text for name, text in invalid.fields.items()}))
        return await ask(request, lecture, question, form, status=422)
    except Outdated as outdated:
        now_there = await by_number(lecture.number)
        form.values = {**form.values, "version": str(now_there.version)}
        return await ask(request, now_there, question, form, status=409, conflict=outdated.message)
    response = redirect(request, question.back)
    say(request, response, "done", words)
    return response
