"""`weiketang report` and `weiketang audience …`: the figures, and what auditors need to check them."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from portal.cli.parser import Group, add_command, add_group, add_json

if TYPE_CHECKING:
    from audience.figures.periods import Period


def add_commands(commands: Group) -> None:
    report = add_command(
        commands,
        "report",
        show_report,
        help="一段时间的收看数字",
        example="weiketang report --from 2026-11-01 --to 2026-11-30 --format xlsx > 收看统计.xlsx",
    )
    _add_period(report)
    report.add_argument("--format", choices=("json", "csv", "xlsx"), default="json", help="输出的格式")
    group = add_group(commands, "audience", help="收看统计", example="weiketang audience recount")
    recount = add_command(
        group,
        "recount",
        recount_all,
        help="按原始记录重新计数，有出入的改正过来",
        example="weiketang audience recount",
    )
    add_json(recount)
    raw = add_command(
        group,
        "export-raw",
        export_raw,
        help="导出原始记录，一行一条 JSON，供审计重新计算",
        example="weiketang audience export-raw --from 2026-11-01 --to 2026-11-30 > raw.jsonl",
    )
    _add_period(raw)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} 不是日期，要写成 2026-11-01") from None


def _add_period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="日期", help="第一天")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="日期", help="最后一天")


def show_report(arguments: argparse.Namespace) -> None:
    from audience.figures.report import report_of
    from audience.figures.report_json import report_json
    from portal.cli.console import opened, run, say_json

    period = _period(arguments)
    kind: str = arguments.format

    async def command() -> None:
        async with opened(arguments):
            if kind == "json":
                say_json(report_json(await report_of(period)))
            else:
                await _say_file(period, kind)

    run(command())


async def _say_file(period: "Period", kind: str) -> None:
    """The file itself on stdout, to be led into one."""
    import sys

    from audience.exports.comma_separated import sheet_csv
    from audience.exports.period_paper import matrix_sheet, period_paper
    from audience.exports.xlsx import paper_xlsx
    from audience.figures.report import report_of
    from audience.figures.sentences import period_words
    from audience.figures.year import period_figures
    from core.clock import CHINA, SystemClock

    now = SystemClock().now()
    today = now.astimezone(CHINA).date()
    figures, report = await period_figures(period, today), await report_of(period)
    if kind == "csv":
        body = sheet_csv(matrix_sheet(figures, report))
    else:
        title = f"{period_words(period, today)}收看统计"
        body = paper_xlsx(period_paper(figures, report, title=title, made_at=now))
    sys.stdout.buffer.write(body)


def recount_all(arguments: argparse.Namespace) -> None:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from audience.figures.recounting import recount
    from core.audit import record
    from core.audit.actors import command_line
    from core.clock import SystemClock
    from core.database import transaction
    from portal.cli.console import errors, opened, run, say, say_json

    async def command() -> None:
        async with opened(arguments):
            with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=errors()) as shown:
                task = shown.add_task("正在读原始记录…")
                done = await recount(
                    lambda beacons: shown.update(task, description=f"已读 {beacons:,} 条原始记录…")
                )
            if done.changed:
                async with transaction():
                    await record(
                        "audience.recounted",
                        by=command_line(),
                        subject="audience",
                        now=SystemClock().now(),
                        after={"beacons": done.beacons, "visits": done.visits, "changed": done.changed},
                    )
        if arguments.json:
            say_json({"beacons": done.beacons, "visits": done.visits, "changed": done.changed})
        elif done.changed:
            say(f"重新计数完毕：{done.beacons} 条原始记录，{done.visits} 人次，改正了 {done.changed} 处。")
        else:
            say(f"重新计数完毕：{done.beacons} 条原始记录，{done.visits} 人次，和现有数字完全一致。")

    run(command())


def export_raw(arguments: argparse.Namespace) -> None:
    from audience.figures.raw_log import raw_line, raw_rows
    from portal.cli.console import opened, run, say

    period = _period(arguments)

    async def command() -> None:
        async with opened(arguments):
            async for row in raw_rows(period.first, period.last):
                say(raw_line(row))

    run(command())


def _period(arguments: argparse.Namespace) -> "Period":
    from audience.figures.periods import Period
    from core.errors import Invalid

    if arguments.last < arguments.first:
        raise Invalid({"to": "--to 不能早于 --from。"})
    return Period(arguments.first, arguments.last)
