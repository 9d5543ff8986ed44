"""An open 调换: the units and the bureau each say yes or no; whoever asked may take it back."""

from collections.abc import Mapping
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.web.actors import actor_of
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.text import zh_datetime
from schedules.models import Broadcast, Swap, SwapState
from schedules.pages.access import require_liaison
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide
from schedules.turns.swaps import confirm_swap, refuse_swap, withdraw_swap

YES, NO, TAKE_BACK = (
    Act("同意调换", "yes"),
    Act("不同意", "no", "button-harm"),
    Act("撤回申请", "withdraw", "button-harm"),
)
DONE: Mapping[str, str] = {"yes": "已同意调换", "no": "已答复不同意调换", "withdraw": "调换申请已撤回"}


async def _swap(swap_id: UUID) -> Swap:
    found = await Swap.get_or_none(id=swap_id).prefetch_related("asking__unit", "offered__unit")
    if found is None:
        raise NotFound("没有这次调换申请。")
    return found


def _check_open(swap: Swap) -> None:
    if swap.state is not SwapState.OPEN:
        raise Conflict("这次调换刚刚有人办过了，请回到工作台看结果。")


def _question(swap: Swap, acts: list[Act], back: str, waiting: str) -> Question:
    return Question(
        title=f"{swap.asking.unit.name}申请和{swap.offered.unit.name}调换",
        consequences=(
            f"{swap.asking.unit.name}：{_when(swap.asking)} → {_when(swap.offered)}",
            f"{swap.offered.unit.name}：{_when(swap.offered)} → {_when(swap.asking)}",
            f"原因：{swap.reason}（{swap.asked_by}）",
            waiting,
        ),
        acts=acts,
        back=back,
        reason_label="答复" if NO in acts else "",
        reason_help="不同意时必须写明原因。",
        reason_optional=True,
    )


def _when(lecture: Broadcast) -> str:
    return f"{zh_datetime(lecture.starts_at) if lecture.starts_at else '时间另定'}（{lecture.number}）"


def _waiting(swap: Swap) -> str:
    names = {
        swap.asking_unit: swap.asking.unit.name,
        swap.offered_unit: swap.offered.unit.name,
        "": "州司法局",
    }
    waiting = [names.get(each, each) for each in swap.waits_for]
    return f"还等{'、'.join(waiting)}同意。" if waiting else ""


async def _of_unit(request: Request) -> tuple[Visitor, Swap, Broadcast, Question]:
    """The swap as one of its two units meets it. Raises Forbidden for a third one."""
    visitor, unit_code = await require_liaison(request)
    swap = await _swap(request.path_params["id"])
    if unit_code not in (swap.asking_unit, swap.offered_unit):
        raise Forbidden("这次调换和您的单位无关。")
    _check_open(swap)
    if unit_code == swap.asking_unit:
        question = _question(swap, [TAKE_BACK], f"/desk/unit/{swap.asking.number}", _waiting(swap))
        return visitor, swap, swap.asking, question
    acts = [YES, NO] if swap.offered_at is None else [NO]
    return visitor, swap, swap.offered, _question(swap, acts, "/desk/unit", _waiting(swap))


async def _of_bureau(request: Request) -> tuple[Visitor, Swap, Broadcast, Question]:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    swap = await _swap(request.path_params["id"])
    _check_open(swap)
    acts = [YES, NO] if swap.bureau_at is None else [NO]
    return visitor, swap, swap.asking, _question(swap, acts, "/desk", _waiting(swap))


async def show_unit(request: Request) -> Response:
    _, _, lecture, question = await _of_unit(request)
    return await ask(request, lecture, question)


async def show_bureau(request: Request) -> Response:
    _, _, lecture, question = await _of_bureau(request)
    return await ask(request, lecture, question)


async def answer_unit(request: Request) -> Response:
    return await _answer(request, *await _of_unit(request))


async def answer_bureau(request: Request) -> Response:
    return await _answer(request, *await _of_bureau(request))


async def _answer(
    request: Request, visitor: Visitor, swap: Swap, lecture: Broadcast, question: Question
) -> Response:
    by, now = actor_of(visitor), kit_of(request).clock.now()

    async def do(form: DecisionForm) -> str:
        if form.decision not in [act.value for act in question.acts]:
            raise Invalid({}, "请点一个按钮来答复。")
        match form.decision:
            case "yes":
                done = await confirm_swap(swap.id, by=by, now=now)
                if done.state is SwapState.DONE:
                    return "三方都同意了，两个单位已经互换时间。"
            case "no":
                await refuse_swap(swap.id, reason=form.reason, by=by, now=now)
            case "withdraw":
                await withdraw_swap(swap.id, by=by, now=now, reason=form.reason)
        return f"{DONE[form.decision]}。"

    return await decide(request, lecture, question, do)


routes = [
    Route("/desk/unit/swaps/{id:uuid}", show_unit, methods=["GET"]),
    Route("/desk/unit/swaps/{id:uuid}", answer_unit, methods=["POST"]),
    Route("/desk/swaps/{id:uuid}", show_bureau, methods=["GET"]),
    Route("/desk/swaps/{id:uuid}", answer_bureau, methods=["POST"]),
]
