"""Pushes the sample film to an RTMP address with the project's ffmpeg, as a lecturer's encoder would."""

import asyncio
from contextlib import suppress
from pathlib import Path

import imageio_ffmpeg

from core.settings import Settings
from portal.demo.script import FILM

STOP_SECONDS = 3.0


def ffmpeg_of(settings: Settings) -> str:
    """The ffmpeg that a setting names, else the one that comes with the packages."""
    if settings.ffmpeg_path is not None:
        return str(settings.ffmpeg_path)
    path: str = imageio_ffmpeg.get_ffmpeg_exe()  # type: ignore[attr-defined, no-untyped-call]
    return path


def push_command(ffmpeg: str, target: str, passes: int, film: Path = FILM) -> list[str]:
    """The film `passes` times over, at the speed of the clock, nothing encoded again."""
    return [
        *(ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin"),
        *("-re", "-stream_loop", str(passes - 1), "-i", str(film)),
        *("-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", target),
    ]


async def push(ffmpeg: str, target: str, passes: int, film: Path = FILM) -> str | None:
    """Pushes until the film has run `passes` times.

    Returns None when it ran to its end, else ffmpeg's last words (the server closed, nobody listens, …),
    which may hold the key. Cancelled, it stops ffmpeg before it returns.
    """
    # A session of its own: Ctrl-C at the terminal reaches the program that stops us in order, not ffmpeg.
    # Should that program be killed, its RTMP port goes with it, and ffmpeg ends of itself.
    process = await asyncio.create_subprocess_exec(
        *push_command(ffmpeg, target, passes, film),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, errors = await process.communicate()
    except asyncio.CancelledError:
        await _stop(process)
        raise
    if process.returncode == 0:
        return None
    return errors.decode("utf-8", "replace").strip()[-300:] or f"ffmpeg ended with {process.returncode}"


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.communicate()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
