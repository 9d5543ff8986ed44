import csv
import io
from datetime import timedelta

import pytest

from core.audit import SYSTEM, Actor, ActorKind, masked, record
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.csv_text import harmless
from core.database import transaction
from tests.support.audit import actions
from tests.support.website import Website

CLERK = Actor(ActorKind.USER, "1", "示例管理员", None)
LINK = Actor(ActorKind.LINK, "2", "示例审核人", "522701")


async def entry(
    action: str, subject: str, clock: ManualClock, by: Actor = CLERK, days_ago: int = 0, **values: object
) -> None:
    async with transaction():
        now = clock.now() - timedelta(days=days_ago)
        await record(action, by=by, subject=subject, now=now, after=values)


async def test_only_the_auditor_and_the_administrator_read_it(website: Website) -> None:
    for person in website.cast:
        page = await website.page(person, "/desk/audit")
        taken = await website.submit(person, "/desk/audit/export")
        if person.name in ("auditor", "administrator"):
            assert (page.status_code, taken.status_code) == (200, 200), person.name
        elif person.user is None:
            assert (page.status_code, taken.status_code) == (303, 303)
        else:
            assert (page.status_code, taken.status_code) == (403, 403), person.name
            assert "操作日志</h1>" not in page.text


async def test_what_the_desk_does_stands_there_under_the_name_of_who_did_it(website: Website) -> None:
    administrator = website.cast.administrator
    fields = {"unit": "520013", "title": "欠薪怎么办", "planned_minutes": "15"}
    created = await website.submit(administrator, "/desk/broadcasts", fields)
    number = created.headers["location"].rpartition("/")[2]
    await website.submit(administrator, f"/desk/broadcasts/{number}/key")
    await website.submit(administrator, f"/desk/broadcasts/{number}/end")
    done = [each for each in await actions() if each[2] == "示例管理员"]
    assert done == [
        ("broadcast.created", f"broadcast:{number}", "示例管理员"),
        ("broadcast.key_rotated", f"broadcast:{number}", "示例管理员"),
        ("broadcast.end_asked", f"broadcast:{number}", "示例管理员"),
    ]
    page = (await website.page(website.cast.auditor, "/desk/audit")).text
    for words in ("期次：更换推流码", f"期次 {number}", "示例管理员", "127.0.0.1", "欠薪怎么办"):
        assert words in page, words


async def test_what_changed_reads_as_before_and_after(website: Website) -> None:
    async with transaction():
        await record(
            "broadcast.moved",
            by=LINK,
            subject="broadcast:2026-11-2",
            now=website.clock.now(),
            before={"starts_at": website.clock.now(), "title": "原来的题目", "is_sample": False, "unit": "1"},
            after={
                "starts_at": website.clock.now() + timedelta(days=1),
                "title": "<b>改后</b>",
                "is_sample": True,
                "unit": "1",
                "phone": masked("13812345678"),
            },
        )
    page = (await website.page(website.cast.auditor, "/desk/audit")).text
    for words in (
        "2026年11月24日 15:00</del>",
        "2026年11月25日 15:00</ins>",
        "&lt;b&gt;改后&lt;/b&gt;",
        "否</del>",
        "138****5678 #",
        "一次性链接 · 522701",
    ):
        assert words in page, words
    assert "<dt>单位</dt>" not in page
    assert "13812345678" not in page


async def test_filters_stand_in_the_address(website: Website) -> None:
    clock = website.clock
    await entry("broadcast.moved", "broadcast:2026-11-2", clock, days_ago=1)
    await entry("unit.renamed", "unit:522701", clock, by=LINK)

    async def shown(query: str) -> set[str]:
        response = await website.page(website.cast.auditor, f"/desk/audit?{query}")
        assert response.status_code == 200
        words = {"broadcast.moved": "期次 2026-11-2", "unit.renamed": "责任单位 522701"}
        return {action for action, text in words.items() if text in response.text}

    both = {"broadcast.moved", "unit.renamed"}
    assert await shown("") == both
    assert await shown("who=审核人") == {"unit.renamed"}
    assert await shown("who=522701") == {"unit.renamed"}
    assert await shown("what=broadcast.moved") == {"broadcast.moved"}
    assert await shown("what=unit.") == {"unit.renamed"}
    assert await shown("about=2026-11-2") == {"broadcast.moved"}
    assert await shown("about=%25") == set()
    assert await shown("about=2026%00-11-2") == {"broadcast.moved"}
    assert await shown("from=2026-11-24") == {"unit.renamed"}
    assert await shown("to=2026-11-23") == {"broadcast.moved"}
    assert await shown("from=2026-11-23&to=2026-11-24") == both
    assert await shown("what=unknown.action") == set()


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("from=24.11.2026", "日期要写成 2026-11-24 这样"),
        ("to=0001-01-01", "日期要写成"),
        ("from=2026-11-25&to=2026-11-24", "结束日期早于开始日期"),
    ],
)
async def test_a_wrong_filter_is_said_at_its_field_and_nothing_is_exported(
    website: Website, query: str, remedy: str
) -> None:
    response = await website.page(website.cast.auditor, f"/desk/audit?{query}")
    assert response.status_code == 422
    assert remedy in response.text
    assert (await website.submit(website.cast.auditor, f"/desk/audit/export?{query}")).status_code == 422
    assert "audit.exported" not in [action for action, _, _ in await actions()]


async def test_a_long_log_is_paged_and_keeps_its_filters(website: Website) -> None:
    rows = website.settings.audit_page_rows
    for number in range(rows + 1):
        await entry("broadcast.moved", f"broadcast:2026-11-{number + 1}", website.clock)
    first = (await website.page(website.cast.auditor, "/desk/audit?what=broadcast.moved&page=1")).text
    assert "第 1 页，共 2 页" in first
    assert "/desk/audit?page=2&amp;what=broadcast.moved" in first
    second = (await website.page(website.cast.auditor, "/desk/audit?page=2&what=broadcast.moved")).text
    assert "期次 2026-11-1<" in second
    assert "期次 2026-11-2<" not in second
    for odd in ("0", "-1", "99999999999", "x", "３"):
        assert (await website.page(website.cast.auditor, f"/desk/audit?page={odd}")).status_code == 200


async def test_the_export_is_a_table_for_excel_and_an_entry_of_its_own(website: Website) -> None:
    await entry("broadcast.moved", "broadcast:2026-11-2", website.clock, title="=HYPERLINK(1)")
    await entry("unit.renamed", "unit:522701", website.clock)
    response = await website.submit(website.cast.auditor, "/desk/audit/export?what=broadcast.moved")
    assert response.headers["content-type"].startswith("text/csv")
    assert 'filename="audit-20261124-1500.csv"' in response.headers["content-disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["条号", "时间", "操作人"]
    assert len(rows) == 2
    assert rows[1][1:3] == ["2026-11-24 15:00:00", "示例管理员"]
    assert rows[1][9] == "标题：=HYPERLINK(1)"
    last = (await AuditEntry.all())[0]
    assert (last.action, last.actor_name) == ("audit.exported", "示例审计员")
    assert last.after == '{"filters":{"action":"broadcast.moved"},"rows":1}'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1"])
def test_a_cell_that_begins_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell
    assert harmless("标题") == "标题"


async def test_a_spoiled_entry_does_not_close_the_page(website: Website) -> None:
    await entry("broadcast.moved", "broadcast:2026-11-2", website.clock, by=SYSTEM)
    await AuditEntry.all().update(after="{no json")
    page = await website.page(website.cast.auditor, "/desk/audit")
    assert page.status_code == 200
    assert "{no json" in page.text
