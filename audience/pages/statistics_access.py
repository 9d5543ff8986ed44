"""Who may read which figures, and what the addresses of figures say."""

from datetime import date

from starlette.requests import Request

from accounts.models import Role, Unit
from accounts.queries import find_unit
from audience.models import DayViews
from core.clock import CHINA
from core.errors import NotFound
from core.web.kit import kit_of
from schedules.models import Broadcast

PLACE = "/desk/statistics"
READERS = (Role.ADMINISTRATOR, Role.OFFICIAL, Role.AUDITOR)
"""Of the figures of all units."""
LECTURE_READERS = (*READERS, Role.DUTY)
"""Of a lecture: who watches over it while it is on the air looks at it afterwards, too."""


def today_of(request: Request) -> date:
    return kit_of(request).clock.now().astimezone(CHINA).date()


def year_in(request: Request) -> int:
    """Of the address. Raises NotFound for one that cannot have figures."""
    year: int = request.path_params["year"]
    if not 2000 <= year <= today_of(request).year:
        raise NotFound(f"{year} 年没有收看数字。")
    return year


def month_in(request: Request) -> date:
    """The first day of the month of the address. Raises NotFound."""
    year, month = year_in(request), request.path_params["month"]
    if not 1 <= month <= 12 or date(year, month, 1) > today_of(request):
        raise NotFound(f"{year} 年 {month} 月还没有收看数字。")
    return date(year, month, 1)


async def unit_in(request: Request) -> Unit:
    """Of the address. Raises NotFound."""
    unit = await find_unit(request.path_params["code"])
    if unit is None:
        raise NotFound("没有这个单位。")
    return unit


async def years_with_figures(today: date) -> list[int]:
    """Those one can turn to, the latest first."""
    view = await DayViews.all().order_by("day").first()
    lecture = (
        await Broadcast.filter(first_live_at__isnull=False, is_sample=False).order_by("first_live_at").first()
    )
    firsts = [view.day.year] if view else []
    if lecture is not None and lecture.first_live_at is not None:
        firsts.append(lecture.first_live_at.astimezone(CHINA).year)
    return list(range(today.year, min([today.year, *firsts]) - 1, -1))
