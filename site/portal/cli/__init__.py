"""The command line: `weiketang …`. Commands import what they need when they run, so that help is quick."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.errors import DomainError
from portal.cli import (
    audience,
    audit,
    broadcasts,
    calendar,
    cues,
    demo,
    evaluate,
    models,
    roster,
    rota,
    search,
    server,
    settings,
    start,
    transcribe,
    users,
)
from portal.cli.parser import ChineseParser, subcommands

AREAS = (
    start,
    server,
    roster,
    users,
    broadcasts,
    calendar,
    rota,
    demo,
    audience,
    audit,
    search,
    models,
    transcribe,
    evaluate,
    cues,
    settings,
)


def build_parser() -> ChineseParser:
    parser = ChineseParser(
        prog="weiketang",
        description="法治微课堂：直播、回看和排期，一个命令全管。",
        epilog="例：\n  weiketang serve\n  weiketang broadcast create --unit 520013 --title 欠薪怎么办",
    )
    commands = subcommands(parser)
    for area in AREAS:
        area.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: not done, with one line on stderr that says why; 2: called wrongly."""
    given = build_parser().parse_args(arguments)
    try:
        with _private_files():
            given.run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if given.debug:
            raise
        return _report(error)
    return 0


@contextmanager
def _private_files() -> Iterator[None]:
    """What is made in the data folder (password hashes, lectures not yet public) is for this account alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _report(error: Exception) -> int:
    if isinstance(error, DomainError):
        line = error.message
    else:
        line = f"出了意外（{type(error).__name__}）：{error}。加 --debug 看详细经过"
    print("错误：" + " ".join(line.split()), file=sys.stderr)  # noqa: T201
    return 2 if type(error).__name__ == "SettingsError" else 1
