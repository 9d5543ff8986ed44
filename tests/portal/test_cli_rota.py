from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.announcements import announcement_2027, announcement_2027_json
from tests.support.command_line import CommandLine, command

__all__ = ["command"]


@pytest.fixture
def seeded(command: CommandLine) -> CommandLine:
    assert command("seed").code == 0
    return command


def test_generate_prints_exactly_the_agreed_fields(seeded: CommandLine) -> None:
    outcome = seeded("rota", "generate", "--year", "2027", "--rule", "B", "--json")
    assert outcome.code == 0
    lines = outcome.json
    assert len(lines) == 24
    assert {tuple(line) for line in lines} == {("number", "unit", "kind", "start", "reason")}
    assert lines[0]["number"] == "2027-1-1"
    assert lines[0]["start"] == "2027-01-14T15:00:00+08:00"
    assert {line["kind"] for line in lines} == {"department", "county"}
    assert all(datetime.fromisoformat(line["start"]).utcoffset() == timedelta(hours=8) for line in lines)


def test_without_save_nothing_is_written_and_with_save_it_is_the_same(seeded: CommandLine) -> None:
    arguments = ("rota", "generate", "--year", "2027", "--rule", "A", "--json")
    shown = seeded(*arguments).json
    assert seeded("broadcast", "list", "--json").json == []
    assert seeded(*arguments, "--save").json == shown
    listed = seeded("broadcast", "list", "--json").json
    assert {each["number"] for each in listed} == {each["number"] for each in shown}
    assert seeded(*arguments).json == shown


def test_undo_takes_it_back(seeded: CommandLine) -> None:
    seeded("rota", "generate", "--year", "2027", "--save")
    undone = seeded("rota", "undo", "--json")
    assert len(undone.json["removed"]) == 24
    again = seeded("rota", "undo")
    assert (again.code, again.out) == (1, "")
    assert "没有可以撤销的生成" in again.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--rule", "B"), 2), (("--year", "2027", "--rule", "C"), 2), (("--year", "1999"), 1)],
)
def test_a_wrong_call_is_one_line(seeded: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    outcome = seeded("rota", "generate", *arguments)
    assert outcome.code == code
    assert outcome.err.startswith("错误：")
    assert len(outcome.err.splitlines()) == 1


def test_a_bureau_with_another_rule_and_time_gets_them_by_default(
    seeded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIKETANG_ROTA_RULE", "A")
    monkeypatch.setenv("WEIKETANG_ROTA_WEEKS", "1,3")
    monkeypatch.setenv("WEIKETANG_ROTA_WEEKDAY", "2")
    monkeypatch.setenv("WEIKETANG_ROTA_TIME", "09:30")
    lines = seeded("rota", "generate", "--year", "2027", "--json").json
    assert lines[0]["start"] == "2027-01-05T09:30:00+08:00"
    assert {line["kind"] for line in lines[:6]} == {"department", "county"}


def test_the_calendar_says_from_where_it_knows(command: CommandLine) -> None:
    assert "2027 年（预计）" in command("calendar", "show", "--year", "2027").out
    shown = command("calendar", "show", "--year", "2026", "--json").json
    assert shown["official"] is True
    assert {"date": "2026-10-10", "kind": "worked"}.items() <= shown["days"][-1].items()
    outcome = command("calendar", "show", "--year", "1900")
    assert (outcome.code, "没有 1900 年" in outcome.err) == (1, True)


def test_an_announcement_is_imported_and_the_plan_follows_it(seeded: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(announcement_2027())
    outcome = seeded("calendar", "import", str(file), "--source", "国办发明电〔2026〕12号")
    assert outcome.code == 0
    assert "2027-02-12 改为上班" in outcome.out
    shown = seeded("calendar", "show", "--year", "2027", "--json").json
    assert (shown["official"], shown["source"]) == (True, "国办发明电〔2026〕12号")
    lines = seeded("rota", "generate", "--year", "2027", "--json").json
    assert not any("预计" in line["reason"] for line in lines)
    as_json = tmp_path / "2027.json"
    as_json.write_bytes(announcement_2027_json())
    assert seeded("calendar", "import", str(as_json), "--json").json["changes"] == []


def test_a_file_that_is_none_or_is_wrong_is_one_line(command: CommandLine, tmp_path: Path) -> None:
    missing = command("calendar", "import", str(tmp_path / "none.csv"))
    assert (missing.code, len(missing.err.splitlines())) == (1, 1)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("日期,类型,名称\n2027-01-01,也许,元旦\n")
    outcome = command("calendar", "import", str(wrong))
    assert outcome.code == 1
    assert "第 2 行" in outcome.err
