"""`weiketang serve` and its parts apart: `web`, `media`, `worker`."""

import argparse
from collections.abc import Set

from portal.cli.parser import Group, add_command


def add_commands(commands: Group) -> None:
    everything = add_command(
        commands,
        "serve",
        serve,
        help="启动全部：网站、推流和后台任务",
        example="weiketang serve --http-port 8000",
    )
    add_http_port(everything)
    add_rtmp_port(everything)
    web = add_command(
        commands, "web", serve_web, help="只启动网站（与 media、worker 分开部署时）", example="weiketang web"
    )
    add_http_port(web)
    media = add_command(
        commands, "media", serve_media, help="只启动推流和播放（分开部署时）", example="weiketang media"
    )
    add_http_port(media)
    add_rtmp_port(media)
    worker = add_command(
        commands, "worker", work, help="只启动后台任务（分开部署时）", example="weiketang worker"
    )
    worker.add_argument(
        "--until-stdin-closes", action="store_true", help="标准输入关闭时退出（由 serve 启动时使用）"
    )


def add_http_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--http-port", type=int, metavar="端口", help="网站端口（默认 8000）")


def add_rtmp_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rtmp-port", type=int, metavar="端口", help="推流端口（默认 1935）")


def serve(arguments: argparse.Namespace) -> None:
    start_parts(arguments, {"web", "media", "worker"})


def serve_web(arguments: argparse.Namespace) -> None:
    start_parts(arguments, {"web"})


def serve_media(arguments: argparse.Namespace) -> None:
    start_parts(arguments, {"media"})


def start_parts(arguments: argparse.Namespace, parts: Set[str]) -> None:
    import uvloop

    from core.addresses import remember_addresses
    from core.logs import configure_logs
    from core.settings import load_settings
    from portal.serve import serve

    settings = load_settings(
        data_dir=arguments.data_dir,
        http_port=arguments.http_port,
        rtmp_port=getattr(arguments, "rtmp_port", None),
    )
    configure_logs(settings.log_format, settings.log_level)
    if "web" in parts:
        remember_addresses(settings.data_dir, public_url=settings.public_url)
    if "media" in parts:
        remember_addresses(settings.data_dir, public_rtmp_url=settings.public_rtmp_url)
    uvloop.run(serve(settings, set(parts)))


def work(arguments: argparse.Namespace) -> None:
    import asyncio

    from core.logs import configure_logs
    from core.settings import load_settings
    from core.stopping import set_on_signals, set_when_stdin_closes
    from core.worker import run_worker

    settings = load_settings(data_dir=arguments.data_dir)
    configure_logs(settings.log_format, settings.log_level)

    async def command() -> None:
        stop = asyncio.Event()
        with set_on_signals(stop):
            if arguments.until_stdin_closes:
                set_when_stdin_closes(stop)
            await run_worker(settings, stop)

    asyncio.run(command())
