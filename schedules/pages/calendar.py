"""全年安排: the public calendar of a year, and the feed that people's own calendars subscribe to."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import CHINA
from core.errors import NotFound
from core.web.kit import kit_of
from core.web.pages import render
from schedules.public.announced import Announced, Month, by_month, event_of
from schedules.public.ics import MEDIA_TYPE, Feed, calendar_feed
from schedules.public.queries import announced_in, announced_since, announced_years
from schedules.workdays.calendars import load_calendar

FEED_PATH = "/schedule.ics"


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """years: those one can turn to. note: that the year's holidays are not announced yet, where it matters.

    subscription: the address of the feed, whole; webcal: the same as calendar programs open it.
    """

    year: int
    years: list[int]
    months: list[Month]
    count: int
    next_up: Announced | None
    note: str | None
    subscription: str
    webcal: str


async def calendar(request: Request) -> Response:
    kit = kit_of(request)
    now = kit.clock.now()
    years = await announced_years(now)
    year = _year(request.query_params.get("year"), now.astimezone(CHINA).year)
    if year not in years:
        raise NotFound(f"{year} 年还没有公布的安排。")
    lectures = await announced_in(year)
    coming = [each for each in lectures if each.when and each.when > now and not each.is_called_off]
    subscription = kit.absolute(FEED_PATH)
    page = CalendarPage(
        year=year,
        years=years,
        months=by_month(lectures),
        count=sum(not each.is_called_off for each in lectures),
        next_up=min(coming, key=lambda each: each.when or now, default=None),
        note=(await load_calendar([year])).note_of(year) if coming else None,
        subscription=subscription,
        webcal=f"webcal:{urlsplit(subscription)._replace(scheme='').geturl()}",
    )
    return await render(request, "schedules/calendar.html", page)


async def feed(request: Request) -> Response:
    """Asked for by many programs again and again: unchanged, it is answered with 304."""
    kit = kit_of(request)
    settings = kit.settings
    since = kit.clock.now() - timedelta(days=settings.calendar_feed_past_days)
    host = urlsplit(settings.public_url).hostname or ""
    events = [
        event
        for each in await announced_since(since)
        if (event := event_of(each, address=kit.absolute(each.path), host=host, site=settings.site_name))
    ]
    name = Feed(f"{settings.site_name}安排", settings.calendar_feed_refresh_minutes)
    body = calendar_feed(events, settings.site_name, name).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "etag": tag,
        "cache-control": "public, max-age=300",
        "content-disposition": 'inline; filename="schedule.ics"',
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _year(asked: str | None, present: int) -> int:
    if asked is None:
        return present
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        raise NotFound
    return int(asked)


routes = [Route("/schedule", calendar), Route(FEED_PATH, feed)]
