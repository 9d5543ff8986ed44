"""`weiketang rota …`: who speaks when in a year."""

import argparse

from portal.cli.parser import Group, add_command, add_group, add_json


def add_commands(commands: Group) -> None:
    rota = add_group(commands, "rota", help="轮值：全年排期", example="weiketang rota generate --year 2027")
    generating = add_command(
        rota,
        "generate",
        generate_rota,
        help="按轮值规则排出一年的期次；加 --save 才写入草案",
        example="weiketang rota generate --year 2027 --rule B --save",
    )
    generating.add_argument("--year", type=int, required=True, metavar="年份")
    generating.add_argument(
        "--rule",
        choices=("A", "B"),
        help="A 全部单位一个队列；B 每月一个州级单位、一个县（市）；不写就用设置里的",
    )
    generating.add_argument("--save", action="store_true", help="写入草案，替换没有锁定的草案")
    add_json(generating)
    undoing = add_command(
        rota,
        "undo",
        undo_rota,
        help="撤销最近一次生成：只撤还是草案、没有改过的期次",
        example="weiketang rota undo",
    )
    add_json(undoing)


def generate_rota(arguments: argparse.Namespace) -> None:
    from core.audit import command_line
    from core.clock import SystemClock
    from portal.cli.console import iso, local, opened, run, say, say_json, say_table, tell
    from schedules.planning import generate
    from schedules.rota.year import Rule
    from schedules.workdays.calendars import ensure_usual_years

    async def command() -> None:
        now = SystemClock().now()
        async with opened(arguments) as settings:
            await ensure_usual_years(now)
            plan = await generate(
                arguments.year,
                Rule(arguments.rule or settings.rota_rule),
                save=arguments.save,
                by=command_line(),
                now=now,
                settings=settings,
            )
        for note in plan.notes:
            tell(note)
        if arguments.json:
            say_json(
                [
                    {
                        "number": line.number,
                        "unit": line.unit_code,
                        "kind": line.kind.value,
                        "start": iso(line.start),
                        "reason": line.reason,
                    }
                    for line in plan.lines
                ]
            )
            return
        rows = [(line.number, local(line.start), line.unit_name, line.reason) for line in plan.lines]
        say_table(("期次", "时间", "单位", "理由"), rows)
        say(
            f"共 {len(plan.lines)} 期，{'已写入草案。' if plan.run_id else '没有写入；加 --save 才写入草案。'}"
        )

    run(command())


def undo_rota(arguments: argparse.Namespace) -> None:
    from core.audit import command_line
    from core.clock import SystemClock
    from portal.cli.console import opened, run, say, say_json
    from schedules.planning import undo_last

    async def command() -> None:
        async with opened(arguments) as settings:
            undone = await undo_last(by=command_line(), now=SystemClock().now(), settings=settings)
        if arguments.json:
            say_json(
                {
                    "year": undone.year,
                    "removed": undone.removed,
                    "stayed": undone.stayed,
                    "restored": undone.restored,
                }
            )
            return
        say(f"已撤销 {undone.year} 年的生成：撤下 {len(undone.removed)} 期草案。")
        if undone.stayed:
            say(f"已下达、锁定或改过的留着：{'、'.join(undone.stayed)}。")
        if undone.restored:
            say(f"恢复原来的草案：{'、'.join(undone.restored)}。")

    run(command())
