"""Databases with our tables in them, made once and copied: making them anew takes seconds, most tests need one."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from core.settings import load_settings

_MAKE = """
import asyncio, sys
from core.database import database
from core.settings import load_settings

async def make() -> None:
    async with database(load_settings(data_dir=sys.argv[1], database_url=sys.argv[2] or None)):
        pass

asyncio.run(make())
"""


def make_tables(data_dir: Path, database_url: str = "") -> None:
    """In a process of its own, so that no event loop and no connection of this one knows of it."""
    subprocess.run([sys.executable, "-c", _MAKE, str(data_dir), database_url], check=True, timeout=120)


@cache
def _sqlite_template() -> Path:
    folder = Path(mkdtemp(prefix="weiketang-template-"))
    make_tables(folder)
    return _file_in(folder)


def lay_sqlite(data_dir: Path) -> None:
    """Put an up-to-date, empty database where `data_dir` has it, unless there is one."""
    file = _file_in(data_dir)
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_sqlite_template(), file)


def _file_in(data_dir: Path) -> Path:
    return data_dir / _file_name()


@cache
def _file_name() -> str:
    """As the settings have it by default."""
    return Path(load_settings(data_dir=Path("data")).database_url).name
