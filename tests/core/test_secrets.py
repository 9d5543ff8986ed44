import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.secrets import FILE_NAME, load_app_secrets
from core.settings import SettingsError, load_settings


def test_the_first_start_makes_a_secret_only_its_owner_can_read(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data")
    secrets = load_app_secrets(settings)
    file = tmp_path / "data" / FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(secrets.current) >= 32
    assert secrets.accepted == (secrets.current,)
    assert load_app_secrets(settings) == secrets
    assert [path.name for path in file.parent.iterdir()] == [FILE_NAME]


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load_app_secrets(settings).current, range(32)))
    assert len(set(made)) == 1


def test_a_given_secret_counts_and_the_previous_one_is_accepted_too(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, app_secret="n" * 32, previous_app_secret="o" * 32)
    secrets = load_app_secrets(settings)
    assert secrets.accepted == (b"n" * 32, b"o" * 32)
    assert not (tmp_path / FILE_NAME).exists()


def test_a_secret_is_not_shown_by_repr(tmp_path: Path) -> None:
    secrets = load_app_secrets(load_settings(data_dir=tmp_path, app_secret="n" * 32))
    assert "nnn" not in repr(secrets)


def test_a_broken_secret_file_is_an_error_and_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("short")
    with pytest.raises(SettingsError, match="不完整"):
        load_app_secrets(load_settings(data_dir=tmp_path))
    assert (tmp_path / FILE_NAME).read_text() == "short"


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="读写不了密钥文件"):
        load_app_secrets(load_settings(data_dir=tmp_path / "file" / "data"))
