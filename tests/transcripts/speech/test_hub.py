"""Models come from a hub or mirror, over lines that break."""

import errno
from pathlib import Path

import pytest

from core.errors import Invalid
from tests.support.model_hub import ModelHub
from tests.support.small_models import (
    FILES,
    LIMITS,
    NOW,
    assert_nothing_installed,
    data_dir,
    from_hub,
    hub,
    lay,
    settings_of,
)
from transcripts.speech import installing
from transcripts.speech.errors import HubFailed, NoRoom
from transcripts.speech.hub import Hub
from transcripts.speech.installing import Limits, install_from_path
from transcripts.speech.manifest import MANIFEST, read_manifest
from transcripts.speech.model_folder import model_sha256
from transcripts.speech.registry import model_state
from transcripts.speech.verifying import verify

__all__ = ["data_dir", "hub"]


def test_a_model_comes_from_a_mirror_with_its_checksums(hub: tuple[ModelHub, str], data_dir: Path) -> None:
    told: list[tuple[str, int, int]] = []
    model = from_hub(hub[1], data_dir, progress=lambda *each: told.append(each))
    assert {path.name for path in model.path.iterdir()} == {*FILES, MANIFEST}
    assert all((model.path / name).read_bytes() == data for name, data in FILES.items())
    manifest = read_manifest(model.path)
    assert manifest is not None
    assert (manifest.engine, manifest.source) == ("whisper", f"maker/small@{hub[0].commit}")
    assert ("model.bin", 256_000, 256_000) in told
    assert verify(model) == []
    state = model_state(settings_of(data_dir))
    assert (state.is_ready, state.model, state.message) == (True, "small", "")
    assert len(model_sha256(model)) == 64


def test_an_interrupted_download_counts_for_nothing_and_goes_on_where_it_was(
    hub: tuple[ModelHub, str], data_dir: Path
) -> None:
    hub[0].broken[f"/maker/small/resolve/{hub[0].commit}/vocabulary.json"] = (503, b"")
    hub[0].cut_after = 100_000
    with pytest.raises(HubFailed, match="503"):
        from_hub(hub[1], data_dir)
    assert_nothing_installed(data_dir)
    model_bin = f"/maker/small/resolve/{hub[0].commit}/model.bin"
    ranges = [asked for path, asked in hub[0].asked if path == model_bin]
    assert ranges == ["", "bytes=100000-", "bytes=200000-"]
    hub[0].broken.clear()
    hub[0].asked.clear()
    assert verify(from_hub(hub[1], data_dir)) == []
    assert model_bin not in [path for path, _ in hub[0].asked]


def test_a_process_that_is_killed_leaves_what_it_had_to_go_on_with(
    hub: tuple[ModelHub, str], data_dir: Path
) -> None:
    def killed(name: str, done: int, total: int) -> None:
        if name == "model.bin" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        from_hub(hub[1], data_dir, progress=killed)
    assert_nothing_installed(data_dir)
    hub[0].asked.clear()
    from_hub(hub[1], data_dir)
    ranges = [asked for path, asked in hub[0].asked if path.endswith("/model.bin")]
    assert len(ranges) == 1
    assert int(ranges[0].removeprefix("bytes=").removesuffix("-")) > 0


def test_what_was_left_of_another_version_is_thrown_away(hub: tuple[ModelHub, str], data_dir: Path) -> None:
    hub[0].broken[f"/maker/small/resolve/{hub[0].commit}/vocabulary.json"] = (503, b"")
    with pytest.raises(HubFailed):
        from_hub(hub[1], data_dir)
    hub[0].broken.clear()
    hub[0].commit = "d" * 40
    (hub[0].folder / "maker" / "small" / "model.bin").write_bytes(b"newer" * 9000)
    model = from_hub(hub[1], data_dir)
    assert (model.path / "model.bin").read_bytes() == b"newer" * 9000


def test_a_mirror_without_ranges_is_begun_anew(hub: tuple[ModelHub, str], data_dir: Path) -> None:
    half = data_dir / "models" / "small.partial"
    half.mkdir(parents=True)
    (half / ".commit").write_text(hub[0].commit)
    (half / ".model.bin.half").write_bytes(FILES["model.bin"][:5000])
    hub[0].knows_ranges = False
    assert verify(from_hub(hub[1], data_dir)) == []


@pytest.mark.parametrize("name", ["model.bin", "vocabulary.json"])
def test_a_file_that_is_not_what_was_listed_is_refused_and_fetched_anew(
    name: str, hub: tuple[ModelHub, str], data_dir: Path
) -> None:
    hub[0].lie[name] = bytes(len(FILES[name]))
    with pytest.raises(HubFailed, match="校验值不符"):
        from_hub(hub[1], data_dir)
    assert_nothing_installed(data_dir)
    hub[0].lie.clear()
    assert verify(from_hub(hub[1], data_dir)) == []


def test_more_than_was_listed_is_refused(hub: tuple[ModelHub, str], data_dir: Path) -> None:
    hub[0].lie["config.json"] = b"x" * 5000
    with pytest.raises(HubFailed, match="比模型站说的大"):
        from_hub(hub[1], data_dir)
    assert_nothing_installed(data_dir)


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/api/models/maker/small/revision/main", (404, b""), "没有 maker/small"),
        ("/api/models/maker/small/revision/main", (200, b"<html>portal</html>"), "HF_ENDPOINT"),
        ("/api/models/maker/small/revision/main", (200, b'{"sha":"a","siblings":7}'), "HF_ENDPOINT"),
        ("/api/models/maker/small/revision/main", (200, b'{"sha":"../x","siblings":[]}'), "HF_ENDPOINT"),
        ("/api/models/maker/small/revision/main", (200, b'{"sha":"aa","siblings":[]}'), "没有语音模型的文件"),
        ("/api/models/maker/small/revision/main", (500, b""), "过一会儿再试"),
    ],
)
def test_a_mirror_that_is_none_says_what_to_look_at(
    path: str, answer: tuple[int, bytes], said: str, hub: tuple[ModelHub, str], data_dir: Path
) -> None:
    hub[0].broken[path] = answer
    with pytest.raises(HubFailed, match=said):
        from_hub(hub[1], data_dir)
    assert_nothing_installed(data_dir)


def test_nobody_there_names_the_ways_out(data_dir: Path) -> None:
    with pytest.raises(HubFailed, match="--from"):
        from_hub("http://127.0.0.1:9", data_dir)
    with pytest.raises(HubFailed, match="https://"):
        Hub("mirror.example")


def test_a_full_disk_is_told_before_and_while_it_fills(
    hub: tuple[ModelHub, str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "SPARE_BYTES", 1 << 60)
    with pytest.raises(NoRoom, match="磁盘空间不够"):
        from_hub(hub[1], data_dir)
    monkeypatch.undo()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoom, match="磁盘满了"):
        from_hub(hub[1], data_dir, progress=full)
    with pytest.raises(NoRoom, match="磁盘满了"):
        install_from_path(lay(data_dir / "by hand"), "small", data_dir, LIMITS, now=NOW, progress=full)
    assert_nothing_installed(data_dir)


def test_a_model_larger_than_the_setting_is_refused(hub: tuple[ModelHub, str], data_dir: Path) -> None:
    with pytest.raises(Invalid, match="WEIKETANG_SPEECH_MODEL_MIB"):
        from_hub(hub[1], data_dir, limits=Limits(1000))
    assert_nothing_installed(data_dir)
