"""`POST /api/v1/beacons` on the whole site: what is taken, what is refused, and what is counted of it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from prometheus_client import REGISTRY
from tortoise.exceptions import IntegrityError

from audience.intake import intake
from audience.intake.committing import commit_batch
from audience.models import Beacon, DayViews, Visit
from audience.retention import forget_old_beacons
from audience.viewer_cookie import COOKIE
from schedules.models import Broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B, Person
from tests.support.website import Website, website

__all__ = ["website"]


@pytest.fixture
async def live(website: Website) -> Broadcast:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    return lecture


def beacon(lecture: Broadcast, **members: Any) -> dict[str, Any]:
    sent = {
        "visit": str(uuid4()),
        "seq": 0,
        "broadcast": lecture.number,
        "mode": "live",
        "unit": None,
        "ranges": [[0, 30]],
        "visible": True,
        "sent_at": "2026-11-24T07:00:00Z",
    }
    return {**sent, **members}


async def send(website: Website, body: object, person: Person | None = None, **options: Any) -> Any:
    browser = await website.browser(person or website.cast.anonymous)
    return await browser.post("/api/v1/beacons", json=body, **options)


async def views(**where: Any) -> int:
    return sum(row.views for row in await DayViews.filter(**where))


async def test_a_beacon_is_in_the_log_and_counted_when_it_is_answered(
    website: Website, live: Broadcast
) -> None:
    answer = await send(website, beacon(live, unit=UNIT_A))
    assert (answer.status_code, answer.content) == (204, b"")
    assert await Beacon.all().count() == 1
    assert await views(unit_code=UNIT_A, mode="live") == 1


async def test_the_same_beacon_sent_twice_counts_once(website: Website, live: Broadcast) -> None:
    sent = beacon(live)
    for body in (sent, sent, [sent, sent]):
        assert (await send(website, body)).status_code == 204
    assert await Beacon.all().count() == 1


async def test_ten_reloads_of_one_browser_are_one_visit(website: Website, live: Broadcast) -> None:
    for step in range(11):
        website.clock.advance(15)
        ranges = [[15 * step, 15 * step + 15]]
        answer = await send(website, beacon(live, ranges=ranges), headers={"cookie": f"{COOKIE}=x"})
        assert answer.status_code == 204
    assert await views() == 1
    assert await Visit.all().count() == 1


async def test_a_hundred_visits_from_one_browser_are_one(website: Website, live: Broadcast) -> None:
    many = [beacon(live) for _ in range(100)]
    assert (await send(website, many, headers={"cookie": f"{COOKIE}=x"})).status_code == 204
    assert await views() == 1


async def test_without_a_cookie_every_visit_is_a_viewer_of_its_own(website: Website, live: Broadcast) -> None:
    await send(website, [beacon(live), beacon(live)])
    assert await views() == 2


@pytest.mark.parametrize("unit", [None, "", "999999", "' OR 1=1 --", "x" * 64, "\N{GRINNING FACE}"])
async def test_an_unknown_unit_is_the_public(website: Website, live: Broadcast, unit: str | None) -> None:
    assert (await send(website, beacon(live, unit=unit))).status_code == 204
    assert await views(unit_code="") == 1


async def test_how_well_it_played_is_kept_with_the_visit(website: Website, live: Broadcast) -> None:
    visit = str(uuid4())
    said: list[dict[str, Any]] = [
        {"stalls": 2, "latency": 2.5},
        {"latency": 4, "captions": True},
        {"latency": None},
        {},
    ]
    for seq, told in enumerate(said):
        website.clock.advance(15)
        answer = await send(
            website, beacon(live, visit=visit, seq=seq, ranges=[[15 * seq, 15 * seq + 15]], **told)
        )
        assert answer.status_code == 204
    row = await Visit.get()
    assert (row.stalls, row.latency_sum_ms, row.latency_count, row.captions) == (2, 6500, 2, True)


async def test_a_login_goes_before_the_link(website: Website, live: Broadcast) -> None:
    await send(website, beacon(live, unit=UNIT_B), website.cast.liaison_a)
    assert await views(unit_code=UNIT_A) == 1


async def test_staff_of_the_platform_and_robots_are_logged_and_not_counted(
    website: Website, live: Broadcast
) -> None:
    cast = website.cast
    for person in (cast.administrator, cast.duty, cast.auditor):
        assert (await send(website, beacon(live), person)).status_code == 204
    robot = {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}
    assert (await send(website, beacon(live), headers=robot)).status_code == 204
    assert await Beacon.all().count() == 4
    assert await views() == 0


async def test_until_the_end_everything_is_live_and_after_it_a_replay(
    website: Website, live: Broadcast
) -> None:
    await website.move(live, AirState.CLOSED)
    await send(website, beacon(live, mode="replay"))
    await website.move(live, AirState.ENDED)
    website.clock.advance(3600)
    await send(website, beacon(live, mode="live"))
    assert (await views(mode="live"), await views(mode="replay")) == (1, 1)


async def test_what_was_played_before_the_end_and_comes_just_after_it_is_live(
    website: Website, live: Broadcast
) -> None:
    visit = str(uuid4())
    await send(website, beacon(live, visit=visit, ranges=[[0, 15]]))
    website.clock.advance(10)
    await website.move(live, AirState.ENDED)
    website.clock.advance(20)
    await send(website, beacon(live, visit=visit, seq=1, ranges=[[15, 31]]))
    assert await views(mode="live") == 1


async def test_a_lecture_that_has_not_begun_is_not_watched(website: Website) -> None:
    lecture = await website.lecture()
    assert (await send(website, beacon(lecture))).status_code == 409
    assert await Beacon.all().count() == 0


async def test_more_than_time_allows_is_refused_and_harms_no_other(website: Website, live: Broadcast) -> None:
    forged = beacon(live, ranges=[[0, 3600]])
    answer = await send(website, [beacon(live), forged, beacon(live)])
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["1"]
    assert await views() == 2


async def test_a_visit_id_of_another_lecture_is_refused(website: Website, live: Broadcast) -> None:
    other = await website.lecture("另一讲")
    await website.move(other, AirState.LIVE)
    sent = beacon(live)
    await send(website, sent)
    assert (await send(website, {**sent, "seq": 1, "broadcast": other.number})).status_code == 409
    assert await views() == 1


@pytest.mark.parametrize("days", [-1, 1, 3650])
async def test_a_viewers_clock_that_is_wrong_by_days_changes_nothing(
    website: Website, live: Broadcast, days: int
) -> None:
    sent_at = (website.clock.now() + timedelta(days=days)).isoformat()
    assert (await send(website, beacon(live, sent_at=sent_at))).status_code == 204
    assert await views() == 1


BROKEN: list[Any] = [
    {"ranges": [[30, 0]]},
    {"ranges": [[-1, 5]]},
    {"ranges": [[0, 1e12]]},
    {"ranges": [["0", None]]},
    {"ranges": [[0, 1]] * 1000},
    {"ranges": 5},
    {"visit": "no uuid"},
    {"seq": -1},
    {"seq": 0.5},
    {"seq": "0"},
    {"mode": "both"},
    {"visible": "yes"},
    {"sent_at": "yesterday"},
    {"broadcast": "2026-11-2" * 20},
    {"unit": 7},
    {"stalls": -1},
    {"stalls": 10**9},
    {"stalls": True},
    {"latency": -1},
    {"captions": "yes"},
    {"unit": "x" * 500},
    {"speed": 0},
    {"sent_at": "0001-01-01T00:00:00+14:00"},
    {"sent_at": "9999-12-31T23:59:59-12:00"},
    {"terminal": "\x00"},
    {"unit": "5200\x00"},
    {"broadcast": "2026\x00"},
    {"ranges": [[30, 30.5], [40, 39]]},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
async def test_a_broken_beacon_is_refused_and_the_one_beside_it_is_taken(
    website: Website, live: Broadcast, broken: dict[str, Any]
) -> None:
    assert (await send(website, beacon(live, **broken))).status_code == 422
    answer = await send(website, [beacon(live), beacon(live, **broken)])
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["1"]
    assert await views() == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff", b"3"], ids=repr)
async def test_a_body_that_is_no_beacon_is_told_so(website: Website, live: Broadcast, body: bytes) -> None:
    browser = await website.browser(website.cast.anonymous)
    assert (await browser.post("/api/v1/beacons", content=body)).status_code in (400, 422)
    assert await Beacon.all().count() == 0


async def test_ten_megabytes_are_refused(website: Website, live: Broadcast) -> None:
    browser = await website.browser(website.cast.anonymous)
    assert (await browser.post("/api/v1/beacons", content=b" " * 10_000_000)).status_code == 413


async def test_a_flood_from_one_address_is_refused_for_its_minute_and_harms_no_other(
    website: Website, live: Broadcast
) -> None:
    rubbish = [0] * website.settings.beacon_list_most
    for _ in range(website.settings.beacons_per_address_minute // len(rubbish)):
        assert (await send(website, rubbish)).status_code == 422
    refused = await send(website, beacon(live))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "15")
    elsewhere = httpx2.ASGITransport(app=website.app, client=("198.51.100.7", 40_000))
    async with httpx2.AsyncClient(transport=elsewhere, base_url=website.settings.public_url) as other:
        assert (await other.post("/api/v1/beacons", json=beacon(live))).status_code == 204
    website.clock.advance(60)
    assert (await send(website, beacon(live))).status_code == 204
    assert await views() == 2


async def test_another_sites_page_cannot_report(website: Website, live: Broadcast) -> None:
    answer = await send(website, beacon(live), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


async def test_a_beacon_sent_again_after_its_visit_is_forgotten_harms_nobody(
    website: Website, live: Broadcast
) -> None:
    old = beacon(live)
    await send(website, old)
    website.clock.advance(8 * 24 * 3600)
    await forget_old_beacons(website.clock.now(), website.settings)
    assert (await send(website, [old, beacon(live)])).status_code == 204
    assert await Beacon.all().count() == 2


async def test_a_beacon_that_no_database_takes_keeps_no_other_out(
    website: Website, live: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = commit_batch
    poison = beacon(live, terminal="poison")

    async def choke(offers: Any, *options: Any) -> Any:
        if any(offer.beacon.terminal == "poison" for offer in offers):
            raise IntegrityError("no such row")
        return await whole(offers, *options)

    monkeypatch.setattr(intake, "commit_batch", choke)
    answers = await asyncio.gather(
        *(send(website, each) for each in (beacon(live), poison, beacon(live), beacon(live)))
    )
    assert [answer.status_code for answer in answers] == [204, 503, 204, 204]
    assert await views() == 3


async def test_what_became_of_beacons_is_in_the_metrics(website: Website, live: Broadcast) -> None:
    def outcome(name: str) -> float:
        return REGISTRY.get_sample_value("weiketang_beacons_total", {"outcome": name}) or 0

    before = {name: outcome(name) for name in ("accepted", "too_much", "unreadable")}
    await send(website, [beacon(live), beacon(live, ranges=[[0, 3600]]), beacon(live, seq=-1)])
    assert {name: outcome(name) - before[name] for name in before} == dict.fromkeys(before, 1)
    page = await website.page(website.cast.anonymous, "/metrics")
    assert "weiketang_beacon_batch_seconds_bucket" in page.text
