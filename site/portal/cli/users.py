"""`weiketang user …`: the people who log in."""

import argparse
import sys

from portal.cli.parser import Group, add_command, add_group, add_json

ROLES = ("administrator", "duty", "liaison", "official", "auditor")  # as accounts.models.Role


def add_commands(commands: Group) -> None:
    users = add_group(
        commands, "user", help="用户账号", example="weiketang user create admin --role administrator"
    )
    create = add_command(
        users,
        "create",
        create_user,
        help="新建用户，显示一次性的口令",
        example="weiketang user create zhangsan --role liaison --unit 520013 --name 张三",
    )
    create.add_argument("username", metavar="用户名", help="小写字母、数字、点、横线")
    create.add_argument("--role", choices=ROLES, required=True, help="角色：" + "、".join(ROLES))
    create.add_argument("--name", metavar="姓名", help="显示的姓名（默认同用户名）")
    create.add_argument("--unit", metavar="代码", help="所属单位的代码，联络员必填")
    _add_password(create)
    add_json(create)
    password = add_command(
        users,
        "password",
        change_password,
        help="重设口令，并让该用户全部退出登录",
        example="weiketang user password zhangsan",
    )
    password.add_argument("username", metavar="用户名")
    _add_password(password)
    add_json(password)


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="口令从标准输入读一行，不自动生成")


def create_user(arguments: argparse.Namespace) -> None:
    from accounts import services
    from accounts.models import Role
    from core.audit import command_line
    from core.clock import SystemClock
    from portal.cli.console import opened, run

    async def command() -> None:
        password, given = _password(arguments)
        async with opened(arguments):
            user = await services.create_user(
                arguments.username,
                arguments.name or arguments.username,
                Role(arguments.role),
                password=password,
                now=SystemClock().now(),
                unit_code=arguments.unit,
                must_change_password=not given,
                by=command_line(),
            )
        _show(arguments, user.username, user.role.value, None if given else password)

    run(command())


def change_password(arguments: argparse.Namespace) -> None:
    from accounts import services
    from core.audit import command_line
    from core.clock import SystemClock
    from portal.cli.console import opened, run

    async def command() -> None:
        password, given = _password(arguments)
        async with opened(arguments):
            user = await services.set_password(
                arguments.username,
                password,
                now=SystemClock().now(),
                must_change=not given,
                by=command_line(),
            )
        _show(arguments, user.username, user.role.value, None if given else password)

    run(command())


def _password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether it was given rather than made."""
    from accounts.passwords import new_password

    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), True
    return new_password(), False


def _show(arguments: argparse.Namespace, username: str, role: str, password: str | None) -> None:
    from portal.cli.console import say, say_json

    if arguments.json:
        say_json({"username": username, "role": role, "password": password})
        return
    say(f"用户名：{username}")
    if password is not None:
        say(f"口令：{password}（只显示这一次）")
