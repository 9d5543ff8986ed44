import asyncio

from core.audit.models import AuditEntry
from core.database import database
from core.settings import load_settings
from tests.support.audit import actions
from tests.support.command_line import CommandLine, command

__all__ = ["command"]


def in_the_database(command: CommandLine, change: bool = False) -> list[tuple[str, str, str]]:
    async def look() -> list[tuple[str, str, str]]:
        async with database(load_settings(data_dir=command.data_dir)):
            if change:
                await AuditEntry.filter(number=2).update(subject="user:somebody")
            return await actions()

    return asyncio.run(look())


def work(command: CommandLine) -> None:
    assert command("seed").code == 0
    assert command("user", "create", "zhangsan", "--role", "official").code == 0
    assert command("user", "password", "zhangsan").code == 0
    assert command("broadcast", "create", "--unit", "520013", "--title", "题目", "--json").code == 0


def test_what_the_command_line_does_is_in_the_log_under_the_account_of_the_machine(
    command: CommandLine,
) -> None:
    assert command("seed").code == 0
    assert command("user", "create", "zhangsan", "--role", "official").code == 0
    assert command("user", "password", "zhangsan").code == 0
    made = command("broadcast", "create", "--unit", "520013", "--title", "题目", "--json")
    number = made.json["number"]
    assert command("broadcast", "end", number).code == 0
    done = in_the_database(command)
    wanted = [
        ("user.created", "user:zhangsan"),
        ("user.password_set", "user:zhangsan"),
        ("broadcast.created", f"broadcast:{number}"),
        ("broadcast.end_asked", f"broadcast:{number}"),
    ]
    assert [(action, subject) for action, subject, _ in done if subject != "units"] == wanted
    assert all(name.startswith("命令行（") for _, subject, name in done if subject != "units")


def test_a_whole_log_is_one_line_that_can_be_noted(command: CommandLine) -> None:
    assert command("audit", "verify").out == "操作日志还没有记录。\n"
    work(command)
    outcome = command("audit", "verify")
    assert outcome.code == 0
    assert outcome.out.startswith("操作日志完好：共 ")
    noted = outcome.out.split()[-1]
    assert command("user", "password", "zhangsan").code == 0
    assert command("audit", "verify", "--noted", noted).code == 0
    seen = command("audit", "verify", "--json").json
    assert seen["entries"] == int(noted.partition(":")[0]) + 1
    number, _, digest = noted.partition(":")
    other = command("audit", "verify", "--noted", f"{number}:{digest[::-1]}")
    assert (other.code, other.err) == (1, f"错误：操作日志第 {number} 条不对：与记下的摘要不符。\n")
    assert command("audit", "verify", "--noted", "nonsense").code == 2


def test_a_changed_log_fails_with_the_number_of_the_first_bad_entry(command: CommandLine) -> None:
    work(command)
    in_the_database(command, change=True)
    outcome = command("audit", "verify")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "错误：操作日志第 2 条不对：内容与摘要不符，被改过。\n"
