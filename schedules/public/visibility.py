"""What of the plan the public may read: lectures from 已排期 on, and those called off after they were announced."""

from tortoise.expressions import Q

from core.errors import NotFound
from core.web.text import zh_datetime
from schedules.models import Broadcast
from schedules.numbers import is_number
from schedules.replay_states import OVER, is_shut
from schedules.states import PlanState, ReplayState

__all__ = [
    "CALLED_OFF",
    "CUT_OFF_NOTICE",
    "CUT_OFF_WORDS",
    "OVER",
    "PUBLIC",
    "change_of",
    "find_public",
    "is_public",
    "media_is_shut",
    "public_by_number",
    "replay_notice",
    "shows_replay",
]

CALLED_OFF = (PlanState.POSTPONED, PlanState.CANCELLED)
PUBLIC = Q(plan_state=PlanState.SCHEDULED) | Q(plan_state__in=CALLED_OFF, announced_at__isnull=False)
"""As a filter of lectures."""
CUT_OFF_WORDS = "直播已中止"
CUT_OFF_NOTICE = "本场直播已中止，给您带来不便，敬请谅解。"
"""What viewers are told of 紧急切断; the reason is for the bureau."""


def is_public(broadcast: Broadcast) -> bool:
    """The same as PUBLIC, of one lecture."""
    if broadcast.plan_state in CALLED_OFF:
        return broadcast.announced_at is not None
    return broadcast.plan_state is PlanState.SCHEDULED


async def public_by_number(number: str) -> Broadcast:
    """With its unit. Raises NotFound, for what the public may not know of just as for what there is not."""
    broadcast = await find_public(number)
    if broadcast is None:
        raise NotFound(f"没有编号为 {number[:20]} 的期次。")
    return broadcast


async def find_public(number: str) -> Broadcast | None:
    if not is_number(number):
        return None
    return await Broadcast.filter(PUBLIC).get_or_none(number=number).prefetch_related("unit")


def shows_replay(broadcast: Broadcast) -> bool:
    """Whether the public may play back what there is of it, once it is over."""
    return broadcast.replay_state is ReplayState.PUBLIC


def media_is_shut(broadcast: Broadcast) -> bool:
    """No address of its media answers any more, or yet."""
    return is_shut(broadcast.replay_state, broadcast.air_state)


def change_of(broadcast: Broadcast) -> str:
    """What became of the time it was first told for, in one sentence; empty while it holds."""
    first, now = broadcast.first_starts_at or broadcast.starts_at, broadcast.starts_at
    was = f"原定{zh_datetime(first)}，" if first else ""
    if broadcast.plan_state is PlanState.CANCELLED:
        return f"{was}已取消。"
    if broadcast.plan_state is PlanState.POSTPONED:
        return f"{was}现延期，时间另定。"
    if first and now and first != now:
        return f"{was}现定{zh_datetime(now)}。"
    return ""


def replay_notice(broadcast: Broadcast) -> str:
    """Why its replay is not to be seen, as its page says it; empty while it is public."""
    if broadcast.cut_off_at is not None:
        return CUT_OFF_NOTICE
    match broadcast.replay_state:
        case ReplayState.PUBLIC:
            return ""
        case ReplayState.WITHHELD:
            return f"回看暂缓公开：{broadcast.replay_reason or '州局还在处理'}。"
        case ReplayState.WITHDRAWN:
            return f"回看已下架：{broadcast.replay_reason or '州局已停止公开'}。"
