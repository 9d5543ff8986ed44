"""What the bureau decides about a lecture: told, sent back, postponed, called off, who may see its replay."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.audit import Actor
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.kit import kit_of
from core.web.text import zh_datetime
from schedules.models import Broadcast
from schedules.pages.access import any_lecture
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide
from schedules.replay_states import REPLAY_LABELS
from schedules.replays import set_replay
from schedules.states import PlanState, ReplayState
from schedules.turns.postponements import answer_postponement, open_postponement, postpone, resume
from schedules.turns.running_numbers import set_running_number
from schedules.turns.steps import cancel, issue, return_to_unit

Ask = Callable[[Broadcast], Awaitable[Question]]
Do = Callable[[Request, Actor, Broadcast, DecisionForm], Awaitable[str]]
HARM = "button-harm-sure"


def name_of(lecture: Broadcast) -> str:
    return f"《{lecture.title}》" if lecture.title else f" {lecture.number} "


def back_to(lecture: Broadcast) -> str:
    return f"/desk/review/{lecture.number}"


async def ask_issue(lecture: Broadcast) -> Question:
    return Question(
        title=f"把{lecture.number}下达给{lecture.unit.name}？",
        consequences=(
            f"编号 {lecture.number} 从此不变，改期、取消以后也不再给别的讲座用。",
            "单位的工作台上会出现这一期，各项截止日期开始计算。",
        ),
        acts=(Act("下达"),),
        back=back_to(lecture),
    )


async def do_issue(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    kit = kit_of(request)
    await issue([lecture.number], by=by, now=kit.clock.now(), settings=kit.settings)
    return f"{lecture.number} 已下达给{lecture.unit.name}。"


async def ask_return(lecture: Broadcast) -> Question:
    return Question(
        title=f"把{name_of(lecture)}退回{lecture.unit.name}修改？",
        consequences=(
            "单位改好后要重新报送，再经单位初审、州局审核。",
            "退回的原因会写进办理经过，单位看得到。",
        ),
        acts=(Act("退回修改", style=HARM),),
        back=back_to(lecture),
        leave="先不退回",
        reason_label="退回的原因",
        reason_help="写清楚哪里要改、怎么改，例如：引用的条款已经修订，请换成新条文。",
        is_harm=True,
    )


async def do_return(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    now = kit_of(request).clock.now()
    await return_to_unit(lecture.number, version=form.version, by=by, now=now, reason=form.reason)
    return f"{lecture.number} 已退回{lecture.unit.name}修改。"


async def ask_postpone(lecture: Broadcast) -> Question:
    announced = ("公开页面马上显示原定和现定的时间。",) if lecture.plan_state is PlanState.SCHEDULED else ()
    return Question(
        title=f"{name_of(lecture)}延期？",
        consequences=(f"编号 {lecture.number} 不变，收看地址也不变。", *announced),
        acts=(Act("延期", style=HARM),),
        back=back_to(lecture),
        leave="先不延期",
        reason_label="延期的原因",
        asks_time=True,
        time_optional=True,
        is_harm=True,
    )


async def do_postpone(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    kit, to = kit_of(request), form.moment()
    await postpone(
        lecture.number,
        reason=form.reason,
        to=to,
        version=form.version,
        by=by,
        now=kit.clock.now(),
        settings=kit.settings,
    )
    return f"{lecture.number} 已延期，{f'改到 {zh_datetime(to)}' if to else '时间另定'}。"


async def ask_resume(lecture: Broadcast) -> Question:
    return Question(
        title=f"给{name_of(lecture)}定新的时间",
        consequences=("定下以后，这一期回到延期前的那一步继续办。",),
        acts=(Act("定下时间"),),
        back=back_to(lecture),
        asks_time=True,
    )


async def do_resume(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    kit, to = kit_of(request), form.moment()
    if to is None:
        raise Invalid({"date": "请选定哪一天。"})
    await resume(
        lecture.number, to=to, version=form.version, by=by, now=kit.clock.now(), settings=kit.settings
    )
    return f"{lecture.number} 已定在 {zh_datetime(to)}。"


async def ask_cancel(lecture: Broadcast) -> Question:
    return Question(
        title=f"取消{name_of(lecture)}？",
        consequences=(
            f"取消后不能恢复，编号 {lecture.number} 也不再给别的讲座用。",
            "没有办完的调换和延期申请一并结束。",
            "已经公布的，公开页面马上显示“已取消”。",
        ),
        acts=(Act("取消这一期", style=HARM),),
        back=back_to(lecture),
        leave="先不取消",
        reason_label="取消的原因",
        is_harm=True,
    )


async def do_cancel(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    now = kit_of(request).clock.now()
    await cancel(lecture.number, version=form.version, by=by, now=now, reason=form.reason)
    return f"{lecture.number} 已取消。"


async def ask_replay(lecture: Broadcast) -> Question:
    others = [each for each in ReplayState if each is not lecture.replay_state]
    return Question(
        title=f"{name_of(lecture)}的回看",
        consequences=(
            f"现在是“{REPLAY_LABELS[lecture.replay_state]}”。"
            + (f"原因：{lecture.replay_reason}" if lecture.replay_reason else ""),
            "“暂缓”和“下架”都要写原因，收看页会把原因告诉观众；主讲人撤回同意的，选“下架”。",
            "不公开以后，以前发出去的播放地址一分钟内全部失效。录像不会删除，可以再公开。",
        ),
        acts=(Act("改变回看状态", style=HARM),),
        back=back_to(lecture),
        leave="先不改",
        choices=[(each.value, REPLAY_LABELS[each]) for each in others],
        choice_label="改为",
        reason_label="原因",
        reason_help="改为“公开”时可以不写。",
        reason_optional=True,
        is_harm=True,
    )


async def do_replay(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    if form.choice not in set(ReplayState):
        raise Invalid({"choice": "请选择改为哪一种。"})
    state, now = ReplayState(form.choice), kit_of(request).clock.now()
    await set_replay(lecture.number, state, reason=form.reason, version=form.version, by=by, now=now)
    return f"{lecture.number} 的回看已改为“{REPLAY_LABELS[state]}”。"


async def ask_answer(lecture: Broadcast) -> Question:
    asked = await open_postponement(lecture.id)
    if asked is None:
        raise Conflict(f"{lecture.number} 没有等答复的延期申请，可能刚刚有人办过了。")
    wanted = f"希望改到 {zh_datetime(asked.wanted)}" if asked.wanted else "希望时间另定"
    return Question(
        title=f"答复{lecture.unit.name}的延期申请",
        consequences=(f"{asked.asked_by}申请，{wanted}。", f"原因：{asked.reason}"),
        acts=(Act("同意延期", "grant"), Act("不同意", "refuse", "button-harm")),
        back=back_to(lecture),
        reason_label="答复",
        reason_help="不同意时必须写明原因。",
        reason_optional=True,
        asks_time=True,
        time_optional=True,
    )


async def do_answer(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    asked, kit = await open_postponement(lecture.id), kit_of(request)
    if asked is None or form.decision not in ("grant", "refuse"):
        raise Invalid({}, "请点“同意延期”或“不同意”。")
    granted = form.decision == "grant"
    await answer_postponement(
        asked.id,
        granted=granted,
        to=form.moment() if granted else None,
        answer=form.reason,
        by=by,
        now=kit.clock.now(),
        settings=kit.settings,
    )
    return f"已答复{lecture.unit.name}：{'同意延期' if granted else '不同意延期'}。"


async def ask_running_number(lecture: Broadcast) -> Question:
    return Question(
        title=f"{name_of(lecture)}是第几期？",
        consequences=(
            "这是办公室自己的期数，显示在收看页、全年安排和排期表上。",
            f"编号 {lecture.number} 和收看地址不变。",
        ),
        acts=(Act("保存"),),
        back=back_to(lecture),
        running_label="第几期",
        running_now=lecture.running_number,
    )


async def do_running_number(request: Request, by: Actor, lecture: Broadcast, form: DecisionForm) -> str:
    now = kit_of(request).clock.now()
    await set_running_number(lecture.number, form.running, version=form.version, by=by, now=now)
    return (
        f"{lecture.number} 已登记为第 {form.running} 期。"
        if form.running
        else f"{lecture.number} 不再显示期数。"
    )


DECISIONS: dict[str, tuple[Ask, Do]] = {
    "issue": (ask_issue, do_issue),
    "return": (ask_return, do_return),
    "postpone": (ask_postpone, do_postpone),
    "resume": (ask_resume, do_resume),
    "cancel": (ask_cancel, do_cancel),
    "replay": (ask_replay, do_replay),
    "postponement": (ask_answer, do_answer),
    "running-number": (ask_running_number, do_running_number),
}


def _routes(act: str, question: Ask, do: Do) -> list[Route]:
    """The page that asks, and the form it sends."""

    async def show(request: Request) -> Response:
        _, lecture = await any_lecture(request, Role.ADMINISTRATOR)
        return await ask(request, lecture, await question(lecture))

    async def submit(request: Request) -> Response:
        visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
        by = actor_of(visitor)
        return await decide(
            request, lecture, await question(lecture), lambda form: do(request, by, lecture, form)
        )

    path = f"/desk/review/{{number}}/{act}"
    return [Route(path, show, methods=["GET"]), Route(path, submit, methods=["POST"])]


routes = [route for act, (question, do) in DECISIONS.items() for route in _routes(act, question, do)]
