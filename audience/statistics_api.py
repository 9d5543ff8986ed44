"""`/api/v1/statistics`: the report for the prefecture's data platform, by token (DESIGN §9)."""

from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts.bearer import require_token
from accounts.models import Role
from audience.figures.periods import Period
from audience.figures.report import report_of
from audience.figures.report_json import report_json
from core.clock import Clock
from core.errors import Invalid
from core.web.problems import problem

LONGEST_DAYS = 366
MINUTE = 60
EXAMPLE = "2026-11-01"


class TokenLimit:
    """How often a token asked this minute, in this process."""

    def __init__(self, most: int, clock: Clock) -> None:
        self._most = most
        self._clock = clock
        self._minute = 0
        self._asked: dict[UUID, int] = {}

    def allows(self, token: UUID) -> bool:
        minute = int(self._clock.now().timestamp() // MINUTE)
        if minute != self._minute:
            self._minute, self._asked = minute, {}
        self._asked[token] = self._asked.get(token, 0) + 1
        return self._asked[token] <= self._most


async def statistics(request: Request) -> Response:
    token = await require_token(request, Role.ADMINISTRATOR, Role.OFFICIAL)
    limit: TokenLimit = request.app.state.audience.statistics_limit
    if not limit.allows(token.id):
        return problem(429, "一分钟内读得太多，请稍后再读。", headers={"retry-after": str(MINUTE)})
    return JSONResponse(report_json(await report_of(_period(request))), headers={"cache-control": "no-store"})


def _period(request: Request) -> Period:
    """Of ?from=…&to=…, days of China. Raises Invalid."""
    days = {name: _day(request.query_params.get(name, "")) for name in ("from", "to")}
    if faults := {name: f"要写成日期，例如 {EXAMPLE}。" for name, day in days.items() if day is None}:
        raise Invalid(faults)
    first, last = days["from"], days["to"]
    assert first is not None
    assert last is not None
    if last < first:
        raise Invalid({"to": "最后一天不能早于第一天。"})
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid({"to": f"一次最多 {LONGEST_DAYS} 天。"})
    return Period(first, last)


def _day(text: str) -> date | None:
    """Of the years that there are figures of; None for anything else."""
    try:
        day = date.fromisoformat(text) if len(text) == len(EXAMPLE) else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year <= 2999 else None


routes = [Route("/api/v1/statistics", statistics)]
