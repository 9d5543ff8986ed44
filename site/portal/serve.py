"""The composition root: what runs in a process, in which order it starts, and that it ends cleanly.

`serve` is everything in one process plus one child for background jobs; `web` and `media` are its parts apart.
"""

import asyncio
import resource
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Set
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
import uvicorn
from prometheus_client import REGISTRY
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core.audit.masking import use_secret
from core.database import database
from core.errors import DomainError
from core.jobs import JobContext, make_context
from core.secrets import AppSecrets, load_app_secrets
from core.settings import Settings
from core.stopping import set_on_signals
from core.web.connections import HttpLimits, bounded
from portal.app import create_app
from portal.board import BoardFromRows, LiveBoard
from portal.demo.show import Stage, local_rtmp_url, sample_on_air
from portal.front import Front
from portal.media_board import MediaBoard, air_details
from streaming.facts import facts_from_rows
from streaming.ffmpeg import find_capabilities
from streaming.leases import MediaFolder
from streaming.library import Library
from streaming.media import MediaService
from streaming.metrics import HeldLectures
from streaming.origin import Origin
from streaming.rungs import EncodingCapacity
from transcripts.live.captioning import Captioning

log = structlog.get_logger()

KEEP_ALIVE_SECONDS = 75
"""Longer than a blocking playlist request is held, so that players keep their connection (DESIGN §10)."""
GOODBYE_SECONDS = 2
"""What requests that are being answered are given when the server stops."""
FILES_PER_VIEWER = 2
FILES_FOR_THE_HOUSE = 256
"""Journals, pipes to encoders, the database; the RTMP port's connections come on top."""
MOST_FILES = 1_000_000
"""Where the system sets no limit."""
WORKER_RESTART_SECONDS = 2.0
WORKER_PATIENCE_SECONDS = 10.0


class PortTaken(DomainError):
    """端口已被占用。"""


async def serve(settings: Settings, parts: Set[str]) -> None:
    """Run these parts ("web", "media", "worker"; with "media" also "demo") until SIGINT or SIGTERM."""
    connections = _most_connections(settings, _allow_many_files())
    stop = asyncio.Event()
    with set_on_signals(stop):
        async with AsyncExitStack() as stack:
            context = make_context(settings)
            stack.push_async_callback(context.queue.aclose)
            secrets = await asyncio.to_thread(load_app_secrets, settings)
            use_secret(secrets.current)
            await stack.enter_async_context(database(settings))
            listener = stack.enter_context(_listener(settings.http_host, settings.http_port))
            front = await stack.enter_async_context(_front(context, secrets, parts))
            if "worker" in parts and settings.worker:
                await stack.enter_async_context(_worker_child(settings))
            await _serve_http(front, listener, connections, settings, stop)


@asynccontextmanager
async def _front(context: JobContext, secrets: AppSecrets, parts: Set[str]) -> AsyncIterator[Front]:
    settings = context.settings
    async with AsyncExitStack() as stack:
        board: LiveBoard = BoardFromRows(settings, context.clock)
        origin = None
        if "media" in parts:
            media, origin = await stack.enter_async_context(
                _media(context, secrets, tells="web" not in parts)
            )
            board = MediaBoard(media, board, context.clock)
            if "demo" in parts:
                rtmp_url = local_rtmp_url(settings.rtmp_host, media.rtmp_port)
                stage = Stage(settings, secrets, context.clock, context.events, rtmp_url)
                await stack.enter_async_context(sample_on_air(stage))
        site = create_app(settings, secrets, context, board, pages="web" in parts)
        # uvicorn and Starlette describe the same ASGI with types of their own.
        known = ProxyHeadersMiddleware(cast("Any", site), trusted_hosts=settings.trusted_proxies)
        yield Front(origin, cast("ASGIApp", known), prefix=urlsplit(settings.public_url).path)


@asynccontextmanager
async def _media(
    context: JobContext, secrets: AppSecrets, *, tells: bool
) -> AsyncIterator[tuple[MediaService, Origin]]:
    """tells: the web site is another process, which learns of the signal through the leases."""
    settings = context.settings
    folder = await asyncio.to_thread(MediaFolder, settings.data_dir)
    with closing(folder):
        capabilities = await find_capabilities(settings.ffmpeg_path)
        library = Library(settings, secrets, facts_from_rows, context.clock)
        service = MediaService(
            library,
            EncodingCapacity(capabilities),
            context.events,
            secrets,
            holder=folder.holder,
            settings=settings,
            clock=context.clock,
            report=(lambda lecture: air_details(lecture).as_json()) if tells else None,
        )
        held = HeldLectures(service.lectures.values)
        captioning = Captioning(lambda: service.lectures, settings=settings, clock=context.clock)
        REGISTRY.register(held)
        try:
            await service.start()
            captioning.start()
            yield service, Origin(library)
        finally:
            REGISTRY.unregister(held)
            await captioning.aclose()
            await service.aclose()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: it would raise the signal again before we have cleaned up."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve_http(
    app: Front, listener: socket.socket, connections: int, settings: Settings, stop: asyncio.Event
) -> None:
    limits = HttpLimits(
        connections,
        head_seconds=settings.http_head_seconds,
        unread_seconds=settings.http_unread_seconds,
    )
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        proxy_headers=False,  # see _front: media answers do not ask who is asking
        server_header=False,
        http=bounded(limits),
        ws="none",
    )
    server = _Server(config)

    async def stop_server() -> None:
        await stop.wait()
        server.should_exit = True

    stopper = asyncio.create_task(stop_server())
    host, port = listener.getsockname()[:2]
    log.info("http.ready", url=f"http://{host}:{port}")
    try:
        await server.serve(sockets=[listener])
    finally:
        stopper.cancel()


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket: a taken port is a clear error before anything has started. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"网站端口 {host}:{port} 打不开（{error.strerror}）。"
                "请停掉占用它的程序，或用 --http-port 换一个端口。"
            ) from error
        yield listener


@asynccontextmanager
async def _worker_child(settings: Settings) -> AsyncIterator[None]:
    """A child process for background jobs, started again when it dies; it ends with us, even if we are killed."""
    keeper = asyncio.create_task(_keep_worker(settings), name="worker.keeper")
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])


async def _keep_worker(settings: Settings) -> None:
    command = [sys.executable, "-m", "portal.cli", "worker", "--until-stdin-closes"]
    command += ["--data-dir", str(settings.data_dir)]
    while True:
        # A session of its own: Ctrl-C at the terminal is for us, and the worker ends when we let it go.
        try:
            child = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, start_new_session=True
            )
        except OSError as error:  # no memory, no files: the live goes on, and it is tried again
            log.error("worker.not_started", error=str(error))
            await asyncio.sleep(WORKER_RESTART_SECONDS)
            continue
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await _stop_worker(child)
            raise
        log.error("worker.died", exit_code=code)
        await asyncio.sleep(WORKER_RESTART_SECONDS)


async def _stop_worker(child: asyncio.subprocess.Process) -> None:
    assert child.stdin is not None
    child.stdin.close()
    try:
        async with asyncio.timeout(WORKER_PATIENCE_SECONDS):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()


def _allow_many_files() -> int:
    """Every viewer is a connection or two: raise the soft limit of open files to the hard one, and give it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else MOST_FILES


def _most_connections(settings: Settings, files: int) -> int:
    """How many viewers' connections leave enough files for encoders, journals and the database."""
    ours = min(settings.rtmp_max_connections + FILES_FOR_THE_HOUSE, files // 2)
    log.info("serve.file_limit", files=files, viewers=(files - ours) // FILES_PER_VIEWER)
    return files - ours
