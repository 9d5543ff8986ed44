"""`weiketang demo`: puts the sample lecture on the air of a running server."""

import argparse

from portal.cli.parser import Group, add_command


def add_commands(commands: Group) -> None:
    parser = add_command(
        commands, "demo", demo, help="推一堂三分钟的示例课到正在运行的服务", example="weiketang demo --loop"
    )
    parser.add_argument("--loop", action="store_true", help="反复播放，最多两小时，按 Ctrl-C 结束")


def demo(arguments: argparse.Namespace) -> None:
    import asyncio
    from contextlib import suppress

    from core.jobs import make_context
    from core.secrets import load_app_secrets
    from core.stopping import set_on_signals
    from portal.cli.console import opened, run, say, tell
    from portal.demo import show
    from streaming.addresses import public_addresses

    passes = show.LONG_PASSES if arguments.loop else show.SHORT_PASSES

    async def command() -> None:
        async with opened(arguments) as settings:
            secrets = await asyncio.to_thread(load_app_secrets, settings)
            context = make_context(settings)
            stage = show.Stage(settings, secrets, context.clock, context.events, settings.public_rtmp_url)
            await show.check_listening(stage.rtmp_url)
            stop = asyncio.Event()
            try:
                with set_on_signals(stop):
                    broadcast = await show.new_lecture(stage, passes)
                    addresses = public_addresses(settings, broadcast.number)
                    tell(f"正在推流 {broadcast.number}，观看：{addresses.watch_url}（Ctrl-C 结束）")
                    pushing = asyncio.create_task(show.put_on_air(stage, broadcast, passes))
                    stopping = asyncio.create_task(stop.wait())
                    await asyncio.wait((pushing, stopping), return_when=asyncio.FIRST_COMPLETED)
                    stopping.cancel()
                    if stop.is_set():
                        pushing.cancel()
                    with suppress(asyncio.CancelledError):
                        await pushing
            finally:
                await context.queue.aclose()
        say(f"{broadcast.number} 已结束，可以回看：{addresses.watch_url}")

    run(command())
