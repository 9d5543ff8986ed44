"""Small models that a test lays out, and ways to install them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings, load_settings
from tests.support.model_hub import ModelHub, running_hub
from transcripts.speech.catalogue import WHISPER_FILES, KnownModel
from transcripts.speech.errors import NoModel
from transcripts.speech.hub import Hub
from transcripts.speech.installing import Limits, install_from_hub, install_from_path
from transcripts.speech.model_folder import ModelFolder, find_model, installed_models
from transcripts.speech.registry import model_state

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
KNOWN = KnownModel("small", "whisper", "maker/small", 1, "", WHISPER_FILES)
FILES = {
    "model.bin": bytes(range(256)) * 1000,
    "config.json": b"{}",
    "tokenizer.json": b'{"model":{}}' * 2000,
    "vocabulary.json": b'["a"]',
}
LIMITS = Limits(10 << 20)


def lay(folder: Path, **more: bytes) -> Path:
    folder.mkdir(parents=True)
    for name, data in (FILES | {name.replace("_", "."): data for name, data in more.items()}).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[ModelHub, str]]:
    lay(tmp_path / "hub" / "maker" / "small", flax_model=b"not wanted")
    with running_hub(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def from_hub(address: str, data_dir: Path, **how: Any) -> ModelFolder:
    with Hub(address, wait=0.0) as opened:
        return install_from_hub(
            KNOWN, opened, data_dir, how.pop("limits", LIMITS), now=NOW, progress=how.pop("progress", quiet)
        )


def from_path(path: Path, data_dir: Path, name: str = "small", **how: Any) -> ModelFolder:
    return install_from_path(path, name, data_dir, how.pop("limits", LIMITS), now=NOW, progress=quiet)


def quiet(name: str, done: int, total: int) -> None:
    pass


def settings_of(data_dir: Path) -> Settings:
    return load_settings(data_dir=data_dir)


def assert_nothing_installed(data_dir: Path) -> None:
    assert installed_models(data_dir) == []
    assert not model_state(settings_of(data_dir)).is_ready
    with pytest.raises(NoModel, match="weiketang models install"):
        find_model(settings_of(data_dir), "whisper")
