"""argparse in Chinese: headings, messages, and a help page with an example for every command."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from core.clock import CHINA

MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少：\1"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (.+?): (.+)", r"\1：\2"),
    (r"invalid choice: (.+?) \(choose from (.+)\)", r"不能用 \1，可以用 \2"),
    (r"invalid int value: (.+)", r"\1 不是整数"),
    (r"invalid \S+ value: (.+)", r"不能用 \1"),
    (r"expected one argument", r"后面要跟一个值"),
    (r"expected at (least|most) one argument", r"后面值的个数不对"),
    (r"ignored explicit argument (.+)", r"不带值，却给了 \1"),
    (r"not allowed with argument (.+)", r"不能和 \1 一起用"),
    (r"one of the arguments (.+) is required", r"要给出其中一个：\1"),
)


class ChineseFormatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """An error is one line on stderr, and exit code 2."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", ChineseFormatter)
        super().__init__(**options, allow_abbrev=False, add_help=False)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这页说明")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"错误：{in_chinese(message)}（{self.prog} --help 看用法）\n")


def in_chinese(message: str) -> str:
    for pattern, chinese in MESSAGES:
        message = re.sub(pattern, chinese, message)
    return message


Run = Callable[[argparse.Namespace], None]
Group = Any  # argparse's own type for "subparsers" has no public name


def add_group(group: Group, name: str, *, help: str, example: str) -> Group:
    """A word that only groups commands, such as `broadcast`."""
    return subcommands(_add_parser(group, name, help, example))


def subcommands(parser: argparse.ArgumentParser) -> Group:
    return parser.add_subparsers(title="命令", metavar="命令", required=True)


def add_command(group: Group, name: str, run: Run, *, help: str, example: str) -> argparse.ArgumentParser:
    """A command: what it runs, one line of help, one example that can be typed as it stands."""
    parser = _add_parser(group, name, help, example)
    parser.add_argument("--data-dir", type=Path, metavar="文件夹", help="数据文件夹（默认 ./var）")
    parser.add_argument("--debug", action="store_true", help="出错时显示详细经过")
    parser.set_defaults(run=run)
    return parser


def _add_parser(group: Group, name: str, help: str, example: str) -> ChineseParser:
    parser: ChineseParser = group.add_parser(name, help=help, description=help, epilog=f"例：\n  {example}")
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def moment(text: str) -> datetime:
    """An ISO 8601 date and time; without an offset it is China's."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        parsed = None
    if parsed is None or len(text.strip()) <= len("2026-11-26"):
        raise argparse.ArgumentTypeError(
            f"{text!r} 不是日期和时间，要写成 2026-11-26T15:00 或 2026-11-26T15:00+08:00"
        )
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=CHINA)
