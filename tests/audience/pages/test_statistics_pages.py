"""Pages of figures: who may read which, official order, nothing of other units, no roll-call while it runs."""

import re
from datetime import date, timedelta

import pytest

from audience.group_viewing import Viewing, report_viewing
from audience.models import DayViews, EarlierYear, MinuteViewers, Visit
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.models import Publication
from tests.support.cast import UNIT_A, UNIT_B, Person
from tests.support.website import Website, website

__all__ = ["website"]

PLACE = "/desk/statistics"
YEAR = f"{PLACE}/2026"
MONTH = f"{PLACE}/2026/11"
FACTS = f"{PLACE}/units/{UNIT_B}/2026"
OWN = f"{PLACE}/unit/2026"
FILES = [f"{each}.{kind}" for each in (YEAR, MONTH) for kind in ("xlsx", "csv", "pdf")]


@pytest.fixture
async def given(website: Website) -> Broadcast:
    """A lecture of unit A, over: A watched 12 live, B 900 live and 80 in replay, the public 70."""
    lecture = await website.lecture(title="欠薪怎么办")
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    website.clock.advance(1200)
    await lecture.refresh_from_db()
    await Publication.create(
        broadcast_id=lecture.id,
        ordinal=1,
        peer="",
        started_at=website.clock.now(),
        received_seconds=900,
    )
    for unit, mode, views in (
        (UNIT_A, "live", 12),
        (UNIT_B, "live", 900),
        (UNIT_B, "replay", 81),
        ("", "live", 70),
    ):
        await DayViews.create(
            day=date(2026, 11, 24), broadcast_id=lecture.id, mode=mode, unit_code=unit, views=views
        )
    now = website.clock.now()
    await MinuteViewers.create(broadcast_id=lecture.id, minute=now, viewers=321)
    for viewer, mode, spans in (
        ("a" * 32, "live", [[0, 400_000]]),
        ("a" * 32, "replay", [[0, 40_000]]),
        ("b" * 32, "live", [[0, 100_000], [200_000, 260_000]]),
    ):
        await Visit.create(
            broadcast_id=lecture.id,
            mode=mode,
            viewer=viewer,
            day_viewer=viewer,
            unit_by="nobody",
            day=date(2026, 11, 24),
            began_at=now,
            played_at=now,
            spans=spans,
            played_ms=sum(end - start for start, end in spans),
            counted_at=now,
            definition=1,
            stalls=2 if viewer[0] == "b" else 0,
            latency_sum_ms=9000 if mode == "live" else 0,
            latency_count=3 if mode == "live" else 0,
            captions=mode == "replay",
        )
    return lecture


def expected(person: Person, website: Website, readers: tuple[Person, ...]) -> int:
    return 303 if person is website.cast.anonymous else 200 if person in readers else 403


@pytest.mark.parametrize("path", [YEAR, MONTH, FACTS, f"{FACTS}.xlsx", *FILES])
async def test_the_figures_of_all_units_are_for_administrator_official_and_auditor(
    website: Website, given: Broadcast, path: str
) -> None:
    cast = website.cast
    for person in cast:
        answer = await website.page(person, path)
        readers = (cast.administrator, cast.official, cast.auditor)
        assert answer.status_code == expected(person, website, readers), person.name


async def test_a_lectures_figures_are_also_for_the_duty_officer_and_the_unit_that_gave_it(
    website: Website, given: Broadcast
) -> None:
    cast = website.cast
    readers = (cast.administrator, cast.official, cast.auditor, cast.duty, cast.liaison_a)
    for person in cast:
        answer = await website.page(person, f"{PLACE}/lectures/{given.number}")
        assert answer.status_code == expected(person, website, readers), person.name


async def test_a_liaison_reads_the_figures_of_the_own_unit_and_nobody_elses(
    website: Website, given: Broadcast
) -> None:
    cast = website.cast
    for person in cast:
        for path in (OWN, f"{OWN}.xlsx"):
            answer = await website.page(person, path)
            readers = (cast.liaison_a, cast.liaison_b)
            assert answer.status_code == expected(person, website, readers), (person.name, path)
    first, second = [(await website.page(person, OWN)).text for person in (cast.liaison_a, cast.liaison_b)]
    assert "主讲的期次线上收看1,063人次" in first  # everybody, of the own lecture
    assert "981" not in first  # what the other unit watched
    assert "900" in second
    assert "1,063" not in second
    assert "70" not in re.findall(r"<td[^>]*>([^<]*)", second)


async def test_the_hosting_unit_sees_no_other_units_row_on_the_lectures_page(
    website: Website, given: Broadcast
) -> None:
    path = f"{PLACE}/lectures/{given.number}"
    own = (await website.page(website.cast.liaison_a, path)).text
    assert "本单位收看" in own
    assert "都匀市" not in own
    assert "社会公众" not in own
    whole = (await website.page(website.cast.official, path)).text
    assert whole.index(">州司法局</th>") < whole.index(">都匀市</th>") < whole.index(">社会公众</th>")


async def test_there_is_no_roll_call_by_unit_while_a_lecture_is_on(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    await DayViews.create(
        day=date(2026, 11, 24), broadcast_id=lecture.id, mode="live", unit_code=UNIT_B, views=7
    )
    for person in (website.cast.administrator, website.cast.duty, website.cast.liaison_a):
        page = (await website.page(person, f"{PLACE}/lectures/{lecture.number}")).text
        assert "都匀市" not in page
        assert "按收看单位" not in page
        assert "还没有结束" in page


async def test_the_year_tells_live_replay_and_group_viewing_apart_and_adds_only_the_first_two(
    website: Website, given: Broadcast
) -> None:
    viewing = Viewing(sessions=2, people=35, watched_on=date(2026, 11, 24))
    await report_viewing(
        given.number,
        UNIT_B,
        viewing,
        seen=None,
        by=SYSTEM,
        now=website.clock.now(),
        settings=website.settings,
    )
    page = (await website.page(website.cast.official, YEAR)).text
    tiles = dict(re.findall(r"<dt>(.+?)(?: <span.*?</span>)?</dt><dd><b>([\d,]+)</b>", page))
    assert tiles == {
        "直播普法": "1",
        "收看单位": "2",
        "直播收看": "982",
        "回看": "81",
        "线上收看合计": "1,063",
        "集中收看": "35",
    }
    assert "直播普法1次，线上收看1,063人次，其中直播982人次、回看81人次；单位组织集中收看2场、35人" in page
    assert "上年没有计数" in page
    assert "%" not in re.sub(r"<style.*?</style>", "", page)


async def test_units_stand_in_the_official_order_whatever_they_watched(
    website: Website, given: Broadcast
) -> None:
    page = (await website.page(website.cast.official, YEAR)).text
    codes = re.findall(r"/desk/statistics/units/(\w+)/2026", page)
    assert codes == sorted(codes)
    assert len(codes) == 40


@pytest.mark.parametrize("query", ["?sort=views", "?order=-live", "?top=10", "?sort_by=online&desc=1"])
async def test_no_address_sorts_units_by_a_count(website: Website, given: Broadcast, query: str) -> None:
    official = website.cast.official
    body = [(await website.page(official, YEAR + each)).text for each in ("", query)]
    assert body[0].replace(YEAR, "") == body[1].replace(YEAR + query.replace("&", "&amp;"), "").replace(
        YEAR, ""
    )


FORBIDDEN = (
    *("名次", "排名", "排行", "榜", "第一名", "落后"),
    *("未收看", "没有收看的单位", "人均", "观看时长", "收看时长"),
)


async def test_nothing_ranks_and_nobody_is_listed_for_not_watching(
    website: Website, given: Broadcast
) -> None:
    official = website.cast.official
    for path in (YEAR, MONTH, FACTS, f"{PLACE}/lectures/{given.number}"):
        page = (await website.page(official, path)).text
        assert [word for word in FORBIDDEN if word in page] == [], path
    for path in (OWN,):
        page = (await website.page(website.cast.liaison_b, path)).text
        assert [word for word in FORBIDDEN if word in page] == [], path


async def test_every_table_of_figures_has_its_definition_beneath(website: Website, given: Broadcast) -> None:
    for path in (YEAR, MONTH, FACTS, f"{PLACE}/lectures/{given.number}"):
        page = (await website.page(website.cast.official, path)).text
        tiles = page.count('class="tile') - page.count('class="tile-')
        assert page.count("/statistics/definition") >= page.count('class="num" ') + tiles // 2, path
        sections = re.findall(r"<section class=\"section.*?</section>", page, re.S)
        assert sections
        for section in sections:
            if "figures-table" in section:
                assert "/statistics/definition" in section, section[:120]


async def test_earlier_years_are_marked_and_never_compared(website: Website, given: Broadcast) -> None:
    await EarlierYear.create(
        year=2025,
        lectures=24,
        views=20_000,
        is_at_least=True,
        source="黔南日报报道",
        entered_by="示例管理员",
        entered_at=website.clock.now(),
    )
    page = (await website.page(website.cast.official, YEAR)).text
    assert "旧口径" in page
    assert "超过 20,000" in page
    assert "黔南日报报道" in page
    assert "上年同期 " not in page


async def test_the_year_before_is_compared_when_it_was_counted_alike(
    website: Website, given: Broadcast
) -> None:
    for day, views in ((date(2025, 1, 1), 1), (date(2025, 11, 24), 499), (date(2025, 11, 25), 4000)):
        await DayViews.create(day=day, broadcast_id=given.id, mode="live", unit_code="", views=views)
    page = (await website.page(website.cast.official, YEAR)).text
    assert "上年同期 500，增长 96.4%" in page  # 982 beside 500: only up to the same day


async def test_the_lecture_page_counts_viewers_once_and_says_where_they_left(
    website: Website, given: Broadcast
) -> None:
    page = (await website.page(website.cast.duty, f"{PLACE}/lectures/{given.number}")).text
    assert "<b>2</b> 人" in page
    assert "直播 2，回看 1" in page
    assert "<b>321</b>" in page
    assert page.count('data-name="') == 30 + 1  # passages of fifteen minutes, and one minute
    assert "离开较多" in page
    assert page.count("满 30 秒计 1 人次") == 2
    tiles = dict(re.findall(r"<dt>(卡顿|直播延迟|开字幕)</dt><dd><b>([^<]+)</b>", page))
    assert tiles == {"卡顿": "33%", "直播延迟": "3.0", "开字幕": "33%"}


async def test_the_month_tells_the_viewers_of_each_day_and_the_year_tells_none(
    website: Website, given: Broadcast
) -> None:
    month = (await website.page(website.cast.official, MONTH)).text
    [day] = re.findall(r"<tr><th scope=\"row\">2026年11月24日</th>(.+?)</tr>", month)
    assert re.findall(r">([\d,]+)<", day) == ["982", "81", "1,063", "2"]
    assert "不能相加" in month
    for path in (YEAR, FACTS):
        assert "收看人数" not in (await website.page(website.cast.official, path)).text, path


async def test_every_file_that_is_taken_away_is_in_the_audit_log(website: Website, given: Broadcast) -> None:
    for path in (*FILES, f"{FACTS}.xlsx"):
        answer = await website.page(website.cast.official, path)
        assert answer.headers["cache-control"] == "no-store"
        assert "attachment" in answer.headers["content-disposition"]
    assert await AuditEntry.filter(action="audience.exported").count() == len(FILES) + 1


@pytest.mark.parametrize(
    "path",
    [
        f"{PLACE}/1999", f"{PLACE}/2027", f"{PLACE}/2026/0", f"{PLACE}/2026/13", f"{PLACE}/2026/12",
        f"{YEAR}.exe", f"{PLACE}/units/nobody/2026", f"{PLACE}/lectures/2020-1-1", f"{PLACE}/units/{UNIT_A}/3000",
        f"{PLACE}/99999999999999999999", f"{PLACE}/units/%F0%9F%98%80/2026",
    ],
)  # fmt: skip
async def test_what_is_no_period_unit_or_lecture_is_not_found(website: Website, path: str) -> None:
    assert (await website.page(website.cast.official, path)).status_code == 404


async def test_an_empty_year_is_told_as_such(website: Website) -> None:
    page = (await website.page(website.cast.official, YEAR)).text
    assert "平台没有讲座，也没有收看记录" in page
    assert "这段时间没有讲座" in page
    own = (await website.page(website.cast.liaison_b, OWN)).text
    assert "没有主讲期次" in own


async def test_the_place_of_figures_leads_everybody_to_their_own(website: Website) -> None:
    cast = website.cast
    for person, target in ((cast.official, YEAR), (cast.liaison_a, OWN)):
        answer = await website.page(person, PLACE)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert (await website.page(cast.duty, PLACE)).status_code == 403
    answer = await website.page(cast.administrator, f"{PLACE}/month")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}/2026/10")


async def test_the_facts_of_a_unit_tell_what_was_done_and_when(website: Website) -> None:
    planned = website.clock.now() + timedelta(days=1)
    lecture = await website.lecture(unit_code=UNIT_B, starts_at=planned)
    page = (await website.page(website.cast.official, FACTS)).text
    assert lecture.title in page
    assert "未到时间" in page
    assert "未到期" in page or "期限" in page
    assert "没有收到普法提示" in page
