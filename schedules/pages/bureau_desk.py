"""The way into the desk. For the bureau: what waits for it, what is late, this month; for others their first page."""

from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import CHINA
from core.settings import Settings
from core.web.desk_nav import HOME, DeskPlace, desk_of
from core.web.guards import require_login
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import redirect, render
from core.web.text import zh_date
from schedules.deadlines import DEADLINE_LABELS
from schedules.models import Broadcast, PostponementState, SwapState
from schedules.models.postponement import Postponement
from schedules.models.swap import Swap
from schedules.pages.access import BUREAU
from schedules.pages.turns import Turn, turn_of
from schedules.queries import ON_AIR, late, waiting_for_bureau
from schedules.states import PlanState
from schedules.turns.postponements import postponements_waiting
from schedules.turns.queries import month_of_turns
from schedules.turns.swaps import swaps_waiting_for


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing the bureau has to do. by: until when it should be done, as far as that is known."""

    kind: str
    title: str
    turn: Turn
    words: str
    path: str
    act: str
    by: datetime | None


@dataclass(frozen=True, slots=True)
class LateLine:
    kind: str
    title: str
    turn: Turn
    words: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    turn: Turn
    duty: str
    needs_duty: bool


@dataclass(frozen=True, slots=True)
class BureauDeskPage:
    today: date
    on_air: Turn | None
    first: Waiting | None
    rest: list[Waiting]
    late: list[LateLine]
    month: list[MonthLine]


async def desk(request: Request) -> Response:
    visitor = await require_login(request)
    if visitor.role not in BUREAU:
        return redirect(request, desk_of(request).first(visitor))
    kit = kit_of(request)
    now = kit.clock.now()
    waiting = await _waiting(now)
    live = (
        await Broadcast.filter(air_state__in=ON_AIR)
        .order_by("first_live_at")
        .prefetch_related("unit")
        .first()
    )
    page = BureauDeskPage(
        today=now.astimezone(CHINA).date(),
        on_air=turn_of(live, now) if live else None,
        first=waiting[0] if waiting else None,
        rest=waiting[1:],
        late=await _late(now, kit.settings),
        month=[_month_line(each, now) for each in await month_of_turns(now)],
    )
    return await render(request, "schedules/bureau_desk.html", page)


async def _waiting(now: datetime) -> list[Waiting]:
    """What is given soonest comes first; what has no day comes last."""
    found = [_review(turn_of(each, now)) for each in await waiting_for_bureau(now)]
    found += [
        _swap(each, turn_of(each.asking, now), each.offered.unit.name)
        for each in await swaps_waiting_for(None)
    ]
    found += [_postponement(each, turn_of(each.broadcast, now)) for each in await postponements_waiting()]
    return sorted(found, key=lambda each: (each.by is None, each.by))


def _review(turn: Turn) -> Waiting:
    words = f"{zh_date(turn.starts_at)}开播" if turn.starts_at else "时间另定"
    return Waiting(
        "等州局审核", turn.title or turn.number, turn, words, turn.review_path, "去审核", turn.starts_at
    )


def _swap(swap: Swap, turn: Turn, other: str) -> Waiting:
    words = f"想和{other}调换：{swap.reason}"
    return Waiting(
        "调换申请",
        f"{turn.unit}和{other}调换",
        turn,
        words,
        f"/desk/swaps/{swap.id}",
        "去答复",
        turn.starts_at,
    )


def _postponement(asked: Postponement, turn: Turn) -> Waiting:
    title = f"{turn.unit}申请延期"
    path = f"{turn.review_path}/postponement"
    return Waiting("延期申请", title, turn, asked.reason, path, "去答复", turn.starts_at)


async def _late(now: datetime, settings: Settings) -> list[LateLine]:
    return [
        LateLine(
            kind=f"{DEADLINE_LABELS[each.deadline]}逾期",
            title=each.broadcast.title or "主题还没有填",
            turn=turn_of(each.broadcast, now),
            words=f"应在{zh_date(each.day)}前，已过 {each.working_days} 个工作日",
        )
        for each in await late(now, settings)
    ]


def _month_line(lecture: Broadcast, now: datetime) -> MonthLine:
    turn = turn_of(lecture, now)
    duty = lecture.duty_officer.display_name if lecture.duty_officer else ""
    return MonthLine(turn, duty, not duty and not turn.is_over and turn.state is not PlanState.CANCELLED)


async def _count(_visitor: Visitor, _now: datetime) -> int:
    reviews = await Broadcast.filter(plan_state=PlanState.BUREAU_REVIEW).count()
    swaps = await Swap.filter(state=SwapState.OPEN, bureau_at=None).count()
    return reviews + swaps + await Postponement.filter(state=PostponementState.ASKED).count()


desk_places = [DeskPlace(HOME, "inbox", "待办", BUREAU, "work", _count, "件等着办")]

routes = [Route(HOME, desk)]
