"""Processes of a measurement: each in its own group, watched through /proc, gone when the block ends."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class StartError(Exception):
    """A process did not come up, or did not do what it was started for; the text says what it said last."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process and the file its words go to."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    def last_words(self, characters: int = 1500) -> str:
        return self.log.read_text(errors="replace")[-characters:]

    def send_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def free_port() -> int:
    """A loopback TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(
    arguments: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    stdin: int | IO[bytes] = asyncio.subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = None,
    patience: float = 5.0,
) -> AsyncIterator[Child]:
    """Run a program for the length of the block; then SIGTERM to its group, SIGKILL after `patience` s."""
    with log.open("ab") as words:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=stdin,
            stdout=words if stdout is None else stdout,
            stderr=words,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    child = Child(process, log)
    try:
        yield child
    finally:
        child.send_group(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(process.wait()), patience)
        except TimeoutError:
            child.send_group(signal.SIGKILL)
            await process.wait()
        child.send_group(signal.SIGKILL)


async def outcome(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> str:
    """Run a program to its end; its standard output. Raises StartError with its words if it fails."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    out, words = await process.communicate()
    if process.returncode:
        raise StartError(
            f"{' '.join(arguments[:4])} … ended with {process.returncode}: {words.decode()[-800:]}"
        )
    return out.decode()


async def listening(port: int, child: Child, *, patience: float = 20.0) -> None:
    """Wait until a loopback port takes connections. Raises StartError if the child ends or time is up."""
    for _ in range(int(patience / 0.05)):
        if not child.alive:
            raise StartError(f"{child.log.name} ended at once: {child.last_words()}")
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.05)
    raise StartError(f"{child.log.name} did not listen on {port} in {patience:.0f} s: {child.last_words()}")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the command name (proc(5)), state first, or None if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return None


def tree(root: int) -> list[int]:
    """A process and all its descendants that are alive now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))) is not None:
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, frontier = [root], [root]
    while frontier:
        frontier = [child for parent in frontier for child in children.get(parent, [])]
        found += frontier
    return found


def cpu_seconds(pid: int) -> float:
    """utime + stime of a process and of its children that were waited for."""
    fields = _stat(pid)
    return sum(int(fields[index]) for index in (11, 12, 13, 14)) / TICKS_PER_SECOND if fields else 0.0


def tree_cpu_seconds(root: int) -> float:
    """utime + stime of a whole process tree, ended descendants included."""
    return sum(cpu_seconds(pid) for pid in tree(root))


def resident_mib(pid: int) -> float:
    """Resident set size of one process, MiB; 0 if it is gone."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 2**20
    return 0.0
