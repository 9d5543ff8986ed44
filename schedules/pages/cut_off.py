"""紧急切断: the page that asks why, and the one that takes a mistaken cut back."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.audit import Actor
from core.errors import Conflict, Forbidden
from core.web.actors import actor_of
from core.web.identity import Visitor
from core.web.kit import kit_of
from schedules.cut_causes import CUT_CAUSE_LABELS
from schedules.cut_offs import CAN_BE_CUT, cause_of, cut_off, cut_off_in_force, undo_cut_off
from schedules.models import Broadcast
from schedules.pages.access import BUREAU, any_lecture
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide

HARM = "button-harm-sure"


def may_cut_off(visitor: Visitor, lecture: Broadcast) -> bool:
    """Administrators, and who is on duty for this lecture."""
    if visitor.role == Role.ADMINISTRATOR:
        return True
    return visitor.role == Role.DUTY and visitor.id == lecture.duty_officer_id


async def show(request: Request) -> Response:
    _, lecture = await _lecture(request)
    return await ask(request, lecture, _question(lecture))


async def submit(request: Request) -> Response:
    visitor, lecture = await _lecture(request)
    by, now = actor_of(visitor), kit_of(request).clock.now()

    async def do(form: DecisionForm) -> str:
        await cut_off(lecture.number, cause=cause_of(form.choice), words=form.reason, by=by, now=now)
        return "已切断。推流被断开，观众看到“直播已中止”。录像保留，不对外公开。"

    return await decide(request, lecture, _question(lecture), do)


async def show_undo(request: Request) -> Response:
    _, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    return await ask(request, lecture, await _undo_question(lecture))


async def submit_undo(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    by: Actor = actor_of(visitor)
    now = kit_of(request).clock.now()

    async def do(form: DecisionForm) -> str:
        await undo_cut_off(lecture.number, reason=form.reason, by=by, now=now)
        return "已撤销切断。主讲人在推流软件里重新点“开始直播”，就接着播。"

    return await decide(request, lecture, await _undo_question(lecture), do)


async def _lecture(request: Request) -> tuple[Visitor, Broadcast]:
    """Raises LoginRequired, Forbidden, NotFound, Conflict."""
    visitor, lecture = await any_lecture(request, *BUREAU)
    if not may_cut_off(visitor, lecture):
        raise Forbidden("切断由管理员和这一期的值班员办理。情况紧急请马上联系他们。")
    if lecture.cut_off_at is None and lecture.air_state not in CAN_BE_CUT:
        raise Conflict(f"《{lecture.title}》没有在直播，不用切断。")
    return visitor, lecture


def _question(lecture: Broadcast) -> Question:
    return Question(
        title=f"紧急切断《{lecture.title}》？",
        consequences=(
            "推流马上断开，收看页和正在看的播放器几秒内换成“直播已中止”。",
            "回看撤下，以前的播放地址全部失效；录像保留，不会删除。",
            "原因记入操作日志，观众看不到。切错了，管理员可以撤销。",
        ),
        acts=(Act("紧急切断", style=HARM),),
        back=_back(lecture),
        leave="不切断",
        choices=[(cause.value, label) for cause, label in CUT_CAUSE_LABELS.items()],
        choice_label="原因",
        reason_label="说明",
        reason_help="选“其他”时必须写；别的原因可以不写，事后有办理经过可查。",
        reason_optional=True,
        is_harm=True,
    )


async def _undo_question(lecture: Broadcast) -> Question:
    made = await cut_off_in_force(lecture.id)
    if made is None:
        raise Conflict(f"《{lecture.title}》没有被切断，不用撤销。")
    return Question(
        title=f"撤销对《{lecture.title}》的切断？",
        consequences=(
            f"{made.person}切断，原因：{made.reason}。",
            "收看页和回看恢复到切断以前的样子；没有过续播时间的，主讲人用原来的推流码就能接着播。",
        ),
        acts=(Act("撤销切断"),),
        back=_back(lecture),
        leave="先不撤销",
        reason_label="撤销的原因",
    )


def _back(lecture: Broadcast) -> str:
    return f"/desk/broadcasts/{lecture.number}"


routes = [
    Route("/desk/broadcasts/{number}/cut", show, methods=["GET"]),
    Route("/desk/broadcasts/{number}/cut", submit, methods=["POST"]),
    Route("/desk/broadcasts/{number}/cut/undo", show_undo, methods=["GET"]),
    Route("/desk/broadcasts/{number}/cut/undo", submit_undo, methods=["POST"]),
]
