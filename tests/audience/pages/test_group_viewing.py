"""集中收看: who may report, what is refused, what becomes of a correction."""

from datetime import timedelta

import pytest

from audience.models import GroupViewing
from core.audit.models import AuditEntry
from schedules.deadlines import Deadline
from schedules.fulfilment import open_after
from schedules.models import Broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.website import Website, website

__all__ = ["website"]

LIST = "/desk/group-viewing"


@pytest.fixture
async def given(website: Website) -> Broadcast:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    website.clock.advance(1200)
    return lecture


def fields(**changes: str) -> dict[str, str]:
    return {"sessions": "2", "people": "35", "watched_on": "2026-11-24", "seen": "", **changes}


async def test_liaisons_report_and_nobody_else(website: Website, given: Broadcast) -> None:
    cast = website.cast
    for person in cast:
        expected = (
            200 if person in (cast.liaison_a, cast.liaison_b) else 303 if person is cast.anonymous else 403
        )
        for path in (LIST, f"{LIST}/{given.number}"):
            assert (await website.page(person, path)).status_code == expected, (person.name, path)
        if expected != 200:
            answer = await website.submit(person, f"{LIST}/{given.number}", fields())
            assert answer.status_code == expected, person.name
    assert await GroupViewing.all().count() == 0


async def test_a_unit_reports_for_itself_and_sees_its_own_figures(website: Website, given: Broadcast) -> None:
    cast = website.cast
    answer = await website.submit(cast.liaison_b, f"{LIST}/{given.number}", fields())
    assert answer.status_code == 303
    [row] = await GroupViewing.all()
    assert (row.unit_id, row.sessions, row.people) == (UNIT_B, 2, 35)
    assert "2 场 35 人" in (await website.page(cast.liaison_b, LIST)).text
    assert "2 场 35 人" not in (await website.page(cast.liaison_a, LIST)).text
    assert await AuditEntry.filter(action="audience.group_viewing_reported", unit_code=UNIT_B).count() == 1


async def test_a_correction_says_why_and_what_stood_before_stays(website: Website, given: Broadcast) -> None:
    liaison, path = website.cast.liaison_a, f"{LIST}/{given.number}"
    await website.submit(liaison, path, fields())
    [first] = await GroupViewing.all()
    seen = str(first.id)
    assert (await website.submit(liaison, path, fields(people="50", seen=seen))).status_code == 422
    why = fields(people="50", seen=seen, reason="漏报一场")
    assert (await website.submit(liaison, path, why)).status_code == 303
    holding = await GroupViewing.get(replaced_at__isnull=True)
    assert (holding.people, holding.unit_id) == (50, UNIT_A)
    assert "35 人" in (await website.page(liaison, path)).text


async def test_the_second_of_two_who_report_at_once_sees_the_firsts(
    website: Website, given: Broadcast
) -> None:
    liaison, path = website.cast.liaison_a, f"{LIST}/{given.number}"
    await website.submit(liaison, path, fields())
    answer = await website.submit(liaison, path, fields(people="40"))
    assert answer.status_code == 409
    assert "2 场 35 人" in answer.text
    assert 'value="40"' in answer.text
    assert await GroupViewing.all().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"sessions": "0"},
        {"people": "1"},
        {"sessions": "-1"},
        {"sessions": "1.5"},
        {"sessions": "两场"},
        {"people": "0"},
        {"people": "99999999"},
        {"watched_on": "2026-11-23"},
        {"watched_on": "2026-11-25"},
        {"watched_on": "昨天"},
        {"watched_at": "25:00"},
        {"place": "长" * 201},
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    website: Website, given: Broadcast, wrong: dict[str, str]
) -> None:
    answer = await website.submit(
        website.cast.liaison_a, f"{LIST}/{given.number}", {**fields(place="三楼会议室"), **wrong}
    )
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert await GroupViewing.all().count() == 0


async def test_a_lecture_that_has_not_begun_cannot_have_been_watched(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=3))
    answer = await website.submit(website.cast.liaison_a, f"{LIST}/{lecture.number}", fields())
    assert answer.status_code == 409


async def test_a_unit_that_organised_nothing_says_so_once(website: Website, given: Broadcast) -> None:
    liaison = website.cast.liaison_a
    await given.refresh_from_db()
    assert await open_after(given, website.clock.now()) >= {Deadline.FEEDBACK}
    answer = await website.submit(liaison, f"{LIST}/{given.number}/none")
    assert answer.status_code == 303
    assert Deadline.FEEDBACK not in await open_after(given, website.clock.now())
    page = (await website.page(liaison, LIST)).text
    assert "没有组织" in page
    assert (await website.submit(liaison, f"{LIST}/{given.number}/none")).status_code == 409
    assert await GroupViewing.all().count() == 1


async def test_the_deadline_stands_on_the_form(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now())
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    for path in (LIST, f"{LIST}/{lecture.number}"):
        assert "请在 2026年12月1日 前填报" in (await website.page(website.cast.liaison_a, path)).text
