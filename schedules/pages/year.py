"""全年排期: a year by month and as a list; chosen drafts told to their units, or kept as they are."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.clock import CHINA
from core.errors import DomainError, Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models.rota import RotaRun
from schedules.planning import last_run
from schedules.planning.inputs import pattern_of
from schedules.planning.moves import ChangedMeanwhile, set_locked
from schedules.planning.suggestions import Suggestion, suggestions
from schedules.planning.year_queries import lectures_of_year, planned_years
from schedules.planning.year_view import (
    YearCounts,
    YearLecture,
    YearMonth,
    by_month,
    counts,
    in_order,
    tokens,
    year_lecture,
)
from schedules.turns.steps import issue
from schedules.workdays.calendars import load_calendar

PLACE = "/desk/year"
WRITERS = (Role.ADMINISTRATOR,)
READERS = (Role.ADMINISTRATOR, Role.DUTY, Role.OFFICIAL, Role.AUDITOR)
NEXT_YEAR_FROM = 11
"""From November on the year that is planned is the next one."""
MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class YearPage:
    """room: how many lectures the rota can hold. run: the generation that could be undone.

    may_plan: whether this visitor may change anything; view: month or list.
    """

    year: int
    years: list[int]
    view: str
    months: list[YearMonth]
    lectures: list[YearLecture]
    counts: YearCounts
    room: int
    note: str | None
    suggestions: list[Suggestion]
    run: RotaRun | None
    may_plan: bool


@dataclass(frozen=True, slots=True)
class IssuePage:
    """faults: why some of the chosen lectures cannot be told to anybody yet."""

    year: int
    lectures: list[YearLecture]
    faults: list[str]


async def present(request: Request) -> Response:
    await require_role(request, *READERS)
    local = kit_of(request).clock.now().astimezone(CHINA)
    return redirect(request, f"{PLACE}/{local.year + (local.month >= NEXT_YEAR_FROM)}")


async def page(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    now = kit.clock.now()
    year, years = await year_of(request)
    lectures = in_order(year_lecture(each) for each in await lectures_of_year(year))
    may_plan = visitor.role in WRITERS
    run = await last_run()
    view = request.query_params.get("view", "month")
    found = YearPage(
        year=year,
        years=years,
        view=view if view in ("month", "list") else "month",
        months=by_month(year, lectures),
        lectures=lectures,
        counts=counts(each for each in lectures if each.number.startswith(f"{year}-")),
        room=12 * len(pattern_of(kit.settings).weeks),
        note=(await load_calendar([year])).note_of(year),
        suggestions=await suggestions(year, now=now, settings=kit.settings) if may_plan else [],
        run=run if run is not None and run.year == year else None,
        may_plan=may_plan,
    )
    return await render(request, "schedules/year.html", found)


async def ask_issue(request: Request) -> Response:
    """What telling the chosen drafts to their units means, before it is done."""
    await require_role(request, *WRITERS)
    year, _ = await year_of(request)
    seen = _tokens(request.query_params.getlist("lecture"))
    return await _issue_page(request, year, await _as_seen(year, seen))


async def do_issue(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    year, _ = await year_of(request)
    chosen = await _as_seen(year, await _chosen(request))
    numbers = [each.number for each in chosen]
    await issue(numbers, by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings)
    response = redirect(request, f"{PLACE}/{year}?view=list")
    say(request, response, "done", f"已下达 {len(numbers)} 期：{'、'.join(numbers)}。编号从现在起不再变。")
    return response


async def keep(request: Request) -> Response:
    """Lock the chosen drafts."""
    return await _set_locked(request, locked=True)


async def release(request: Request) -> Response:
    return await _set_locked(request, locked=False)


async def year_of(request: Request) -> tuple[int, list[int]]:
    """The year of the address, and all that can be turned to. Raises NotFound."""
    year: int = request.path_params["year"]
    years = await planned_years(kit_of(request).clock.now())
    if year not in years:
        raise NotFound(f"{year} 年还没有排期。")
    return year, years


async def _set_locked(request: Request, *, locked: bool) -> Response:
    visitor = await require_role(request, *WRITERS)
    year, _ = await year_of(request)
    seen = await _chosen(request)
    drafts = [each for each in await _as_seen(year, seen) if each.is_draft]
    for each in drafts:
        await set_locked(
            each.number, locked, version=each.version, by=actor_of(visitor), now=kit_of(request).clock.now()
        )
    response = redirect(request, f"{PLACE}/{year}?view=list")
    what = "已锁定，重新生成时不变" if locked else "已解锁，重新生成时会重排"
    say(request, response, "done", f"{len(drafts)} 期草案{what}。")
    return response


async def _issue_page(request: Request, year: int, lectures: list[YearLecture]) -> Response:
    faults = [
        text for each in lectures if (text := _why_not_issued(each, kit_of(request).clock.now())) is not None
    ]
    return await render(request, "schedules/year_issue.html", IssuePage(year, lectures, faults))


def _why_not_issued(lecture: YearLecture, now: datetime) -> str | None:
    if not lecture.is_draft:
        return f"{lecture.number} 现在是“{lecture.label}”，不用再下达。"
    if lecture.start is None or lecture.start <= now:
        return f"{lecture.number} 的时间已经过去，请先改到以后的日子。"
    return None


async def _chosen(request: Request) -> dict[str, int]:
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        return _tokens([text for text in form.getlist("lecture") if isinstance(text, str)])


def _tokens(texts: list[str]) -> dict[str, int]:
    try:
        found = tokens(texts)
    except ValueError:
        raise DomainError("没有看懂选了哪几期，请回到列表重新选。") from None
    if not found:
        raise Invalid({"lecture": "还没有选。请先在列表里勾选，再点按钮。"})
    return found


async def _as_seen(year: int, seen: dict[str, int]) -> list[YearLecture]:
    """The chosen lectures in order. Raises NotFound, and ChangedMeanwhile when one is no longer what was seen."""
    known = {each.number: each for each in await lectures_of_year(year)}
    if missing := [number for number in seen if number not in known]:
        raise NotFound(f"没有编号为 {missing[0][:20]} 的期次，可能刚刚被别人改了。请刷新列表再选。")
    changed = [number for number, version in seen.items() if known[number].version != version]
    if changed:
        raise ChangedMeanwhile(f"{'、'.join(changed)} 刚刚被别人改过。什么都没有改动，请刷新列表看过再选。")
    return in_order(year_lecture(known[number]) for number in seen)


routes = [
    Route(PLACE, present),
    Route(PLACE + "/{year:int}", page),
    Route(PLACE + "/{year:int}/issue", ask_issue, methods=["GET"]),
    Route(PLACE + "/{year:int}/issue", do_issue, methods=["POST"]),
    Route(PLACE + "/{year:int}/lock", keep, methods=["POST"]),
    Route(PLACE + "/{year:int}/unlock", release, methods=["POST"]),
]
desk_places = [DeskPlace(PLACE, "calendar-days", "全年排期", READERS, "plan")]
