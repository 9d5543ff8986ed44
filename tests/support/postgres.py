"""A PostgreSQL cluster of the test session's own: in a temporary folder, on a free loopback port."""

import functools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

ROLE = "weiketang"


class Cluster:
    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{name}"

    async def create_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{uuid4().hex}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    async def drop_database(self, url: str) -> None:
        name = url.rpartition("/")[2]
        await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start PostgreSQL and stop it at the end. Under root it runs as the user postgres: it refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="weiketang-pg-"))
    port = _free_port()
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        _run("initdb", "-D", folder / "data", "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
        )
        log = folder / "log"
        _run("pg_ctl", "-D", folder / "data", "-w", "-t", "60", "-l", log, "-o", options, "start")
        try:
            yield Cluster(port)
        finally:
            _run("pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(program: str, *arguments: str | Path) -> None:
    command = [str(_programs() / program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # Not a pipe: the server inherits it and would keep it open.
    with tempfile.TemporaryFile() as output:
        code = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False).returncode
        output.seek(0)
        if code:
            raise RuntimeError(f"{program} failed ({code}): {output.read().decode(errors='replace')}")


@functools.cache
def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise RuntimeError("these tests need PostgreSQL: apt-get install postgresql")
    return versions[-1].parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
