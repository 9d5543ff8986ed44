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


COMMIT = re.compile(r"^[0-9a-f]{7,40}$")
VERSION = re.compile(r"\d+\.\d+")


async def _said(*arguments: str, wanted: re.Pattern[str] = VERSION) -> str | None:
    """The first line with a version that a program says, or None where it is not installed or says none."""
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
    return next((line for line in out.decode().splitlines() if wanted.search(line)), None)


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
        "commit": await _said("git", "rev-parse", "--short", "HEAD", wanted=COMMIT),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_at_start": list(os.getloadavg()),
        "ffmpeg": await _said(ffmpeg(), "-version"),
        "nginx": await _said("nginx", "-v"),
        "chromium": await _said("chromium", "--version"),
        "wrk": await _said("wrk", "-v"),
    }
