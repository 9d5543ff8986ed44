"""`weiketang audit …`: the log of what was done."""

import argparse
import re

from portal.cli.parser import Group, add_command, add_group, add_json


def add_commands(commands: Group) -> None:
    group = add_group(commands, "audit", help="操作日志", example="weiketang audit verify")
    verify = add_command(
        group,
        "verify",
        verify_log,
        help="检查操作日志有没有被改动或缺失",
        example="weiketang audit verify",
    )
    verify.add_argument(
        "--noted", type=noted, metavar="条号:摘要", help="以前记下的那一条，检查它是否还在、还一样"
    )
    add_json(verify)


def noted(text: str) -> tuple[int, str]:
    """`12:9f…`, as the command printed it at an earlier time."""
    match = re.fullmatch(r"([1-9]\d{0,17}):([0-9a-f]{64})", text.strip(), re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError("要写成 条号:摘要，例如上次检查时显示的 12:9f86…")
    return int(match[1]), match[2]


def verify_log(arguments: argparse.Namespace) -> None:
    from core.audit.verifying import Link, verify_chain
    from portal.cli.console import opened, run, say, say_json

    async def command() -> None:
        async with opened(arguments):
            last = await verify_chain(Link(*arguments.noted) if arguments.noted else None)
        if arguments.json:
            say_json({"entries": last.number, "hash": last.hash})
        elif last.number == 0:
            say("操作日志还没有记录。")
        else:
            say(f"操作日志完好：共 {last.number} 条，末条 {last}")

    run(command())
