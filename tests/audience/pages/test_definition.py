"""统计口径: everybody reads it; the bureau changes it from a day to come; the guide says the same."""

import json
from datetime import date
from pathlib import Path

import pytest

from audience.counting.definition import FIRST
from audience.figures.definition_text import NOTE, terms
from audience.figures.definitions import definitions
from audience.models import DefinitionVersion
from core.audit.models import AuditEntry
from tests.support.repository import ROOT
from tests.support.website import Website, website

__all__ = ["website"]

PUBLIC, DESK = "/statistics/definition", "/desk/definition"
GUIDE = ROOT / "docs" / "guide" / "统计口径.md"


def fields(**changes: str) -> dict[str, str]:
    return {
        "visit_seconds": "60", "pause_minutes": "30", "live_minutes": "5", "valid_from": "2026-12-01",
        "reason": "州局会议定的", "seen": "1", **changes,
    }  # fmt: skip


async def test_everybody_reads_the_definition(website: Website) -> None:
    for person in website.cast:
        page = await website.page(person, PUBLIC)
        assert page.status_code == 200
        for term in terms(FIRST):
            assert term.name in page.text
        assert "2022年1月1日" in page.text


async def test_only_the_administrator_changes_it(website: Website) -> None:
    cast = website.cast
    for person in cast:
        expected = {cast.administrator: 200, cast.anonymous: 303}.get(person, 403)
        assert (await website.page(person, DESK)).status_code == expected, person.name
        if expected != 200:
            assert (await website.submit(person, DESK, fields())).status_code == expected, person.name
    assert await DefinitionVersion.all().count() == 0


async def test_a_change_holds_from_its_day_and_is_told_before(website: Website) -> None:
    answer = await website.submit(website.cast.administrator, DESK, fields())
    assert answer.status_code == 303
    on = await definitions()
    assert (on(date(2026, 11, 30)).visit_seconds, on(date(2026, 12, 1)).visit_seconds) == (30, 60)
    [entry] = await AuditEntry.filter(action="audience.definition_changed")
    assert json.loads(entry.after)["reason"] == "州局会议定的"
    page = (await website.page(website.cast.anonymous, PUBLIC)).text
    assert "现行第 1 版" in page
    assert "第 2 版从 2026年12月1日 起用" in page
    website.clock.advance(7 * 24 * 3600)
    later = (await website.page(website.cast.anonymous, PUBLIC)).text
    assert "现行第 2 版" in later
    assert "满 60 秒" in later


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "2026-11-24"},
        {"valid_from": "2026-11-23"},
        {"valid_from": "明天"},
        {"visit_seconds": "0"},
        {"visit_seconds": "601"},
        {"pause_minutes": "1440"},
        {"live_minutes": "-5"},
        {"reason": " "},
        {"reason": "长" * 201},
        {"visit_seconds": "30"},
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused(website: Website, wrong: dict[str, str]) -> None:
    answer = await website.submit(website.cast.administrator, DESK, fields(**wrong))
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert await DefinitionVersion.all().count() == 0


async def test_of_two_who_change_it_at_once_the_second_is_told(website: Website) -> None:
    await website.submit(website.cast.administrator, DESK, fields())
    answer = await website.submit(
        website.cast.administrator, DESK, fields(valid_from="2027-01-01", visit_seconds="20")
    )
    assert answer.status_code == 409
    assert "刚刚有人改过口径" in answer.text
    assert await DefinitionVersion.all().count() == 1


def test_the_guide_says_what_the_pages_say() -> None:
    """Write it anew with `python -m tests.audience.pages.test_definition`."""
    assert GUIDE.read_text("utf-8") == guide()


def guide() -> str:
    lines = [
        "# 统计口径",
        "",
        f"{NOTE}这一页是平台启用时的口径；现行的和历次的，看网站上的 `{PUBLIC}`。",
        "",
        "| 指标 | 怎么算 |",
        "|---|---|",
        *(f"| {term.name} | {term.text} |" for term in terms(FIRST)),
        "",
        "口径由州司法局在工作台的“统计口径”里改：只能从以后的日子起用，要写原因，进操作日志。已经计的数照当时的口径，",
        "`weiketang audience recount` 重新计数时也用当天的口径。",
        "",
        "审计要自己算一遍：`weiketang audience export-raw --from 2026-11-01 --to 2026-11-30 > raw.jsonl`，一行一条，",
        "按 `id` 的顺序数；`excluded` 不为空的不算。结果应与 `weiketang report --format json` 完全一致。",
        "",
        "断电时可能少掉最后一小段上报（SQLite 的 `synchronous=NORMAL`）；进程被强行结束，回答过的一条也不少。",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(GUIDE).write_text(guide(), "utf-8")
