"""What every nginx started here has in common: one configuration in a temporary folder, in the foreground."""

import asyncio
import getpass
import grp
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.process import Child, StartError, listening, running

HEAD = """
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
{user}
events {{ worker_connections 4096; }}
"""
HTTP = """
http {{
    access_log off;
    types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; video/iso.segment m4s; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        root {folder}/www;
        add_header Access-Control-Allow-Origin *;
        add_header Cache-Control no-cache;
    }}
}}
"""


def program() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path=f"{os.defpath}:/usr/sbin:/sbin")
    if found is None:
        raise StartError("nginx is not installed (Debian: nginx-light libnginx-mod-rtmp)")
    return found


async def module(name: str) -> Path:
    """The path of a dynamic module of the installed nginx. Raises StartError if it has none by that name."""
    asked = await asyncio.create_subprocess_exec(program(), "-V", stderr=asyncio.subprocess.PIPE)
    _, words = await asked.communicate()
    match = re.search(r"--modules-path=(\S+)", words.decode())
    path = Path(match.group(1) if match else "modules") / name
    if not path.exists():
        raise StartError(f"nginx has no {name} (Debian: libnginx-mod-rtmp)")
    return path


@asynccontextmanager
async def nginx(folder: Path, *, port: int, head: str = "", body: str = "") -> AsyncIterator[Child]:
    """nginx with one worker serving `folder`/www on a loopback port by sendfile."""
    (folder / "www").mkdir(parents=True, exist_ok=True)
    # Started by root, a worker would become nobody and not see a private temporary folder.
    group = grp.getgrgid(os.getgid()).gr_name
    user = f"user {getpass.getuser()} {group};" if os.getuid() == 0 else ""
    configuration = (
        head + HEAD.format(folder=folder, user=user) + HTTP.format(folder=folder, port=port) + body
    )
    path = folder / "nginx.conf"
    await asyncio.to_thread(path.write_text, configuration)
    arguments = [program(), "-p", str(folder), "-c", str(path), "-e", "stderr"]
    async with running(arguments, log=folder / "nginx.log") as child:
        await listening(port, child)
        yield child
