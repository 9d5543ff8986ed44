"""`weiketang calendar …`: the working calendar that dates and deadlines are counted by."""

import argparse
from pathlib import Path

from portal.cli.parser import Group, add_command, add_group, add_json


def add_commands(commands: Group) -> None:
    calendar = add_group(
        commands, "calendar", help="工作日历：节假日和调休", example="weiketang calendar show --year 2027"
    )
    show = add_command(
        calendar,
        "show",
        show_calendar,
        help="列出一年的节假日和调休，以及它们的来源",
        example="weiketang calendar show --year 2027",
    )
    show.add_argument("--year", type=int, required=True, metavar="年份")
    add_json(show)
    taking = add_command(
        calendar,
        "import",
        import_calendar,
        help="导入国务院办公厅公布的放假安排（.csv、.json 或 .xlsx）",
        example="weiketang calendar import 2027.csv --source 国办发明电〔2026〕12号",
    )
    taking.add_argument("file", type=Path, metavar="文件", help="三列：日期、类型（放假或上班）、名称")
    taking.add_argument("--source", default="", metavar="文号", help="写在每一天旁边的来源")
    add_json(taking)


def show_calendar(arguments: argparse.Namespace) -> None:
    from core.clock import SystemClock
    from core.errors import Invalid
    from portal.cli.console import opened, run, say, say_json, say_table
    from schedules.workdays.calendars import days_of_year, ensure_usual_years
    from schedules.workdays.days import WEEKDAYS, DayKind

    async def command() -> None:
        async with opened(arguments):
            await ensure_usual_years(SystemClock().now())
            year, days = await days_of_year(arguments.year)
        if year is None:
            raise Invalid({"year": f"日历里没有 {arguments.year} 年。"})
        if arguments.json:
            say_json(
                {
                    "year": year.year,
                    "official": year.is_official,
                    "source": year.source,
                    "days": [
                        {
                            "date": day.day.isoformat(),
                            "kind": day.kind.value,
                            "name": day.name,
                            "official": day.is_official,
                            "source": day.source,
                        }
                        for day in days
                    ],
                }
            )
            return
        say(f"{year.year} 年（{'已公布' if year.is_official else '预计'}）：{year.source}")
        kinds = {DayKind.OFF: "放假", DayKind.WORKED: "上班"}
        rows = [
            (day.day.isoformat(), f"周{WEEKDAYS[day.day.weekday()]}", kinds[day.kind], day.name)
            for day in days
        ]
        say_table(("日期", "星期", "安排", "名称"), rows)

    run(command())


def import_calendar(arguments: argparse.Namespace) -> None:
    from core.audit import command_line
    from core.clock import SystemClock
    from core.errors import NotFound
    from portal.cli.console import opened, run, say, say_json
    from schedules.workdays.announcement import LARGEST_FILE, read_announcement
    from schedules.workdays.calendars import ensure_usual_years
    from schedules.workdays.changing import import_announcement

    if not arguments.file.is_file():
        raise NotFound(f"没有这个文件：{arguments.file}")
    with arguments.file.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    announcement = read_announcement(content, arguments.file.name, arguments.source)

    async def command() -> None:
        now = SystemClock().now()
        async with opened(arguments) as settings:
            await ensure_usual_years(now)
            changes = await import_announcement(announcement, by=command_line(), now=now, settings=settings)
        if arguments.json:
            say_json(
                {
                    "year": announcement.year,
                    "source": announcement.source,
                    "changes": [
                        {"date": each.day.isoformat(), "working": each.is_working, "name": each.name}
                        for each in changes
                    ],
                }
            )
            return
        say(f"已导入 {announcement.year} 年放假安排，共 {len(announcement.days)} 天。")
        for each in changes:
            say(f"{each.day.isoformat()} 改为{'上班' if each.is_working else '放假'}：{each.name}")

    run(command())
