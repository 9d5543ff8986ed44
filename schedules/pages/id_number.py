"""主讲人的身份证号, where the bureau has it registered: masked, read whole with a reason, kept for a case, let go.

Only administrators come here. What is read whole is on the page that answers, once, and in no list.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Invalid, NotFound
from core.web.actors import actor_of
from core.web.forms import read_form
from core.web.kit import kit_of
from core.web.pages import render
from core.web.text import zh_date
from schedules.models import Broadcast
from schedules.pages.access import any_lecture
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide
from schedules.pages.safe import sealer_of
from schedules.pages.turns import Turn, turn_of
from schedules.turns.id_numbers import KeptNumber, hold_id_number, kept_number, read_id_number


@dataclass(frozen=True, slots=True)
class IdNumberPage:
    turn: Turn
    id_number: str
    reason: str


async def ask_read(request: Request) -> Response:
    _, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    kept = await _kept(request, lecture)
    return await ask(request, lecture, _reading(lecture, kept))


async def do_read(request: Request) -> Response:
    """The number itself, after what is asked for and why stands in the audit log."""
    visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    kept = await _kept(request, lecture)
    form = await read_form(request, DecisionForm)
    kit = kit_of(request)
    reason = form.values.get("reason", "")
    try:
        plain = await read_id_number(
            lecture.number,
            reason=reason,
            by=actor_of(visitor),
            now=kit.clock.now(),
            sealer=sealer_of(request),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await ask(request, lecture, _reading(lecture, kept), form, status=422)
    page = IdNumberPage(turn_of(lecture, kit.clock.now()), plain, reason)
    return await render(request, "schedules/id_number.html", page)


def _reading(lecture: Broadcast, kept: KeptNumber) -> Question:
    return Question(
        title="查看主讲人的完整身份证号？",
        consequences=(
            f"现在只显示 {kept.masked}。",
            "谁在什么时候、为什么查看，会记入操作日志，不能删除。",
        ),
        acts=(Act("查看完整号码", style="button-harm-sure"),),
        back=_back(lecture),
        leave="先不看",
        reason_label="查看的原因",
        reason_help="例如：网信部门核查直播发布者，函号……",
        is_harm=True,
    )


def _holding(lecture: Broadcast, kept: KeptNumber) -> Question:
    due = f"本来到 {zh_date(kept.erase_on)} 就要删除。" if kept.erase_on else "现在已经在保全。"
    return Question(
        title="保全主讲人的身份证号？",
        consequences=(due, "保全期间不会自动删除，直到有人解除。", "操作日志里会记下是谁、为什么保全的。"),
        acts=(Act("保全"),),
        back=_back(lecture),
        reason_label="保全的原因",
        reason_help="写明是哪一个案件或哪一份函。",
    )


def _letting_go(lecture: Broadcast, kept: KeptNumber) -> Question:
    return Question(
        title="解除对身份证号的保全？",
        consequences=("解除以后按期限删除；已经过了期限的，一小时内删除，不能恢复。",),
        acts=(Act("解除保全", style="button-harm-sure"),),
        back=_back(lecture),
        reason_label="解除的原因",
        is_harm=True,
    )


def _back(lecture: Broadcast) -> str:
    return f"/desk/review/{lecture.number}"


async def _kept(request: Request, lecture: Broadcast) -> KeptNumber:
    """Raises NotFound where there is none, or none any more."""
    kept = await kept_number(lecture, kit_of(request).settings, sealer_of(request))
    if kept is None or kept.erased_at is not None:
        raise NotFound("这一期没有保存主讲人的身份证号。")
    return kept


def _deciding(
    question: Callable[[Broadcast, KeptNumber], Question], *, held: bool
) -> tuple[Callable[[Request], Awaitable[Response]], Callable[[Request], Awaitable[Response]]]:
    """The page that asks, and what its button does."""

    async def show(request: Request) -> Response:
        _, lecture = await any_lecture(request, Role.ADMINISTRATOR)
        return await ask(request, lecture, question(lecture, await _kept(request, lecture)))

    async def submit(request: Request) -> Response:
        visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
        kept = await _kept(request, lecture)

        async def do(form: DecisionForm) -> str:
            await hold_id_number(
                lecture.number,
                held=held,
                reason=form.reason,
                by=actor_of(visitor),
                now=kit_of(request).clock.now(),
            )
            return "身份证号已保全，不会自动删除。" if held else "已解除保全，身份证号按期限删除。"

        return await decide(request, lecture, question(lecture, kept), do)

    return show, submit


ask_hold, do_hold = _deciding(_holding, held=True)
ask_let_go, do_let_go = _deciding(_letting_go, held=False)
PLACE = "/desk/review/{number}/id-number"
routes = [
    Route(PLACE, ask_read, methods=["GET"]),
    Route(PLACE, do_read, methods=["POST"]),
    Route(f"{PLACE}/hold", ask_hold, methods=["GET"]),
    Route(f"{PLACE}/hold", do_hold, methods=["POST"]),
    Route(f"{PLACE}/release", ask_let_go, methods=["GET"]),
    Route(f"{PLACE}/release", do_let_go, methods=["POST"]),
]
