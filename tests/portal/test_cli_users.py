import asyncio
import io

import pytest

from accounts.login import WrongLogin, log_in
from core.clock import SystemClock
from core.database import database
from core.settings import load_settings
from tests.support.command_line import CommandLine, command

__all__ = ["command"]


def can_log_in(command: CommandLine, username: str, password: str) -> bool:
    settings = load_settings(data_dir=command.data_dir)

    async def attempt() -> bool:
        async with database(settings):
            try:
                await log_in(username, password, now=SystemClock().now(), client="test", settings=settings)
            except WrongLogin:
                return False
            return True

    return asyncio.run(attempt())


def test_a_new_user_gets_a_password_that_is_shown_once_and_works(command: CommandLine) -> None:
    outcome = command("user", "create", "admin", "--role", "administrator", "--json")
    assert outcome.code == 0
    created = outcome.json
    assert (created["username"], created["role"]) == ("admin", "administrator")
    assert can_log_in(command, "admin", created["password"])
    assert not can_log_in(command, "admin", created["password"] + "x")


def test_people_read_the_password_from_a_line_of_its_own(command: CommandLine) -> None:
    lines = command("user", "create", "admin", "--role", "administrator").out.splitlines()
    assert lines[0] == "用户名：admin"
    password = lines[1].removeprefix("口令：").removesuffix("（只显示这一次）")
    assert can_log_in(command, "admin", password)


def test_a_given_password_comes_by_standard_input_and_is_not_repeated(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct-horse-battery-7\n"))
    outcome = command("user", "create", "admin", "--role", "administrator", "--password-stdin", "--json")
    assert outcome.json["password"] is None
    assert can_log_in(command, "admin", "correct-horse-battery-7")


def test_a_weak_password_is_refused(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    outcome = command("user", "create", "admin", "--role", "administrator", "--password-stdin")
    assert (outcome.code, outcome.err) == (1, "错误：口令要有 12 到 128 个字符。\n")


def test_a_liaison_belongs_to_a_unit(command: CommandLine) -> None:
    command("seed")
    assert "联络员要属于一个单位" in command("user", "create", "zhangsan", "--role", "liaison").err
    arguments = ("user", "create", "zhangsan", "--role", "liaison", "--unit", "520013", "--name", "张三")
    assert command(*arguments).code == 0
    again = command(*arguments)
    assert (again.code, again.err) == (1, "错误：用户名 zhangsan 已经有人用了。\n")


def test_a_reset_password_replaces_the_old_one(command: CommandLine) -> None:
    old = command("user", "create", "admin", "--role", "administrator", "--json").json["password"]
    new = command("user", "password", "admin", "--json").json["password"]
    assert not can_log_in(command, "admin", old)
    assert can_log_in(command, "admin", new)
    missing = command("user", "password", "nobody")
    assert (missing.code, missing.err) == (1, "错误：没有用户名为 nobody 的用户。\n")
