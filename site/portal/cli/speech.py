"""What commands that recognise share: settings with the engine and model of the command line, and progress."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from core.settings import Settings


def add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", metavar="引擎", help="whisper、sherpa，或自备引擎的 模块:函数（默认按设置）"
    )
    parser.add_argument(
        "--model", type=Path, metavar="文件夹", help="语音模型所在的文件夹（默认按设置，或已安装的那一个）"
    )


def speech_settings(arguments: argparse.Namespace) -> "Settings":
    """Raises SettingsError."""
    from core.logs import configure_logs
    from core.settings import load_settings

    given = {"speech_engine": arguments.engine, "speech_model_dir": arguments.model}
    settings = load_settings(
        data_dir=arguments.data_dir, **{name: value for name, value in given.items() if value is not None}
    )
    configure_logs(settings.log_format, "debug" if arguments.debug else "warning")
    return settings


@contextmanager
def shown_progress(*, of_bytes: bool = False) -> Iterator["Progress"]:
    """On stderr."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from portal.cli.console import errors

    amount = DownloadColumn() if of_bytes else TaskProgressColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn())
    with Progress(*columns, console=errors()) as progress:
        yield progress
