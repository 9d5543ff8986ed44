"""`weiketang start`: what scripts/run calls: first start included, everything runs."""

import argparse

from portal.cli.parser import Group, add_command
from portal.cli.server import add_http_port, add_rtmp_port, start_parts


def add_commands(commands: Group) -> None:
    parser = add_command(
        commands,
        "start",
        start,
        help="启动全部；首次启动时准备好管理员和示例",
        example="weiketang start --no-demo",
    )
    add_http_port(parser)
    add_rtmp_port(parser)
    parser.add_argument("--no-demo", action="store_true", help="不装示例单位，也不播示例课")


def start(arguments: argparse.Namespace) -> None:
    import asyncio

    from core.settings import load_settings
    from portal.cli.console import say
    from portal.first_start import prepare

    sample = not arguments.no_demo
    settings = load_settings(data_dir=arguments.data_dir)
    prepared = asyncio.run(prepare(settings, sample=sample))
    if prepared.roster_loaded:
        say("已装入 40 个示例单位（示例数据，正式使用前请换成本州的名单）。")
    if prepared.administrator is not None:
        say(f"管理员用户名：{prepared.administrator.username}")
        say(f"一次性口令：{prepared.administrator.password}（只显示这一次，请马上登录并改掉）")
    start_parts(arguments, {"web", "media", "worker"} | ({"demo"} if sample else set()))
