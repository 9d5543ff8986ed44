"""What a unit asks for when it cannot speak on its day: 调换 with another unit, or 延期."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.audit import Actor
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.kit import kit_of
from core.web.pages import redirect, say
from core.web.text import zh_date, zh_datetime
from schedules.models import Broadcast
from schedules.pages.access import own_lecture
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide
from schedules.turns.postponements import ask_postponement, open_postponement, withdraw_postponement
from schedules.turns.swaps import request_swap, swap_choices


async def _swap_question(request: Request, lecture: Broadcast) -> Question:
    """Raises Conflict when there is nobody to change places with."""
    others = await swap_choices(lecture, kit_of(request).clock.now())
    if not others:
        raise Conflict("现在没有可以调换的期次：只有还没报送、时间还没到的期次可以调换。")
    return Question(
        title="申请调换",
        consequences=(
            "对方单位和州司法局都同意以后才生效；在那以前还按原来的时间准备。",
            "调换后两个单位互换时间，已经填的内容和材料跟着单位走。",
        ),
        acts=(Act("提出申请"),),
        back=f"/desk/unit/{lecture.number}",
        choices=[
            (each.number, f"{each.unit.name}，{zh_date(each.starts_at)}（{each.number}）")
            for each in others
            if each.starts_at is not None
        ],
        choice_label="想和哪一期调换",
        reason_label="调换的原因",
    )


async def ask_swap(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    return await ask(request, lecture, await _swap_question(request, lecture))


async def submit_swap(request: Request) -> Response:
    visitor, lecture = await own_lecture(request)
    question = await _swap_question(request, lecture)
    return await decide(request, lecture, question, partial(_request, request, actor_of(visitor), lecture))


async def _request(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    if not form.choice:
        raise Invalid({"choice": "请选想和哪一期调换。"})
    now = kit_of(request).clock.now()
    await request_swap(lecture.number, form.choice, reason=form.reason, version=form.version, by=by, now=now)
    return "已提出调换申请，等对方单位和州司法局答复。"


def _postpone_question(lecture: Broadcast) -> Question:
    return Question(
        title="申请延期",
        consequences=("州司法局同意以后才生效；在那以前还按原来的时间准备。",),
        acts=(Act("提出申请"),),
        back=f"/desk/unit/{lecture.number}",
        reason_label="延期的原因",
        asks_time=True,
        time_optional=True,
    )


async def ask_postpone(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    return await ask(request, lecture, _postpone_question(lecture))


async def submit_postpone(request: Request) -> Response:
    visitor, lecture = await own_lecture(request)
    do = partial(_ask_postponement, request, actor_of(visitor), lecture)
    return await decide(request, lecture, _postpone_question(lecture), do)


async def _ask_postponement(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    wanted, now = form.moment(), kit_of(request).clock.now()
    await ask_postponement(
        lecture.number, reason=form.reason, wanted=wanted, version=form.version, by=by, now=now
    )
    return f"已申请延期{f'到 {zh_datetime(wanted)}' if wanted else ''}，等州司法局答复。"


async def withdraw(request: Request) -> Response:
    visitor, lecture = await own_lecture(request)
    asked = await open_postponement(lecture.id)
    if asked is None:
        raise Conflict("没有等答复的延期申请，可能已经答复或撤回了。")
    await withdraw_postponement(asked.id, by=actor_of(visitor), now=kit_of(request).clock.now())
    response = redirect(request, f"/desk/unit/{lecture.number}")
    say(request, response, "done", "延期申请已撤回，还按原来的时间准备。")
    return response


routes = [
    Route("/desk/unit/{number}/swap", ask_swap, methods=["GET"]),
    Route("/desk/unit/{number}/swap", submit_swap, methods=["POST"]),
    Route("/desk/unit/{number}/postpone", ask_postpone, methods=["GET"]),
    Route("/desk/unit/{number}/postpone", submit_postpone, methods=["POST"]),
    Route("/desk/unit/{number}/postpone/withdraw", withdraw, methods=["POST"]),
]
