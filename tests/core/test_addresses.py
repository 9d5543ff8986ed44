from pathlib import Path

import pytest

from core.addresses import FILE_NAME, remember_addresses, with_remembered_addresses
from core.settings import load_settings


def test_a_command_learns_the_addresses_the_server_was_started_with(tmp_path: Path) -> None:
    remember_addresses(tmp_path / "data", public_url="http://127.0.0.1:9000")
    remember_addresses(tmp_path / "data", public_rtmp_url="rtmp://127.0.0.1:2000/live")
    settings = with_remembered_addresses(load_settings(data_dir=tmp_path / "data"))
    assert settings.public_url == "http://127.0.0.1:9000"
    assert settings.public_rtmp_url == "rtmp://127.0.0.1:2000/live"


@pytest.mark.parametrize(("name", "value"), [("HTTP_PORT", "8001"), ("PUBLIC_URL", "http://127.0.0.1:8001")])
def test_the_environment_counts_before_what_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    remember_addresses(
        tmp_path, public_url="http://127.0.0.1:9000", public_rtmp_url="rtmp://127.0.0.1:2000/live"
    )
    monkeypatch.setenv(f"WEIKETANG_{name}", value)
    settings = with_remembered_addresses(load_settings(data_dir=tmp_path))
    assert settings.public_url == "http://127.0.0.1:8001"
    assert settings.public_rtmp_url == "rtmp://127.0.0.1:2000/live"


@pytest.mark.parametrize("content", [None, "", "[]", "{broken"])
def test_nothing_remembered_means_the_defaults(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_text(content)
    settings = load_settings(data_dir=tmp_path)
    assert with_remembered_addresses(settings) == settings
