"""A PostgreSQL cluster of the test session's own: in a temporary folder, on a free loopback port."""

import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import psycopg

ROLE = "weiketang"


class Cluster:
    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{name}"

    async def create_database(self, *, template: str = "template0") -> str:
        """The URL of a new database: empty, or like the one named."""
        name = f"test_{uuid4().hex}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
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
    """Start PostgreSQL and stop it at the end, even if this process is killed.

    Under root it runs as the user postgres: it refuses root.
    """
    folder = Path(tempfile.mkdtemp(prefix="weiketang-pg-"))
    port = _free_port()
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = str(folder / "data")
        initdb = _command("initdb", "-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        subprocess.run(initdb, cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=120)
        settings = (
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            "fsync=off",
        )
        server = _command("postgres", "-D", data, *(word for each in settings for word in ("-c", each)))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(server, cwd="/", stdout=log, stderr=log)
        try:
            _wait_until_ready(process, folder / "log", port)
            yield Cluster(port)
        finally:
            process.send_signal(signal.SIGQUIT)  # immediate: nothing here is worth a checkpoint
            process.wait(60)
    finally:
        shutil.rmtree(folder)


def _command(program: str, *arguments: str) -> list[str]:
    """The call as the right user; SIGQUIT comes to it when this process is gone."""
    user = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig", "QUIT", str(_programs() / program), *arguments]


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=ROLE, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL is not ready after a minute: {log.read_text(errors='replace')}")


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
