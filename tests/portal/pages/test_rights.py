"""Every page that asks who somebody is, and the whole cast: who is let in, and who is sent away.

What a page shows to those it lets in is told by the page's own test; here 404 or 409 counts as let in, since whoever
may not see a lecture is told so before anything is said of it.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from portal.app import PAGES
from starlette.routing import Route

from schedules.workdays.calendars import ensure_years
from tests.support.cast import UNIT_A, Person
from tests.support.turn_pages import NUMBER, in_bureau_review
from tests.support.website import Website

LIAISONS = frozenset({"liaison-a", "liaison-b"})
OWN = frozenset({"liaison-a"})
"""The liaison of the unit whose lecture, code or figures it is."""
ADMINISTRATOR = frozenset({"administrator"})
BUREAU = ADMINISTRATOR | {"duty"}
OVERSEERS = ADMINISTRATOR | {"official", "auditor"}
LOGGED_IN = LIAISONS | BUREAU | OVERSEERS

MAY_READ = {
    LOGGED_IN: """
        /desk /desk/table /desk/table/{year} /desk/table/{year}.xlsx /desk/table/{year}.docx
        /desk/statistics/lectures/{number} /desk/subtitles /desk/prompts /desk/prompts/{id}/letter.docx
        /account/sessions /account/password
        """,
    LIAISONS: """
        /desk/unit /desk/unit/swaps/{id} /desk/statistics/unit/{year} /desk/statistics/unit/{year}.xlsx
        /desk/group-viewing /desk/group-viewing/{number} /desk/group-viewing-template.xlsx
        /desk/prompts/{id}/feedback
        """,
    OWN: """
        /desk/unit/{number} /desk/unit/{number}/hand-in /desk/unit/{number}/swap /desk/unit/{number}/postpone
        """,
    OWN | BUREAU: """
        /desk/subtitles/{number}/bring /desk/subtitles/{number}/elsewhere /desk/subtitles/{number}/ask
        /desk/broadcasts/{number}/pack /desk/broadcasts/{number}/pack/poster.png
        /desk/broadcasts/{number}/pack/qr.svg /desk/broadcasts/{number}/pack/qr.png
        /desk/broadcasts/{number}/approval-form.docx /desk/wall/{code}/qr.svg /desk/wall/{code}/qr.png
        """,
    OWN | BUREAU | {"auditor"}: """
        /materials/{number}/{id} /desk/subtitles/{number} /desk/subtitles/{number}/draft
        /desk/subtitles/{number}/waveform /desk/subtitles/{number}/script /desk/subtitles/{number}/chapters
        /desk/subtitles/{number}/export.{form} /desk/subtitles/{number}/versions
        """,
    LIAISONS | BUREAU: "/desk/wall /desk/wall/codes.pdf",
    LIAISONS | BUREAU | {"auditor"}: "/desk/subtitles/guide /desk/glossary /desk/glossary/export",
    LIAISONS | OVERSEERS: "/desk/statistics",
    BUREAU: """
        /desk/duty /desk/broadcasts /desk/broadcasts/new /desk/broadcasts/{number}
        /desk/broadcasts/{number}/panel /desk/broadcasts/{number}/end /desk/broadcasts/{number}/key
        /desk/broadcasts/{number}/captions/panel /desk/broadcasts/{number}/recognition/panel
        /desk/broadcasts/{number}/recognition/again /desk/broadcasts/{number}/pack/codes.pdf
        /desk/broadcasts/{number}/viewers/panel
        """,
    BUREAU | {"auditor"}: "/desk/review/{number}",
    BUREAU | OVERSEERS: """
        /desk/year /desk/year/{year} /desk/rota /desk/calendar /desk/calendar/{year} /desk/subtitles/quality
        /desk/reminders /desk/prompts/{id}
        """,
    OVERSEERS: """
        /desk/statistics/month /desk/statistics/{year} /desk/statistics/{year}.{kind}
        /desk/statistics/{year}/{month} /desk/statistics/{year}/{month}.{kind}
        /desk/statistics/units/{code}/{year} /desk/statistics/units/{code}/{year}.xlsx
        /desk/laws /desk/earlier-years /desk/units /desk/units.xlsx /desk/units-template.xlsx /desk/units/{code}
        """,
    ADMINISTRATOR | {"auditor"}: "/desk/audit",
    ADMINISTRATOR: """
        /desk/swaps/{id} /desk/review/{number}/id-number /desk/review/{number}/id-number/hold
        /desk/review/{number}/id-number/release /desk/review/{number}/issue /desk/review/{number}/return
        /desk/review/{number}/postpone /desk/review/{number}/resume /desk/review/{number}/cancel
        /desk/review/{number}/replay /desk/review/{number}/postponement /desk/review/{number}/running-number
        /desk/year/{year}/issue /desk/year/{year}/generate /desk/year/{year}/undo
        /desk/year/{year}/lectures/{number} /desk/broadcasts/{number}/captions
        /desk/subtitles/{number}/publish /desk/subtitles/{number}/unpublish /desk/broadcasts/{number}/cut
        /desk/broadcasts/{number}/cut/undo /desk/reminders/contacts /desk/reminders/contacts/{code}
        /desk/prompts/new/{number} /desk/definition /desk/earlier-years/{year} /desk/unit-imports
        /desk/unit-imports/{id} /desk/people /desk/people/new /desk/people/{id} /desk/tokens
        /account/second-factor
        """,
}
FOR_ANYBODY = """
    / /l/{number} /l/{number}/poster.svg /l/{number}/calendar.ics /l/{number}/subtitles.{form} /search /replays
    /schedule /schedule.ics /statistics/definition /login /login/code /link/{token} /u/{code}
    """
BY_LINK = ("/approve/{number}", "/lecturer/{number}", "/lecturer/{number}/terms")
"""For whoever holds a one-time link, and for nobody of the cast."""
VALUES = {
    "number": NUMBER,
    "id": str(UUID(int=7)),
    "row": "7",
    "year": "2026",
    "month": "11",
    "code": UNIT_A,
    "form": "vtt",
    "kind": "xlsx",
    "token": "none",
    "day": "2026-12-01",
    "question": "1",
}


@pytest.fixture(autouse=True)
async def _lecture(website: Website) -> None:
    """州局审核: one of unit A that everybody could ask about, and that the public does not know of."""
    await ensure_years((2026, 2027, 2028), now=website.clock.now())
    await in_bureau_review(website)


def paths(method: str) -> Iterator[str]:
    """Of all pages; of what stands in braces the name alone."""
    for area in PAGES:
        for route in area.routes:
            assert isinstance(route, Route)
            if method in (route.methods or ()):
                path = route.path.replace("{id:int}", "{row}")
                for kind in (":uuid", ":int", ":str"):
                    path = path.replace(kind, "")
                yield path


def readers() -> dict[str, frozenset[str]]:
    return {path: people for people, listed in MAY_READ.items() for path in listed.split()}


async def is_let_in(website: Website, person: Person, path: str, method: str) -> bool:
    address = path.format(**VALUES)
    ask = website.page if method == "GET" else website.submit
    answer = await ask(person, address)
    assert answer.status_code < 500, (path, person.name)
    return answer.status_code not in (401, 403) and "/login" not in answer.headers.get("location", "")


def test_who_may_read_it_is_told_of_every_page() -> None:
    told = [*FOR_ANYBODY.split(), *BY_LINK]
    told += [path for listed in MAY_READ.values() for path in listed.split()]
    assert sorted(told) == sorted(paths("GET"))


async def test_every_page_lets_in_whom_it_is_for_and_nobody_else(website: Website) -> None:
    for path, people in readers().items():
        let_in = {each.name for each in website.cast if await is_let_in(website, each, path, "GET")}
        assert let_in == people, path


async def test_pages_behind_a_link_are_for_nobody_of_the_cast(website: Website) -> None:
    for path in BY_LINK:
        for person in website.cast:
            assert not await is_let_in(website, person, path, "GET"), (path, person.name)


async def test_who_only_reads_changes_nothing_at_any_desk(website: Website) -> None:
    """What the others may do is asked of the whole cast by the test of each page."""
    onlookers = (website.cast.anonymous, website.cast.official, website.cast.auditor)
    for path in paths("POST"):
        if path.startswith("/desk/"):
            let_in = {each.name for each in onlookers if await is_let_in(website, each, path, "POST")}
            assert let_in == ({"auditor"} if path == "/desk/audit/export" else set()), path


async def test_a_unit_does_nothing_to_the_lecture_of_another(website: Website) -> None:
    for path in paths("POST"):
        if path.startswith("/desk/") and "{number}" in path and "group-viewing" not in path:
            assert not await is_let_in(website, website.cast.liaison_b, path, "POST"), path
