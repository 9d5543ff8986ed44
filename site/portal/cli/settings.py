"""`weiketang settings`: every setting and what it is now."""

import argparse
from pathlib import Path

from portal.cli.parser import Group, add_command


def add_commands(commands: Group) -> None:
    parser = add_command(
        commands, "settings", show_settings, help="列出全部设置和现在的值", example="weiketang settings"
    )
    parser.add_argument("--markdown", action="store_true", help="输出设置说明（docs/settings.md 的内容）")


def show_settings(arguments: argparse.Namespace) -> None:
    from core.settings import Settings, is_secret, load_settings, markdown, variable
    from portal.cli.console import say, say_table

    if arguments.markdown:
        say(markdown().rstrip("\n"))
        return
    settings = load_settings(data_dir=arguments.data_dir)
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "" if value is None else str(value) if isinstance(value, Path) else f"{value}"
        if is_secret(field) and name in settings.model_fields_set:
            shown = "（已设，不显示）"
        rows.append((variable(name), shown, field.description or ""))
    say_table(("设置", "现在的值", "说明"), rows)
