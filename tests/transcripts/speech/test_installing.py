"""Models brought by hand stand in the data folder whole or not at all; archives are not trusted."""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.settings import load_settings
from tests.support.model_hub import ModelHub
from tests.support.small_models import (
    FILES,
    LIMITS,
    NOW,
    assert_nothing_installed,
    data_dir,
    from_hub,
    from_path,
    hub,
    lay,
    settings_of,
)
from transcripts.speech.errors import BrokenModel, NoModel
from transcripts.speech.installing import Limits, install_from_path
from transcripts.speech.manifest import MANIFEST
from transcripts.speech.model_folder import find_model, installed_models, model_sha256
from transcripts.speech.registry import model_state
from transcripts.speech.verifying import verify

__all__ = ["data_dir", "hub"]


def packed(folder: Path, target: Path, top: str) -> Path:
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in folder.iterdir():
                archive.write(path, f"{top}{path.name}")
    else:
        with tarfile.open(target, "w:gz" if target.name.endswith("gz") else "w") as tar:
            for path in folder.iterdir():
                tar.add(path, f"{top}{path.name}")
    return target


@pytest.mark.parametrize("top", ["", "faster-whisper-small/"])
@pytest.mark.parametrize("name", ["m.tar", "m.tar.gz", "m.zip"])
def test_a_model_is_brought_in_an_archive(name: str, top: str, tmp_path: Path, data_dir: Path) -> None:
    archive = packed(lay(tmp_path / "m", notes_txt=b"mine"), tmp_path / name, top)
    model = from_path(archive, data_dir)
    assert {path.name for path in model.path.iterdir()} == {*FILES, MANIFEST}
    assert verify(model) == []
    assert model_state(settings_of(data_dir)).is_ready


def test_a_model_is_brought_in_a_folder_of_links_as_a_hubs_cache_is(tmp_path: Path, data_dir: Path) -> None:
    blobs = lay(tmp_path / "blobs")
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    for name in FILES:
        (snapshot / name).symlink_to(blobs / name)
    assert verify(from_path(snapshot, data_dir)) == []


def test_a_sherpa_model_is_known_by_its_files(tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "sense"
    folder.mkdir()
    (folder / "model.int8.onnx").write_bytes(b"onnx")
    (folder / "tokens.txt").write_text("<|zh|> 0\n")
    model = from_path(folder, data_dir, "sense-voice")
    assert find_model(settings_of(data_dir), "sherpa") == model
    with pytest.raises(NoModel):
        find_model(settings_of(data_dir), "whisper")


def test_what_was_installed_elsewhere_is_held_against_its_checksums(
    hub: tuple[ModelHub, str], tmp_path: Path, data_dir: Path
) -> None:
    elsewhere = from_hub(hub[1], tmp_path / "elsewhere").path
    good = packed(elsewhere, tmp_path / "good.tar", "small/")
    (elsewhere / "model.bin").write_bytes(b"flipped".ljust(len(FILES["model.bin"]), b"\0"))
    bad = packed(elsewhere, tmp_path / "bad.tar", "small/")
    with pytest.raises(BrokenModel, match=r"model\.bin"):
        from_path(bad, data_dir)
    assert_nothing_installed(data_dir)
    assert verify(from_path(good, data_dir)) == []


def tar_of(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(bytes(member.size)))
    return path


def member(name: str, *, size: int = 3, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = 0 if kind != tarfile.REGTYPE else size
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([member("../../model.bin")], "不安全的路径"),
        ([member("/etc/model.bin")], "不安全的路径"),
        ([member("m/..\\..\\model.bin")], "不安全的路径"),
        ([member("model.bin", kind=tarfile.SYMTYPE, link="/etc/shadow")], "链接"),
        ([member("model.bin", kind=tarfile.LNKTYPE, link="/etc/shadow")], "链接"),
        ([member("model.bin", kind=tarfile.CHRTYPE)], "链接或设备"),
        ([member("model.bin", kind=tarfile.FIFOTYPE)], "链接或设备"),
        ([member("model.bin", size=11 << 20)], "WEIKETANG_SPEECH_MODEL_MIB"),
        ([member("readme.txt")], "没有语音模型"),
        ([member("model.bin"), member("config.json")], "缺少文件"),
    ],
)
def test_a_hostile_or_wrong_archive_is_refused(
    members: list[tarfile.TarInfo], said: str, tmp_path: Path, data_dir: Path
) -> None:
    archive = tar_of(tmp_path / "m.tar", *members)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((Invalid, BrokenModel), match=said):
        from_path(archive, data_dir)
    assert_nothing_installed(data_dir)
    assert [path for path in sorted(tmp_path.rglob("*")) if data_dir not in (path, *path.parents)] == before


def test_a_zip_with_a_link_or_a_lie_is_refused(tmp_path: Path, data_dir: Path) -> None:
    link = tmp_path / "link.zip"
    with zipfile.ZipFile(link, "w") as archive:
        info = zipfile.ZipInfo("model.bin")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/shadow")
    with pytest.raises(Invalid, match="链接"):
        from_path(link, data_dir)
    bomb = packed(lay(tmp_path / "m"), tmp_path / "bomb.zip", "")
    with pytest.raises(Invalid, match="没有安装"):
        from_path(bomb, data_dir, limits=Limits(100_000))
    assert_nothing_installed(data_dir)


@pytest.mark.parametrize("name", ["m.tar.gz", "m.zip"])
def test_half_an_archive_is_refused(name: str, tmp_path: Path, data_dir: Path) -> None:
    archive = packed(lay(tmp_path / "m"), tmp_path / name, "")
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(Invalid, match="不完整"):
        from_path(archive, data_dir)
    assert_nothing_installed(data_dir)


def test_what_is_no_archive_and_what_is_not_there_are_told(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"hello")
    with pytest.raises(Invalid, match="不是"):
        from_path(tmp_path / "a.zip", data_dir)
    with pytest.raises(NotFound):
        from_path(tmp_path / "nothing.tar", data_dir)
    with pytest.raises(Invalid, match="没有语音模型"):
        from_path(tmp_path, data_dir)


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", "x.partial", ".hidden", "a" * 65])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path, data_dir: Path) -> None:
    with pytest.raises(Invalid, match="名字"):
        from_path(lay(tmp_path / "m"), data_dir, name)


def test_a_failed_replacement_leaves_the_old_model_and_a_good_one_replaces_it(
    tmp_path: Path, data_dir: Path
) -> None:
    old = from_path(lay(tmp_path / "old"), data_dir)
    sha = model_sha256(old)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    (tmp_path / "new" / "tokenizer.json").unlink()
    with pytest.raises(BrokenModel):
        from_path(tmp_path / "new", data_dir)
    assert model_sha256(find_model(settings_of(data_dir), "whisper")) == sha
    (tmp_path / "new" / "tokenizer.json").write_bytes(b"another")
    new = from_path(tmp_path / "new", data_dir)
    assert model_sha256(new) != sha
    assert installed_models(data_dir) == [new]


def test_the_model_installed_last_is_used(tmp_path: Path, data_dir: Path) -> None:
    from_path(lay(tmp_path / "a"), data_dir, "b-first")
    second = from_path(tmp_path / "a", data_dir, "a-second")
    assert find_model(settings_of(data_dir), "whisper") == second


def test_two_installations_at_once_do_not_mix(tmp_path: Path, data_dir: Path) -> None:
    source = lay(tmp_path / "m")

    def again(name: str, done: int, total: int) -> None:
        with pytest.raises(Conflict, match="另一个安装"):
            from_path(source, data_dir, "other")

    install_from_path(source, "small", data_dir, LIMITS, now=NOW, progress=again)
    assert [each.name for each in installed_models(data_dir)] == ["small"]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(b""), "大小不对"),
        (lambda path: path.unlink(), "不见了"),
        (lambda path: path.write_bytes(b"x" * path.stat().st_size), "SHA-256"),
        (lambda path: (path.parent / "more.bin").write_bytes(b"x"), "多出来"),
        (lambda path: (path.parent / MANIFEST).write_text("{"), "读不出来"),
        (lambda path: (path.parent / MANIFEST).unlink(), "没有校验清单"),
        (
            lambda path: (path.parent / MANIFEST).write_text(
                (path.parent / MANIFEST).read_text().replace("config.json", "../config.json")
            ),
            "读不出来",
        ),
    ],
)
def test_verify_finds_what_has_changed(harm: Any, said: str, tmp_path: Path, data_dir: Path) -> None:
    model = from_path(lay(tmp_path / "m"), data_dir)
    harm(model.path / "model.bin")
    assert any(said in finding for finding in verify(model))


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_file_cut_short_is_seen_without_reading_it(name: str, tmp_path: Path, data_dir: Path) -> None:
    model = from_path(lay(tmp_path / "m"), data_dir)
    (model.path / name).write_bytes(FILES[name][:-1])
    state = model_state(settings_of(data_dir))
    assert not state.is_ready
    assert name in state.message
    assert "weiketang models verify" in state.message


def test_a_folder_in_the_setting_is_used_and_a_wrong_one_is_told(tmp_path: Path, data_dir: Path) -> None:
    folder = lay(tmp_path / "own")
    assert model_state(load_settings(data_dir=data_dir, speech_model_dir=folder)).is_ready
    state = model_state(load_settings(data_dir=data_dir, speech_model_dir=tmp_path / "nothing"))
    assert (state.is_ready, "WEIKETANG_SPEECH_MODEL_DIR" in state.message) == (False, True)
    half = lay(tmp_path / "half.partial")
    assert "没有装完" in model_state(load_settings(data_dir=data_dir, speech_model_dir=half)).message
