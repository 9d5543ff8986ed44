"""Texts to paste into a work group: 直播预告, 改期, 延期, 取消, 回看. Pure.

They invite and never order or count anybody: facts of 国办函〔2026〕12号 stand behind that.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.web.text import zh_date, zh_time, zh_weekday
from schedules.states import Delivery, PlanState


class NoticeKind(StrEnum):
    ANNOUNCEMENT = "announcement"
    MOVED = "moved"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    REPLAY = "replay"


NOTICE_LABELS = {
    NoticeKind.ANNOUNCEMENT: "直播预告",
    NoticeKind.MOVED: "改期通知",
    NoticeKind.POSTPONED: "延期通知",
    NoticeKind.CANCELLED: "取消通知",
    NoticeKind.REPLAY: "回看通知",
}
FIRST_SHOWING = {Delivery.LIVE: "直播", Delivery.PREMIERE: "首播", Delivery.EXTERNAL: "直播"}
EASY = "手机点开就能看，不用下载，不用登录。"


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice says. site: the name of the site; address: of the lecture's page, whole.

    starts_at: aware, None while no time stands; first_starts_at: 原定. is_over: it has been given; has_replay: it may
    be played back then.
    """

    site: str
    number: str
    title: str
    unit: str
    lecturer: str
    address: str
    starts_at: datetime | None
    first_starts_at: datetime | None
    minutes: int
    plan: PlanState
    delivery: Delivery = Delivery.LIVE
    audience: str = ""
    is_over: bool = False
    has_replay: bool = True

    @property
    def told_first(self) -> datetime | None:
        return self.first_starts_at or self.starts_at


def right_notice(facts: NoticeFacts) -> NoticeKind:
    """The one that is true now."""
    if facts.plan is PlanState.CANCELLED:
        return NoticeKind.CANCELLED
    if facts.plan is PlanState.POSTPONED:
        return NoticeKind.POSTPONED
    if facts.is_over:
        return NoticeKind.REPLAY
    if facts.starts_at and facts.first_starts_at and facts.starts_at != facts.first_starts_at:
        return NoticeKind.MOVED
    return NoticeKind.ANNOUNCEMENT


def further_notices(facts: NoticeFacts) -> list[NoticeKind]:
    """What else may be pasted without saying anything untrue: a moved lecture is announced again nearer its day."""
    return [NoticeKind.ANNOUNCEMENT] if right_notice(facts) is NoticeKind.MOVED else []


def notice(kind: NoticeKind, facts: NoticeFacts) -> str:
    """Lines without markup, as a chat keeps them."""
    body = {
        NoticeKind.ANNOUNCEMENT: _announcement,
        NoticeKind.MOVED: _moved,
        NoticeKind.POSTPONED: _postponed,
        NoticeKind.CANCELLED: _cancelled,
        NoticeKind.REPLAY: _replay,
    }[kind](facts)
    head = f"【{heading(kind, facts.delivery)}】{facts.site} {facts.number}"
    return "\n".join([head, f"题目：《{facts.title}》", *body])


def heading(kind: NoticeKind, delivery: Delivery) -> str:
    is_premiere = kind is NoticeKind.ANNOUNCEMENT and delivery is Delivery.PREMIERE
    return "首播预告" if is_premiere else NOTICE_LABELS[kind]


def said_time(moment: datetime | None) -> str:
    """2026年11月26日（周四）15:00"""
    return "待定" if moment is None else f"{zh_date(moment)}（{zh_weekday(moment)}）{zh_time(moment)}"


def _announcement(facts: NoticeFacts) -> list[str]:
    return [
        f"时间：{said_time(facts.starts_at)}，约{facts.minutes}分钟",
        *_speaker(facts),
        *([f"收看对象：{facts.audience}"] if facts.audience else []),
        f"收看地址：{facts.address}",
        f"{EASY}错过了{FIRST_SHOWING[facts.delivery]}，用同一个地址可以看回看。欢迎干部职工和服务对象收看。",
    ]


def _moved(facts: NoticeFacts) -> list[str]:
    return [
        f"原定：{said_time(facts.told_first)}",
        f"现定：{said_time(facts.starts_at)}，约{facts.minutes}分钟",
        *_speaker(facts),
        f"收看地址不变：{facts.address}",
        "请互相转告，以新的时间为准。",
    ]


def _postponed(facts: NoticeFacts) -> list[str]:
    return [
        *([f"原定：{said_time(facts.told_first)}"] if facts.told_first else []),
        "现在：延期举行，新的时间另行通知",
        *_speaker(facts),
        f"收看地址不变：{facts.address}",
        "请互相转告，新的时间定下来以后，在这个地址可以看到。",
    ]


def _cancelled(facts: NoticeFacts) -> list[str]:
    return [
        *([f"原定：{said_time(facts.told_first)}"] if facts.told_first else []),
        "现在：取消，不再举行",
        *_speaker(facts),
        f"说明见：{facts.address}",
        "请互相转告，给您带来不便，敬请谅解。",
    ]


def _replay(facts: NoticeFacts) -> list[str]:
    if not facts.has_replay:
        return [
            *_speaker(facts),
            f"地址：{facts.address}",
            "这一讲已经结束，回看暂不提供，请以这个地址上的说明为准。",
        ]
    return [
        *_speaker(facts),
        f"回看地址：{facts.address}",
        f"这一讲已经结束，随时可以回看。{EASY}",
    ]


def _speaker(facts: NoticeFacts) -> list[str]:
    lines = [f"主讲单位：{facts.unit}"]
    return [*lines, f"主讲人：{facts.lecturer}"] if facts.lecturer else lines
