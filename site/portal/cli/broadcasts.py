"""`weiketang broadcast …`: lectures, without a browser."""

import argparse

from portal.cli.parser import Group, add_command, add_group, add_json, moment

PATIENCE_SECONDS = 4
"""So much longer than the life of a lease the holder is waited for: a dead one is not held any more by then."""


def add_commands(commands: Group) -> None:
    broadcasts = add_group(commands, "broadcast", help="期次：一场微课堂", example="weiketang broadcast list")
    _add_create(broadcasts)
    show = add_command(
        broadcasts,
        "show",
        show_broadcast,
        help="查看一期的状态、推流记录和已收到的时长",
        example="weiketang broadcast show 2026-11-2 --json",
    )
    show.add_argument("number", metavar="编号")
    add_json(show)
    end = add_command(
        broadcasts,
        "end",
        end_broadcast,
        help="结束一期，马上可以回看",
        example="weiketang broadcast end 2026-11-2",
    )
    end.add_argument("number", metavar="编号")
    _add_cut(broadcasts)
    listing = add_command(
        broadcasts, "list", list_broadcasts, help="列出最近的期次", example="weiketang broadcast list"
    )
    listing.add_argument("--unit", metavar="代码", help="只看这个单位的")
    listing.add_argument("--limit", type=int, default=50, metavar="个数", help="最多列多少期（默认 50）")
    add_json(listing)


def _add_create(broadcasts: Group) -> None:
    create = add_command(
        broadcasts,
        "create",
        create_broadcast,
        help="新建一期（临时期次），给出推流地址和推流码",
        example="weiketang broadcast create --unit 520013 --title 欠薪怎么办 --start 2026-12-03T15:00",
    )
    create.add_argument("--unit", required=True, metavar="代码", help="责任单位的代码（weiketang unit list）")
    create.add_argument("--title", required=True, metavar="标题")
    create.add_argument("--start", type=moment, metavar="时间", help="开播时间；不写就是现在，一推流就开播")
    create.add_argument("--minutes", type=int, default=15, metavar="分钟", help="计划时长（默认 15 分钟）")
    create.add_argument("--lecturer", default="", metavar="姓名", help="主讲人姓名")
    create.add_argument("--post", default="", metavar="职务", help="主讲人单位和职务")
    create.add_argument("--sample", action="store_true", help="标为示例")
    add_json(create)


def _add_cut(broadcasts: Group) -> None:
    from schedules.cut_causes import CUT_CAUSE_LABELS

    causes = "、".join(f"{cause.value}（{label}）" for cause, label in CUT_CAUSE_LABELS.items())
    cut = add_command(
        broadcasts,
        "cut",
        cut_broadcast,
        help="紧急切断：马上断开推流，观众看到“直播已中止”，回看撤下，录像保留",
        example="weiketang broadcast cut 2026-11-2 --reason 出现不宜播出的内容",
    )
    cut.add_argument("number", metavar="编号")
    cut.add_argument("--reason", required=True, metavar="说明", help="为什么切断或撤销，记入操作日志")
    cut.add_argument("--cause", default="content", metavar="原因", help=f"{causes}；默认 content")
    cut.add_argument("--undo", action="store_true", help="撤销：切错了，恢复到切断以前")


def create_broadcast(arguments: argparse.Namespace) -> None:
    from dataclasses import asdict

    from core.audit import command_line
    from core.clock import SystemClock
    from core.secrets import load_app_secrets
    from portal.cli.console import opened, run, say, say_json
    from schedules import services
    from streaming.addresses import encoder_address, public_addresses

    new = services.NewBroadcast(
        title=arguments.title,
        unit_code=arguments.unit,
        starts_at=arguments.start,
        planned_minutes=arguments.minutes,
        lecturer_name=arguments.lecturer,
        lecturer_post=arguments.post,
        is_sample=arguments.sample,
    )

    async def command() -> None:
        async with opened(arguments) as settings:
            broadcast = await services.create_broadcast(new, now=SystemClock().now(), by=command_line())
        encoder = encoder_address(
            settings, load_app_secrets(settings), broadcast.id, broadcast.number, broadcast.key_version
        )
        public = public_addresses(settings, broadcast.number)
        if arguments.json:
            ids = {"id": str(broadcast.id), "number": broadcast.number}
            say_json(ids | asdict(encoder) | asdict(public))
            return
        say(f"编号：{broadcast.number}")
        say(f"推流服务器：{encoder.rtmp_url}")
        say(f"推流码：{encoder.stream_key}")
        say(f"观看页：{public.watch_url}")

    run(command())


def end_broadcast(arguments: argparse.Namespace) -> None:
    from core.audit import command_line
    from core.jobs import make_context
    from portal.cli.console import opened, run, say, tell
    from streaming import services

    async def command() -> None:
        async with opened(arguments) as settings:
            context = make_context(settings)
            tell(f"正在结束 {arguments.number} …")
            try:
                broadcast = await services.end_broadcast(
                    arguments.number,
                    clock=context.clock,
                    settings=settings,
                    events=context.events,
                    wait_seconds=settings.lease_seconds + PATIENCE_SECONDS,
                    by=command_line(),
                )
            finally:
                await context.queue.aclose()
        say(f"{broadcast.number} 已结束。")

    run(command())


def cut_broadcast(arguments: argparse.Namespace) -> None:
    from core.audit import command_line
    from core.clock import SystemClock
    from portal.cli.console import opened, run, say
    from schedules import cut_offs

    async def command() -> None:
        by, now, number = command_line(), SystemClock().now(), arguments.number
        async with opened(arguments):
            if arguments.undo:
                await cut_offs.undo_cut_off(number, reason=arguments.reason, by=by, now=now)
                say(f"{number} 已撤销切断。")
                return
            cause = cut_offs.cause_of(arguments.cause)
            await cut_offs.cut_off(number, cause=cause, words=arguments.reason, by=by, now=now)
            say(f"{number} 已切断。")

    run(command())


def show_broadcast(arguments: argparse.Namespace) -> None:
    from portal.cli.console import opened, run, say_json
    from portal.cli.lecture_report import describe, say_description
    from schedules.queries import by_number

    async def command() -> None:
        async with opened(arguments) as settings:
            description = await describe(await by_number(arguments.number), settings)
        if arguments.json:
            say_json(description)
        else:
            say_description(description)

    run(command())


def list_broadcasts(arguments: argparse.Namespace) -> None:
    from portal.cli.console import iso, local, opened, run, say_json, say_table
    from schedules.queries import recent
    from schedules.states import LABELS

    async def command() -> None:
        async with opened(arguments):
            found = await recent(unit_code=arguments.unit, limit=max(1, arguments.limit))
        if arguments.json:
            say_json(
                [
                    {
                        "number": each.number,
                        "title": each.title,
                        "unit": each.unit.code,
                        "state": each.air_state.value,
                        "starts_at": iso(each.starts_at),
                    }
                    for each in found
                ]
            )
            return
        rows = [
            (each.number, LABELS[each.air_state], local(each.starts_at), each.unit.name, each.title)
            for each in found
        ]
        say_table(("编号", "状态", "开播时间", "单位", "标题"), rows)

    run(command())
