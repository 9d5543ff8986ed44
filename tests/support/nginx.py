"""A real nginx with the configuration as shipped, but for what differs from place to place."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.support.repository import ROOT

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
DEPLOY = ROOT / "deploy" / "nginx"
CACHE = "/var/cache/nginx/weiketang"


@contextmanager
def nginx_folder() -> Iterator[Path]:
    """A folder that nginx's workers, who are somebody else, may enter."""
    folder = Path(tempfile.mkdtemp(prefix="weiketang-nginx-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def configure(folder: Path, *, listen: str, upstreams: str) -> Path:
    """Writes the configuration into the folder; the path of its main file."""
    for file in DEPLOY.glob("*.conf"):
        shutil.copy(file, folder / file.name)
    main, site = folder / "nginx.conf", folder / "site.conf"
    _replace(main, CACHE, str(folder / "cache"))
    _replace(main, "worker_processes auto;", "worker_processes 1;")
    _replace(site, "access_log /dev/stdout watched;", f"access_log {folder / 'access.log'} watched;")
    (folder / "listen.conf").write_text(listen)
    (folder / "upstreams.conf").write_text(upstreams)
    return main


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def nginx_command(main: Path, *arguments: str) -> list[str]:
    folder = main.parent
    command = [NGINX, "-p", str(folder), "-c", str(main), "-e", str(folder / "error.log")]
    return [*command, "-g", f"pid {folder}/nginx.pid; daemon off;", *arguments]


def upstream(name: str, port: int) -> str:
    return f"upstream {name} {{ server 127.0.0.1:{port}; keepalive 16; }}\n"


@asynccontextmanager
async def running_nginx(*, web: int, media: int) -> AsyncIterator[int]:
    """nginx before web and media at these ports; gives its own port."""
    port = free_port()
    with nginx_folder() as folder:
        servers = upstream("web", web) + upstream("media", media)
        main = configure(folder, listen=f"listen 127.0.0.1:{port};", upstreams=servers)
        process = await asyncio.create_subprocess_exec(*nginx_command(main))
        try:
            await until_listening(port)
            yield port
        finally:
            process.terminate()
            await process.wait()


async def until_listening(port: int, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
