import stat
from pathlib import Path

import pytest

from core.settings import Settings, SettingsError, is_secret, load_settings, markdown, takes, variable


def test_defaults_serve_one_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite://{tmp_path}/var/weiketang.sqlite3"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.public_rtmp_url == "rtmp://127.0.0.1:1935/live"


def test_addresses_follow_the_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIKETANG_HTTP_PORT", "8080")
    settings = load_settings(rtmp_port=2935)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.public_rtmp_url == "rtmp://127.0.0.1:2935/live"


def test_the_command_line_counts_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIKETANG_HTTP_PORT", "8080")
    assert load_settings(http_port=9090).http_port == 9090
    assert load_settings(http_port=None).http_port == 8080


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIKETANG_HTTP_PORT", "")
    monkeypatch.setenv("WEIKETANG_STORE_URL", "")
    assert load_settings().http_port == 8000
    assert load_settings().store_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PORT", "abc"),
        ("HTTP_PORT", "65536"),
        ("RTMP_PORT", "-1"),
        ("PART_TARGET_MS", "5000"),
        ("LADDER", "4k"),
        ("LADDER", "720p,"),
        ("WORKER", "perhaps"),
        ("LOG_FORMAT", "xml"),
        ("PUBLIC_URL", "example.org"),
        ("PUBLIC_RTMP_URL", "rtmp://example.org"),
        ("STORE_URL", "ftp://example.org"),
        ("LEASE_SECONDS", "1"),
        ("DATABASE_URL", "mysql://example.org/x"),
    ],
)
def test_a_bad_value_is_one_line_that_names_variable_value_and_what_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"WEIKETANG_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    field = Settings.model_fields[name.lower()]
    assert f"WEIKETANG_{name}" in caught.value.message
    assert takes(field) in caught.value.message
    assert (value in caught.value.message) is not is_secret(field)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("name", ["WEIKETANG_HTTP_PROT", "WEIKETANG_HTTP_PORT_FILE", "WEIKETANG_"])
def test_an_unknown_variable_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=f"{name}：没有这个设置"):
        load_settings()


def test_a_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n")
    monkeypatch.setenv("WEIKETANG_APP_SECRET_FILE", str(file))
    assert load_settings().app_secret == "s" * 40


def test_a_secret_file_that_cannot_be_read_fails_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEIKETANG_APP_SECRET_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=r"WEIKETANG_APP_SECRET_FILE：读不了文件 .*missing"):
        load_settings()
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("WEIKETANG_APP_SECRET_FILE", str(binary))
    with pytest.raises(SettingsError, match="WEIKETANG_APP_SECRET_FILE"):
        load_settings()


def test_a_secret_and_its_file_exclude_each_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WEIKETANG_APP_SECRET", "s" * 40)
    monkeypatch.setenv("WEIKETANG_APP_SECRET_FILE", str(tmp_path / "x"))
    with pytest.raises(SettingsError, match="只能设一个"):
        load_settings()


def test_a_short_secret_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIKETANG_APP_SECRET", "hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in caught.value.message


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1


def test_the_page_of_settings_names_every_setting_once() -> None:
    page = markdown()
    for name, field in Settings.model_fields.items():
        assert page.count(f"`{variable(name)}`") == 1
        assert (f"`{variable(name)}_FILE`" in page) is is_secret(field)
        assert field.description
        assert field.description in page


def test_a_folder_with_odd_letters_still_gives_a_database(tmp_path: Path) -> None:
    from core.database import sqlite_path

    folder = tmp_path / "数据 #1?100%"
    settings = load_settings(data_dir=folder)
    assert sqlite_path(settings.database_url) == str(folder / "weiketang.sqlite3")


def test_reading_a_secret_file_leaves_it_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 40)
    file.chmod(0o400)
    monkeypatch.setenv("WEIKETANG_APP_SECRET_FILE", str(file))
    load_settings()
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
