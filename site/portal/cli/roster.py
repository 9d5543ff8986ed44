"""`weiketang seed`, `weiketang unit …`: the list of units."""

import argparse

from portal.cli.parser import Group, add_command, add_group, add_json


def add_commands(commands: Group) -> None:
    add_command(commands, "seed", seed, help="把 40 个示例单位装进空的数据库", example="weiketang seed")
    units = add_group(commands, "unit", help="责任单位", example="weiketang unit list")
    listing = add_command(
        units, "list", list_units, help="列出全部单位", example="weiketang unit list --json"
    )
    add_json(listing)


def seed(arguments: argparse.Namespace) -> None:
    from accounts.services import seed_sample_units
    from core.clock import SystemClock
    from portal.cli.console import opened, run, say
    from schedules.workdays.calendars import ensure_usual_years

    async def command() -> None:
        async with opened(arguments):
            loaded = await seed_sample_units()
            await ensure_usual_years(SystemClock().now())
            say("已装入 40 个示例单位。" if loaded else "40 个示例单位已经在数据库里了，没有改动。")

    run(command())


def list_units(arguments: argparse.Namespace) -> None:
    from accounts.models import UnitKind
    from accounts.queries import units
    from portal.cli.console import opened, run, say_json, say_table

    labels = {UnitKind.DEPARTMENT: "部门", UnitKind.COUNTY: "县（市）"}

    async def command() -> None:
        async with opened(arguments):
            found = await units()
        if arguments.json:
            say_json([{"code": unit.code, "name": unit.name, "kind": unit.kind.value} for unit in found])
        else:
            say_table(("代码", "类别", "名称"), [(unit.code, labels[unit.kind], unit.name) for unit in found])

    run(command())
