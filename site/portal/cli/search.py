"""`weiketang search …`: the index of what can be searched."""

import argparse

from portal.cli.parser import Group, add_command, add_group, add_json


def add_commands(commands: Group) -> None:
    group = add_group(commands, "search", help="站内搜索的索引", example="weiketang search rebuild")
    rebuild = add_command(
        group,
        "rebuild",
        rebuild_index,
        help="从头重建搜索索引；平时会自动更新，只有搜索结果不对时才要用",
        example="weiketang search rebuild",
    )
    add_json(rebuild)


def rebuild_index(arguments: argparse.Namespace) -> None:
    import time

    from portal.cli.console import opened, run, say, say_json, tell
    from transcripts.search.indexing import index_size, rebuild

    async def command() -> None:
        began = time.monotonic()
        total = told = 0
        async with opened(arguments):
            async for done, total in rebuild():
                if total and done * 10 // total > told:
                    told = done * 10 // total
                    tell(f"已重建 {done} / {total} 条")
            size = await index_size()
        seconds = round(time.monotonic() - began, 1)
        if arguments.json:
            say_json({"documents": total, "bytes": size, "seconds": seconds})
        else:
            say(f"搜索索引已重建：{total} 条，{size / 1_048_576:.1f} MiB，用时 {seconds} 秒。")

    run(command())
