"""What an administrator can do about a lecture now. Pure."""

from dataclasses import dataclass

from schedules.models import Broadcast
from schedules.plan_states import PlanAct, allows
from schedules.states import WITH_THE_UNIT, AirState, PlanState


@dataclass(frozen=True, slots=True)
class BureauAct:
    """is_post: a button that acts at once; else a link to a page that asks first, or shows something."""

    label: str
    icon: str
    path: str
    is_harm: bool = False
    is_post: bool = False


def bureau_acts(lecture: Broadcast, *, asked_postponement: bool) -> list[BureauAct]:
    """In the order of the page."""
    state, base = lecture.plan_state, f"/desk/review/{lecture.number}"
    is_ahead = lecture.air_state is AirState.SCHEDULED and lecture.first_live_at is None
    acts = []
    if asked_postponement:
        acts.append(BureauAct("答复延期申请…", "calendar-clock", f"{base}/postponement"))
    if allows(state, PlanAct.ISSUE):
        acts.append(BureauAct("下达给单位…", "send", f"{base}/issue"))
    if state in (*WITH_THE_UNIT, PlanState.UNIT_REVIEW):
        acts.append(BureauAct("给联络员发新链接", "link", f"{base}/liaison-link", is_post=True))
    if state is PlanState.UNIT_REVIEW:
        acts.append(BureauAct("代单位退回修改…", "undo-2", f"{base}/return", is_harm=True))
    if state is PlanState.SCHEDULED:
        acts.append(BureauAct("推流信息和播出情况", "radio", f"/desk/broadcasts/{lecture.number}"))
        acts.append(BureauAct("海报、二维码和通知", "qr-code", f"/desk/broadcasts/{lecture.number}/pack"))
    if is_ahead and allows(state, PlanAct.POSTPONE_OPEN) and not asked_postponement:
        acts.append(BureauAct("延期…", "calendar-clock", f"{base}/postpone", is_harm=True))
    if allows(state, PlanAct.RESUME):
        acts.append(BureauAct("定新的时间…", "calendar-check", f"{base}/resume"))
    if state is PlanState.SCHEDULED:
        acts.append(BureauAct("回看：公开、暂缓或下架…", "eye", f"{base}/replay"))
    if state is not PlanState.DRAFT:
        acts.append(BureauAct("登记第几期…", "list-video", f"{base}/running-number"))
    if is_ahead and allows(state, PlanAct.CANCEL):
        acts.append(BureauAct("取消这一期…", "ban", f"{base}/cancel", is_harm=True))
    return acts
