"""What commands share: settings and database for one run, and the way their results are printed."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from core.addresses import with_remembered_addresses
from core.audit.masking import use_secret
from core.clock import CHINA
from core.database import database
from core.logs import configure_logs
from core.secrets import load_app_secrets
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console


@asynccontextmanager
async def opened(arguments: argparse.Namespace) -> AsyncIterator[Settings]:
    """The settings of a short command, with the database open. Its log shows warnings only."""
    settings = await asyncio.to_thread(client_settings, arguments)
    use_secret((await asyncio.to_thread(load_app_secrets, settings)).current)
    configure_logs(settings.log_format, "debug" if arguments.debug else "warning")
    async with database(settings):
        yield settings


def client_settings(arguments: argparse.Namespace) -> Settings:
    return with_remembered_addresses(load_settings(data_dir=arguments.data_dir))


def run(command: Coroutine[Any, Any, None]) -> None:
    asyncio.run(command)


def say(text: str) -> None:
    print(text)  # noqa: T201


def say_json(value: object) -> None:
    say(json.dumps(value, ensure_ascii=False))


def tell(text: str) -> None:
    """What a person should know meanwhile, apart from the result."""
    print(text, file=sys.stderr)  # noqa: T201


def say_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns that line up with wide characters too."""
    lines = [tuple(headings), *map(tuple, rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        say("  ".join(cells).rstrip())


def local(when: datetime | None) -> str:
    return "" if when is None else when.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def iso(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(CHINA).isoformat(timespec="seconds")


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def errors() -> "Console":
    """Where progress is shown: beside the result, never in it."""
    from rich.console import Console

    return Console(stderr=True)
