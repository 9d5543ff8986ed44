import argparse
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from portal.cli import build_parser, main
from portal.cli.parser import in_chinese, moment

from tests.support.command_line import COMMAND, CommandLine, command

__all__ = ["command"]

CHINA_OFFSET = timezone(timedelta(hours=8))


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from parsers(child)


@pytest.mark.parametrize("parser", list(parsers(build_parser())), ids=lambda parser: parser.prog)
def test_every_command_has_help_with_an_example_of_its_own(parser: argparse.ArgumentParser) -> None:
    page = parser.format_help()
    assert "用法：" in page
    example = page.partition("例：\n")[2]
    assert example.strip().startswith(parser.prog)
    assert parser.description


@pytest.mark.parametrize("parser", list(parsers(build_parser())), ids=lambda parser: parser.prog)
def test_every_example_can_be_typed_as_it_stands(parser: argparse.ArgumentParser) -> None:
    lines = parser.format_help().partition("例：\n")[2].split("\n")
    for line in filter(None, map(str.strip, lines)):
        words = line.partition(" > ")[0].split()  # where its output goes is the shell's to know
        assert words[0] == "weiketang"
        assert callable(build_parser().parse_args(words[1:]).run)


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    program = COMMAND[-1].replace(
        "sys.exit(main())", "\ntry: main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    command = [*COMMAND[:-1], program, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "portal.cli.broadcasts" in loaded
    assert loaded.isdisjoint({"tortoise", "pydantic", "starlette", "av", "huey", "uvicorn", "obstore"})


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "缺少：命令"),
        (["broadcast"], "缺少：命令"),
        (["broadcast", "create", "--title", "x"], "缺少：--unit"),
        (["broadcast", "create", "--unit"], "--unit：后面要跟一个值"),
        (["nonsense"], "不能用 'nonsense'"),
        (["seed", "--nonsense"], "不认识：--nonsense"),
        (["serve", "--http-port", "x"], "--http-port：'x' 不是整数"),
        (["user", "create", "a", "--role", "king"], "--role：不能用 'king'，可以用 "),
        (["broadcast", "create", "--unit", "1", "--title", "x", "--start", "soon"], "'soon' 不是日期和时间"),
        (["unit", "list", "--json=yes"], "--json：不带值，却给了 'yes'"),
    ],
)
def test_a_wrong_call_is_one_line_in_chinese_and_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    printed = capsys.readouterr()
    assert stopped.value.code == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert expected in printed.err
    assert "--help 看用法" in printed.err


def test_a_message_without_translation_is_shown_as_it_is() -> None:
    assert in_chinese("something new in argparse") == "something new in argparse"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-26T15:00", datetime(2026, 11, 26, 15, 0, tzinfo=CHINA_OFFSET)),
        (" 2026-11-26 15:00 ", datetime(2026, 11, 26, 15, 0, tzinfo=CHINA_OFFSET)),
        ("2026-11-26T15:00:30+08:00", datetime(2026, 11, 26, 15, 0, 30, tzinfo=CHINA_OFFSET)),
        ("2026-11-26T07:00:00Z", datetime(2026, 11, 26, 15, 0, tzinfo=CHINA_OFFSET)),
    ],
)
def test_a_time_without_an_offset_is_chinas(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["", "2026-11-26", "15:00", "2026-11-31T15:00", "明天下午"])
def test_what_is_no_date_and_time_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="2026-11-26T15:00"):
        moment(text)


def test_an_error_of_the_settings_is_code_2(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIKETANG_HTTP_PORT", "abc")
    outcome = command("seed")
    assert outcome.code == 2
    assert outcome.err.startswith("错误：WEIKETANG_HTTP_PORT 的值 'abc' 不能用")
    assert outcome.err.count("\n") == 1


def test_an_unexpected_error_is_one_line_and_with_debug_a_trace(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> bool:
        raise ZeroDivisionError("deep\ninside")

    monkeypatch.setattr("accounts.services.seed_sample_units", fail)
    outcome = command("seed")
    assert outcome.code == 1
    assert outcome.err == "错误：出了意外（ZeroDivisionError）：deep inside。加 --debug 看详细经过\n"
    with pytest.raises(ZeroDivisionError):
        command("seed", "--debug")


def test_an_interrupted_command_says_nothing(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupt() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("accounts.services.seed_sample_units", interrupt)
    assert command("seed").code == 130


def test_a_reader_that_has_seen_enough_is_no_accident(command: CommandLine) -> None:
    command("seed")
    with command.process("unit", "list") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 1


def test_a_site_starts_without_the_libraries_of_papers_and_workbooks() -> None:
    program = "import sys, portal.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert "portal.app" in done.stdout.split()
    assert set(done.stdout.split()).isdisjoint({"fontTools", "fpdf", "openpyxl", "pypdf", "xlsxwriter"})
