"""A lecture as the desks show it while it is being planned: where it stands, how long is left, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import DEADLINE_LABELS, Deadline
from schedules.fulfilment import kept_after
from schedules.models import Broadcast, HandIn
from schedules.states import LABELS, LANGUAGE_LABELS, STATE_LABELS, AirState, PlanState
from schedules.turns.queries import deadlines_of

TONES: Mapping[PlanState, str] = {
    PlanState.DRAFT: "quiet",
    PlanState.ISSUED: "",
    PlanState.AWAITING: "attention",
    PlanState.UNIT_REVIEW: "",
    PlanState.BUREAU_REVIEW: "",
    PlanState.SCHEDULED: "done",
    PlanState.POSTPONED: "attention",
    PlanState.CANCELLED: "quiet",
}
WAY = (PlanState.AWAITING, PlanState.UNIT_REVIEW, PlanState.BUREAU_REVIEW, PlanState.SCHEDULED)
"""The stages a unit sees its lecture go through."""


@dataclass(frozen=True, slots=True)
class Stage:
    label: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """days: from today to the day of the lecture, by the calendar; negative when it is past; None without a day.

    moved_from: 原定, when it has been told another time before.
    """

    number: str
    title: str
    unit: str
    unit_code: str
    state: PlanState
    label: str
    tone: str
    starts_at: datetime | None
    moved_from: datetime | None
    days: int | None
    minutes: int
    lecturer_name: str
    lecturer_post: str
    language: str
    audience: str
    laws: list[str]
    version: int
    is_over: bool
    is_sample: bool
    running_number: int | None

    @property
    def name(self) -> str:
        """What to call it while it has no topic yet."""
        return f"《{self.title}》" if self.title else f"{self.number} 期"

    @property
    def unit_path(self) -> str:
        return f"/desk/unit/{self.number}"

    @property
    def review_path(self) -> str:
        return f"/desk/review/{self.number}"

    @property
    def stages(self) -> list[Stage]:
        at = WAY.index(self.state) if self.state in WAY else -1
        return [
            Stage(STATE_LABELS[state], index < at or at == len(WAY) - 1, index == at < len(WAY) - 1)
            for index, state in enumerate(WAY)
        ]


def turn_of(lecture: Broadcast, now: datetime) -> Turn:
    """The lecture with its unit loaded."""
    is_over = lecture.air_state in (AirState.CLOSED, AirState.ENDED)
    on_air = lecture.air_state in (AirState.LIVE, AirState.INTERRUPTED)
    moved = lecture.first_starts_at if lecture.first_starts_at != lecture.starts_at else None
    return Turn(
        number=lecture.number,
        title=lecture.title,
        unit=lecture.unit_name or lecture.unit.name,
        unit_code=lecture.unit_id,
        state=lecture.plan_state,
        label=LABELS[lecture.air_state] if is_over or on_air else STATE_LABELS[lecture.plan_state],
        tone="live" if on_air else "quiet" if is_over else TONES[lecture.plan_state],
        starts_at=lecture.starts_at,
        moved_from=moved,
        days=None if lecture.starts_at is None else days_until(lecture.starts_at, now),
        minutes=lecture.planned_minutes,
        lecturer_name=lecture.lecturer_name,
        lecturer_post=lecture.lecturer_post,
        language=LANGUAGE_LABELS[lecture.language],
        audience=lecture.audience,
        laws=list(lecture.laws),
        version=lecture.version,
        is_over=is_over,
        is_sample=lecture.is_sample,
        running_number=lecture.running_number,
    )


def days_until(moment: datetime, now: datetime) -> int:
    """Days by the calendar of China: tomorrow is 1, however few hours away."""
    return (moment.astimezone(CHINA).date() - now.astimezone(CHINA).date()).days


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """days: how many are left, by the calendar, of the next one; 0 today."""

    label: str
    day: date
    is_done: bool
    is_late: bool
    is_next: bool
    days: int


OPEN_IN: Mapping[Deadline, tuple[PlanState, ...]] = {
    Deadline.HAND_IN: (PlanState.ISSUED, PlanState.AWAITING),
    Deadline.UNIT_REVIEW: (PlanState.ISSUED, PlanState.AWAITING, PlanState.UNIT_REVIEW),
    Deadline.BUREAU_REVIEW: (
        PlanState.ISSUED,
        PlanState.AWAITING,
        PlanState.UNIT_REVIEW,
        PlanState.BUREAU_REVIEW,
    ),
}
"""The deadlines that the state of the plan settles, and the states in which they are not met yet."""
NOTHING: Mapping[Deadline, bool] = {}
TOLD = (*OPEN_IN, Deadline.NOTICE, Deadline.REHEARSAL, Deadline.START, Deadline.FEEDBACK)


def deadline_lines(
    days: Mapping[Deadline, date],
    state: PlanState,
    today: date,
    kept: Mapping[Deadline, bool] = NOTHING,
    shown: tuple[Deadline, ...] = TOLD,
) -> list[DeadlineLine]:
    """What a unit is shown of the days of its lecture, in their order; the next open one is marked. kept: of the
    deadlines after it, as schedules.fulfilment tells."""
    lines: list[DeadlineLine] = []
    has_next = False
    for each in sorted(shown, key=lambda each: days[each]):
        is_open = state in OPEN_IN.get(each, ()) or kept.get(each) is False
        is_late = is_open and days[each] < today
        is_ahead = days[each] >= today and (is_open or each not in (*OPEN_IN, *kept))
        lines.append(
            DeadlineLine(
                label=DEADLINE_LABELS[each],
                day=days[each],
                is_done=(each in OPEN_IN or each in kept) and not is_open,
                is_late=is_late,
                is_next=is_ahead and not has_next,
                days=(days[each] - today).days,
            )
        )
        has_next = has_next or is_ahead
    return lines


async def deadlines_shown(lecture: Broadcast, now: datetime, settings: Settings) -> list[DeadlineLine]:
    """None for a lecture without a day."""
    days = (await deadlines_of([lecture], settings)).get(lecture.id)
    if days is None:
        return []
    kept = await kept_after(lecture, now)
    return deadline_lines(days, lecture.plan_state, now.astimezone(CHINA).date(), kept)


@dataclass(frozen=True, slots=True)
class UnitAct:
    """What the unit is to do about a lecture now. path: empty when it only has to wait."""

    heading: str
    words: str
    label: str
    path: str
    is_hand_in: bool = False


def unit_act(turn: Turn) -> UnitAct:
    """The one next thing, by where the lecture stands."""
    match turn.state:
        case _ if turn.is_over:
            return UnitAct("已经讲完", "讲座已经结束，回看在收看页上。", "打开收看页", f"/l/{turn.number}")
        case PlanState.ISSUED | PlanState.AWAITING:
            words = "请填写主题、主讲人和收看对象，上传课件和讲稿，然后报送。"
            return UnitAct("等您报送", words, "填写报送", f"{turn.unit_path}/hand-in", is_hand_in=True)
        case PlanState.UNIT_REVIEW:
            words = "材料已经报送，请把一次性链接发给单位分管领导初审，或上传签字的审批表。"
            return UnitAct("等单位初审", words, "去办初审", f"{turn.unit_path}#approver")
        case PlanState.BUREAU_REVIEW:
            return UnitAct(
                "等州局审核", "材料已经到州司法局，审核结果会显示在这里。", "查看进度", turn.unit_path
            )
        case PlanState.SCHEDULED:
            words = "这一期已经列入排期。请按时间要求试推流，准时开播。"
            return UnitAct("已经排期", words, "查看这一期", turn.unit_path)
        case PlanState.POSTPONED:
            return UnitAct(
                "已延期", "时间另定，州司法局定下新的时间后会显示在这里。", "查看这一期", turn.unit_path
            )
        case _:
            return UnitAct("已取消", "这一期不讲了，不用再准备。", "查看这一期", turn.unit_path)


def consents_told(row: HandIn | None) -> str:
    """What the lecturer has agreed to, and by whose word."""
    if row is None or not (row.consent_recording or row.consent_publication):
        return "还没有同意录制和公开。"
    parts = [
        words
        for given, words in ((row.consent_recording, "同意录制"), (row.consent_publication, "同意公开回看"))
        if given
    ]
    whose = "主讲人本人确认" if row.consent_by_lecturer else f"{row.consent_by or '单位'}代为填写"
    return f"{'，'.join(parts)}（{whose}）。"
