"""What a reminder says: a subject, and a text to paste into a chat as it stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.web.text import zh_date, zh_datetime, zh_weekday
from schedules.deadlines import Deadline
from schedules.fulfilment import path_of
from schedules.reminders.rules import KIND_LABELS, Addressee, ReminderKind


@dataclass(frozen=True, slots=True)
class Words:
    """title is empty while no topic is handed in. address: where the unit goes on, for everybody of it."""

    number: str
    title: str
    unit_name: str
    starts_at: datetime
    deadline: date
    address: str


SENTENCES: Mapping[ReminderKind, str] = {
    ReminderKind.TURN: "请在{deadline}前报送主题、主讲人、课件和讲稿，并经单位分管领导初审。",
    ReminderKind.HAND_IN_SOON: "材料还没有报送，{deadline}截止。请报送主题、主讲人、课件和讲稿。",
    ReminderKind.HAND_IN_LATE: "材料应在{deadline}前报送，还没有收到，请尽快报送；有困难请申请延期或调换。",
    ReminderKind.UNIT_REVIEW: "材料已经提交，还没有单位初审。请分管领导在{deadline}前审核。",
    ReminderKind.BUREAU_REVIEW: "材料已经送到州局，请在{deadline}前完成内容审核、保密审查和授权核对。",
    ReminderKind.NOTICE: "已经排期。请把预告和本单位的二维码发到工作群和服务对象。",
    ReminderKind.REHEARSAL: "请在{deadline}与主讲人一起做一次推流测试，看看画面和声音。",
    ReminderKind.DUTY: "还没有安排值班员，请在开播前安排。",
    ReminderKind.REPLAY: "讲座已经结束，回看还是“暂缓”，应在{deadline}前上线。请公开，或写明原因下架。",
    ReminderKind.SUBTITLES: "讲座已经结束，字幕还没有校对发布，应在{deadline}前完成。",
    ReminderKind.FEEDBACK: "讲座已经结束。组织了集中收看的，请在{deadline}前报场次和人数。",
}
BUREAU = "州局普法工作人员"
PATHS: Mapping[ReminderKind, str] = {
    ReminderKind.TURN: "/desk/unit/{number}",
    ReminderKind.HAND_IN_SOON: "/desk/unit/{number}/hand-in",
    ReminderKind.HAND_IN_LATE: "/desk/unit/{number}/hand-in",
    ReminderKind.UNIT_REVIEW: "/desk/unit/{number}",
    ReminderKind.BUREAU_REVIEW: "/desk/review/{number}",
    ReminderKind.NOTICE: "/desk/broadcasts/{number}/pack",
    ReminderKind.REHEARSAL: "/desk/unit/{number}",
    ReminderKind.DUTY: "/desk/duty",
}
"""The page where what is asked for is done, for everybody of the unit or the bureau: it lets in who logs in."""


AFTERWARDS: Mapping[ReminderKind, Deadline] = {
    ReminderKind.REPLAY: Deadline.REPLAY,
    ReminderKind.SUBTITLES: Deadline.SUBTITLES,
    ReminderKind.FEEDBACK: Deadline.FEEDBACK,
}


def path_to(kind: ReminderKind, number: str) -> str:
    """Of what comes after a lecture, whoever answers for it says the page."""
    if kind in PATHS:
        return PATHS[kind].format(number=number)
    return path_of(AFTERWARDS[kind], number)


def subject_of(kind: ReminderKind, words: Words) -> str:
    return f"法治微课堂{words.number}期：{KIND_LABELS[kind]}"


def text_of(kind: ReminderKind, addressee: Addressee, words: Words) -> str:
    """Greeting, which lecture, what to do by when, where."""
    deadline = f"{zh_date(words.deadline)}（{zh_weekday(words.deadline)}）"
    titled = f"《{words.title}》" if words.title else ""
    start = f"{zh_datetime(words.starts_at)}（{zh_weekday(words.starts_at)}）"
    greeting, speaker = (
        (words.unit_name, "贵单位") if addressee is Addressee.UNIT else (BUREAU, words.unit_name)
    )
    return "\n".join(
        (
            f"{greeting}：",
            f"法治微课堂{words.number}期{titled}，由{speaker}主讲，{start}{'' if kind in AFTERWARDS else '开播'}。",
            SENTENCES[kind].format(deadline=deadline),
            f"办理地址：{words.address}",
        )
    )


def with_link(text: str, link: str, hours: int) -> str:
    """The same for one person alone: with a link that opens the task once, without a password."""
    return f"{text}\n一次性链接（{hours}小时内有效，只能用一次，请不要转发）：{link}"
