"""What the figures were measured on."""

import asyncio
import os
import platform
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Detail
from bench.media import ffmpeg

HERE = Path(__file__).parent


async def _first_line(*arguments: str) -> str | None:
    """The first line a program says, or None where it is not installed or fails."""
    program = shutil.which(arguments[0]) or shutil.which(arguments[0], path="/usr/sbin")
    if program is None:
        return None
    asked = await asyncio.create_subprocess_exec(
        program,
        *arguments[1:],
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asked.communicate()
    return next(iter(out.decode().splitlines()), None) if asked.returncode in (0, 1) else None


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()


async def describe() -> dict[str, Detail]:
    """Machine, load at the start (other work spoils the figures), and versions of what takes part."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": await _first_line("git", "rev-parse", "--short", "HEAD"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_at_start": list(os.getloadavg()),
        "ffmpeg": await _first_line(ffmpeg(), "-version"),
        "nginx": await _first_line("nginx", "-v"),
        "chromium": await _first_line("chromium", "--version"),
        "wrk": await _first_line("wrk", "-v"),
    }
