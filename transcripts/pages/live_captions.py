"""实时字幕 at the bureau's lecture page: how they go, and the switch that asks why."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Conflict, Forbidden
from core.web.actors import actor_of
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import render_part
from schedules.models import Broadcast
from schedules.pages.access import BUREAU, any_lecture
from schedules.pages.cut_off import may_cut_off
from schedules.pages.questions import Act, DecisionForm, Question, ask, decide
from schedules.queries import by_number
from schedules.states import AirState
from transcripts.live.switch import SILENT_AFTER, live_captions_of, turn_off, turn_on, why_not
from transcripts.models import CaptionState, LiveCaptions
from transcripts.models.live_captions import CAPTION_LABELS
from transcripts.speech.registry import ModelState, model_state

PLACE = "/desk/broadcasts/{number}/captions"
TONES = {
    CaptionState.WAITING: "",
    CaptionState.STARTING: "",
    CaptionState.ON: "live",
    CaptionState.OFF: "quiet",
    CaptionState.STOPPED: "attention",
}


@dataclass(frozen=True, slots=True)
class CaptionsPanel:
    """label, tone: of the pill. words: what is so and what to do. objection: why they cannot be turned on."""

    number: str
    is_on: bool
    label: str
    tone: str
    words: str
    objection: str
    may_turn_on: bool
    may_turn_off: bool


async def captions_panel(request: Request, visitor: Visitor, lecture: Broadcast) -> CaptionsPanel | None:
    """What the lecture's page shows; None once it is over."""
    if lecture.air_state is AirState.ENDED:
        return None
    settings, now = kit_of(request).settings, kit_of(request).clock.now()
    row = await live_captions_of(lecture.id)
    state = row.state if row is not None else CaptionState.OFF
    objection = why_not(lecture, model_state(settings))
    words = "没有打开。打开后由机器边听边出字幕，会有错，观众可以不看。"
    if row is not None and state is CaptionState.STOPPED:
        words = f"{row.detail}字幕已经从收看页撤下，直播不受影响。处理好以后可以重新打开。"
    elif row is not None and row.is_on:
        heard_of_late = row.told_at is not None and now - row.told_at <= SILENT_AFTER
        words = _going(row, lecture, heard_of_late=heard_of_late)
    elif row is not None:
        words = f"{row.person}关闭，原因：{row.reason}。"
    return CaptionsPanel(
        number=lecture.number,
        is_on=row is not None and row.is_on,
        label=CAPTION_LABELS[state],
        tone=TONES[state],
        words=words,
        objection=objection,
        may_turn_on=visitor.role == Role.ADMINISTRATOR,
        may_turn_off=may_cut_off(visitor, lecture),
    )


def _going(row: LiveCaptions, lecture: Broadcast, *, heard_of_late: bool) -> str:
    opened = f"{row.person}打开，原因：{row.reason}。"
    if lecture.air_state is AirState.SCHEDULED or (row.state is CaptionState.WAITING and heard_of_late):
        return f"{opened}推流连上、语音模型装入后自动出现。"
    if not heard_of_late:
        return f"{opened}媒体进程还没有回音，请稍候；超过一分钟请管理员看日志。"
    if row.state is CaptionState.STARTING:
        return f"{opened}正在装入语音模型。"
    if row.delay_ms is None:
        return f"{opened}观众已经可以选看，还没有听到讲话。"
    return f"{opened}最近的字幕比说话晚大约 {row.delay_ms / 1000:.1f} 秒。"


async def panel(request: Request) -> Response:
    """The part of the lecture's page that says how they go, asked for every two seconds."""
    visitor = await require_role(request, *BUREAU)
    lecture = await by_number(request.path_params["number"])
    context = {"captions": await captions_panel(request, visitor, lecture)}
    return await render_part(request, "transcripts/live_captions_panel.html", context)


async def show(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, *BUREAU)
    return await ask(request, lecture, await _question(request, visitor, lecture))


async def submit(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, *BUREAU)
    question = await _question(request, visitor, lecture)
    by, now = actor_of(visitor), kit_of(request).clock.now()

    async def do(form: DecisionForm) -> str:
        # What was asked is done, not the opposite of what somebody else has done meanwhile.
        if form.decision == "on":
            await turn_on(lecture.number, reason=form.reason, model=_model(request), by=by, now=now)
            return "实时字幕已打开。开播后几秒内出现在收看页的“字幕”菜单里。"
        await turn_off(lecture.number, reason=form.reason, by=by, now=now)
        return "实时字幕已关闭，几秒内从收看页撤下。"

    return await decide(request, lecture, question, do)


async def _question(request: Request, visitor: Visitor, lecture: Broadcast) -> Question:
    """Raises Forbidden, Conflict."""
    row = await live_captions_of(lecture.id)
    back = f"/desk/broadcasts/{lecture.number}"
    if row is not None and row.is_on:
        if not may_cut_off(visitor, lecture):
            raise Forbidden("关闭实时字幕由管理员和这一期的值班员办理。")
        return Question(
            title=f"关闭《{lecture.title}》的实时字幕？",
            consequences=(
                "观众正在看的字幕几秒内消失，以前的字幕地址全部失效；直播不受影响。",
                "原因记入操作日志，观众看不到。",
            ),
            acts=(Act("关闭实时字幕", "off"),),
            back=back,
            leave="先不关",
            reason_label="原因",
        )
    if visitor.role != Role.ADMINISTRATOR:
        raise Forbidden("实时字幕由管理员打开。需要的话请联系管理员。")
    if objection := why_not(lecture, _model(request)):
        raise Conflict(objection)
    return Question(
        title=f"打开《{lecture.title}》的实时字幕？",
        consequences=(
            "由机器边听边出字幕，没有人校对，会有错字、错句。画面和菜单里标明“实时字幕，可能有误”，观众可以不看。",
            "命中屏蔽词的句子不显示。跟不上时自动关闭，直播不受影响。",
            "出了问题随时可以关，几秒内从收看页撤下；紧急切断时一同消失。",
            "讲座结束后字幕撤下，内容转为校对草稿，不公开。打开的原因记入操作日志。",
        ),
        acts=(Act("打开实时字幕", "on"),),
        back=back,
        leave="先不打开",
        reason_label="原因",
        reason_help="例如：州残联组织听障人士收看。",
    )


def _model(request: Request) -> ModelState:
    return model_state(kit_of(request).settings)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, submit, methods=["POST"]),
    Route(PLACE + "/panel", panel),
]
