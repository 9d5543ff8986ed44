import pytest

from core.settings import Settings, markdown, variable
from tests.support.command_line import CommandLine, command

__all__ = ["command"]


def test_settings_are_listed_with_what_they_are_now_but_secrets_are_not_shown(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIKETANG_HTTP_PORT", "8123")
    monkeypatch.setenv("WEIKETANG_APP_SECRET", "hunter2" * 6)
    monkeypatch.setenv("WEIKETANG_DATABASE_URL", "postgres://me:hunter2@db/weiketang")
    out = command("settings").out
    rows = {line.split()[0]: line for line in out.splitlines()[1:]}
    assert set(rows) == {variable(name) for name in Settings.model_fields}
    assert "8123" in rows["WEIKETANG_HTTP_PORT"]
    assert str(command.data_dir) in rows["WEIKETANG_DATA_DIR"]
    assert "hunter2" not in out


def test_the_page_of_settings_can_be_written_from_the_command_line(command: CommandLine) -> None:
    assert command("settings", "--markdown").out == markdown()
